import Foundation

/// Hands out cells to workers in order, as far as memory allows.
///
/// A cell that would exceed the budget together with those running waits; later ones that fit go
/// ahead of it. A cell too large for the budget by itself runs when no other does.
///
/// `@unchecked Sendable`: every property is read and written under the condition's lock only.
final class CellQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private let jobs: [CellJob]
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
  init(_ jobs: [CellJob], budget: Int?) {
    self.jobs = jobs
    self.budget = budget
    waiting = Array(jobs.indices)
  }

  /// Waits for a cell that may start, and counts it as running.
  ///
  /// - Returns: Its place in the jobs, or nil if there is nothing left to start.
  func next() -> Int? {
    condition.withLock {
      while true {
        if isStopped || waiting.isEmpty { return nil }
        if let place = waiting.firstIndex(where: fits) {
          let index = waiting.remove(at: place)
          running += 1
          runningBytes += jobs[index].predictedBytes
          return index
        }
        condition.wait()
      }
    }
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
