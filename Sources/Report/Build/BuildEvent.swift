package import Experiments

/// What a build tells whoever watches it.
package enum BuildEvent: Sendable {
  /// What will be done: cells in the plan, those known, those to run, and workers.
  case planned(cells: Int, cached: Int, running: Int, workers: Int, predictedSeconds: Double?)
  case execution(ExecutionEvent, method: String)
  /// A result could not be stored; it is used for this page and lost afterwards.
  case notStored(String)
  case rendered(path: String)
}
