import Foundation

/// Hands out cells to workers in order, as far as memory allows and the results they read are there.
///
/// A cell that would exceed the budget together with those running waits; later ones that fit go
/// ahead of it. A cell too large for the budget by itself runs when no other does.
///
/// `@unchecked Sendable`: every property is read and written under the condition's lock only.
final class CellQueue: @unchecked Sendable {
  /// What a worker does next.
  enum Step: Hashable, Sendable {
    /// It runs the job at this place with the results that its cell reads.
    case run(Int, inputs: [CellResult])
    /// It reports that the job at this place cannot run, for an input of it has failed.
    case fail(Int, CellResult)
  }

  private let condition = NSCondition()
  private let jobs: [CellJob]
  private let inputs: CellInputs
  private let budget: Int?
  private var waiting: [Int]
  private var running = 0
  private var runningBytes = 0
  private var results: [Int: CellResult] = [:]
  private var isStopped = false
  private var failure: ExecutorError?

  /// Fills the queue.
  ///
  /// - Parameters:
  ///   - jobs: The cells in the order in which they should start.
  ///   - budget: Bytes that the running cells may need together; nil means any number.
  /// - Throws: ``ExecutorError`` if cells wait for results that nothing makes.
  init(_ jobs: [CellJob], budget: Int?) throws(ExecutorError) {
    self.jobs = jobs
    self.budget = budget
    inputs = try CellInputs(jobs)
    waiting = Array(jobs.indices)
  }

  /// Waits for a cell that may start, and counts it as running.
  ///
  /// - Parameter release: Called once if there is a wait: gives back memory held meanwhile.
  /// - Returns: What to do with it, or nil if there is nothing left to start.
  func next(beforeWaiting release: () -> Void = {}) -> Step? {
    if condition.withLock({ !isStopped && !waiting.isEmpty && startable == nil }) { release() }
    return condition.withLock {
      while true {
        if isStopped || waiting.isEmpty { return nil }
        if let (place, step) = startable {
          let index = waiting.remove(at: place)
          running += 1
          runningBytes += jobs[index].predictedBytes
          return step
        }
        condition.wait()
      }
    }
  }

  /// The first cell that may start, by its place among those waiting.
  private var startable: (place: Int, Step)? {
    for (place, index) in waiting.enumerated() where fits(index) {
      if let step = inputs.step(for: index, results: results) { return (place, step) }
    }
    return nil
  }

  private func fits(_ index: Int) -> Bool {
    guard let budget, running > 0 else { return true }
    return runningBytes + jobs[index].predictedBytes <= budget
  }

  /// Counts a cell as no longer running; without a result it was interrupted.
  func finish(_ index: Int, with result: CellResult?) {
    condition.withLock {
      running -= 1
      runningBytes -= jobs[index].predictedBytes
      results[index] = result
      condition.broadcast()
    }
  }

  /// Hands out no more cells.
  func stop(because failure: ExecutorError? = nil) {
    condition.withLock {
      isStopped = true
      self.failure = self.failure ?? failure
      condition.broadcast()
    }
  }

  /// Whether no more cells are handed out and running ones should end.
  var hasStopped: Bool { condition.withLock { isStopped } }

  /// The results so far, in the order of the jobs, and why it was stopped early if it was.
  var outcome: (results: [CellResult], failure: ExecutorError?) {
    condition.withLock { (results.sorted { $0.key < $1.key }.map(\.value), failure) }
  }
}
