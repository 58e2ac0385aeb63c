/// Runs cells somewhere: in local processes, or in jobs of a cluster.
///
/// An executor knows nothing of tasks, methods or the results database. It is given cells in the
/// order in which they should start, reports what happens as it happens, and returns what was
/// finished; a cell that cannot be run is finished too, as failed.
///
/// A cell that reads other cells' results starts when they are there, and fails if one of them does.
package protocol Executor: Sendable {
  /// Runs `jobs`, at most as many at once as fit.
  ///
  /// When the surrounding task is cancelled, running cells are stopped and have no result.
  ///
  /// - Parameters:
  ///   - jobs: The cells in the order in which they should start.
  ///   - report: Called for every event, one at a time, on some thread of the executor's. The next
  ///     cell is not fed to a worker before its `finished` has returned, so a result is safe once
  ///     the callback has stored it.
  /// - Returns: The results of the finished cells, in the order of `jobs`.
  /// - Throws: ``ExecutorError`` if no worker can be started at all, or cells wait for results that
  ///   nothing makes.
  func run(
    _ jobs: [CellJob], report: @escaping @Sendable (ExecutionEvent) -> Void
  ) async throws(ExecutorError) -> [CellResult]
}

/// A cell with what an executor must know to make room for it.
package struct CellJob: Hashable, Sendable {
  package var cell: Cell
  /// Peak memory of the cell, as predicted; 0 if nothing is known.
  var predictedBytes: Int
  /// Results of cells that this one reads, as far as they were there before the run.
  package var known: [CellResult]

  package init(_ cell: Cell, predictedBytes: Int = 0, known: [CellResult] = []) {
    self.cell = cell
    self.predictedBytes = predictedBytes
    self.known = known
  }
}

/// What happens to a cell while it is run.
///
/// Workers count from 0.
package enum ExecutionEvent: Hashable, Sendable {
  case started(Cell, worker: Int)
  /// `fraction` of the cell is done, in [0, 1]; `phase` names the current phase.
  case progress(Cell, worker: Int, fraction: Double, phase: String)
  /// The worker is gone for the reason given; the cell starts over in a fresh one.
  case retried(Cell, worker: Int, reason: String)
  case finished(Cell, worker: Int, CellResult)
}

/// Why nothing can be run.
package enum ExecutorError: Error, Hashable, Sendable {
  case cannotStart(program: String, reason: String)
  /// A cell reads the result of another that is neither known nor to be run.
  case unknownInput(key: String, of: String)
  /// Cells that wait for one another, by their keys.
  case cyclicInputs([String])
}

extension ExecutorError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotStart(let program, let reason):
      """
      error: no worker can be started from \(program): \(reason)
        help: check that the program is there and may be run
      """
    case .unknownInput(let key, let cell):
      """
      error: cell \(cell.prefix(8)) reads the result of cell \(key.prefix(8)), which is neither \
      stored nor to be run
        help: run the experiment of that cell too
      """
    case .cyclicInputs(let keys):
      """
      error: cells read one another's results in a circle: \
      \(keys.map { String($0.prefix(8)) }.joined(separator: ", "))
        help: this is a mistake in the program that planned them; please report it
      """
    }
  }
}
