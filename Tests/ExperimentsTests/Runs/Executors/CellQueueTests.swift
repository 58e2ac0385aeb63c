import Testing

@testable import Experiments

@Suite("Cell queue")
struct CellQueueTests {
  private func queue(_ bytes: [Int], budget: Int?) throws -> CellQueue {
    try CellQueue(
      bytes.enumerated().map { WorkerScript.job("c\($0)", bytes: $1) }, budget: budget)
  }

  private func result(_ index: Int) -> CellResult {
    CellResult(key: "c\(index)", status: .succeeded)
  }

  @Test("without a budget cells come in order")
  func order() throws {
    let queue = try queue([5, 5, 5], budget: nil)
    #expect(
      [queue.nextPlace(), queue.nextPlace(), queue.nextPlace(), queue.nextPlace()] == [
        0, 1, 2, nil,
      ])
  }

  @Test("a cell that does not fit lets later ones go ahead, and runs when there is room")
  func overtaking() throws {
    let queue = try queue([60, 60, 40], budget: 100)
    #expect(queue.nextPlace() == 0)
    #expect(queue.nextPlace() == 2)
    queue.finish(0, with: result(0))
    #expect(queue.nextPlace() == 1)
    #expect(queue.nextPlace() == nil)
  }

  @Test("a cell larger than the budget runs alone")
  func tooLarge() throws {
    let queue = try queue([500, 500], budget: 100)
    #expect(queue.nextPlace() == 0)
    queue.finish(0, with: nil)
    #expect(queue.nextPlace() == 1)
    queue.finish(1, with: result(1))
    #expect(queue.outcome.results == [result(1)])
  }

  @Test("who must wait is reported once to give back memory, and who gets a cell at once is not")
  func release() throws {
    let queue = try queue([60, 60], budget: 100)
    var releases = 0
    #expect(queue.next { releases += 1 } == .run(0, inputs: []))
    #expect(releases == 0)
    let second = queue.next {
      releases += 1
      queue.finish(0, with: nil)
    }
    #expect(second == .run(1, inputs: []))
    #expect(releases == 1)
    #expect(queue.next { releases += 1 } == nil)
    #expect(releases == 1)
  }

  @Test("a stopped queue hands out nothing and keeps the first reason")
  func stopping() throws {
    let queue = try queue([1, 1], budget: nil)
    #expect(queue.nextPlace() == 0)
    queue.stop(because: .cannotStart(program: "a", reason: "x"))
    queue.stop(because: .cannotStart(program: "b", reason: "y"))
    #expect(queue.nextPlace() == nil)
    #expect(queue.outcome.failure == .cannotStart(program: "a", reason: "x"))
  }

  @Test("a cell waits for the results it reads and is given them in its own order")
  func inputs() throws {
    let jobs = [
      WorkerScript.job("d", inputs: ["c", "b"]), WorkerScript.job("c", inputs: ["a"]),
      WorkerScript.job("b", inputs: ["a", "old"], known: ["old", "other"]),
      WorkerScript.job("a"),
    ]
    func result(_ key: String) -> CellResult { CellResult(key: key, status: .succeeded) }
    let queue = try CellQueue(jobs, budget: nil)
    #expect(queue.next() == .run(3, inputs: []))
    queue.finish(3, with: result("a"))
    #expect(queue.next() == .run(1, inputs: [result("a")]))
    #expect(queue.next() == .run(2, inputs: [result("a"), result("old")]))
    queue.finish(2, with: result("b"))
    let diverged = CellResult(key: "c", status: .diverged(step: 2))
    queue.finish(1, with: diverged)
    #expect(queue.next() == .run(0, inputs: [diverged, result("b")]))
    #expect(queue.next() == nil)
  }

  @Test("what reads a failed result fails too, and says why; the rest runs")
  func failedInput() throws {
    let queue = try CellQueue(
      [
        WorkerScript.job("a"), WorkerScript.job("b", inputs: ["a"]),
        WorkerScript.job("c", inputs: ["b"]), WorkerScript.job("x"),
      ], budget: nil)
    #expect(queue.nextPlace() == 0)
    queue.finish(0, with: CellResult(key: "a", status: .failed(reason: "no memory")))
    let b = CellResult(
      key: "b", status: .failed(reason: "it reads the result of cell a, which failed: no memory"))
    #expect(queue.next() == .fail(1, b))
    queue.finish(1, with: b)
    guard case .fail(2, let c) = queue.next() else {
      Issue.record("the cell was not failed")
      return
    }
    #expect(StoredStatus(c.status) == .failed)
    queue.finish(2, with: c)
    #expect(queue.nextPlace() == 3)
  }

  @Test("results that nothing makes, and cells that wait for one another, are errors")
  func impossible() {
    func error(_ jobs: [CellJob]) -> ExecutorError? {
      do throws(ExecutorError) {
        _ = try CellQueue(jobs, budget: nil)
        return nil
      } catch { return error }
    }
    let unknown = error([WorkerScript.job("a"), WorkerScript.job("b", inputs: ["a", "c"])])
    #expect(unknown == .unknownInput(key: "c", of: "b"))
    #expect(
      unknown?.description == """
        error: cell b reads the result of cell c, which is neither stored nor to be run
          help: run the experiment of that cell too
        """)
    let cyclic = error([
      WorkerScript.job("a"), WorkerScript.job("b", inputs: ["a", "d"]),
      WorkerScript.job("c", inputs: ["b"]), WorkerScript.job("d", inputs: ["c"]),
    ])
    #expect(cyclic == .cyclicInputs(["b", "c", "d"]))
    #expect(
      cyclic?.description == """
        error: cells read one another's results in a circle: b, c, d
          help: this is a mistake in the program that planned them; please report it
        """)
    #expect(error([WorkerScript.job("a", inputs: ["a"])]) == .cyclicInputs(["a"]))
  }
}

extension CellQueue {
  /// The place of the next job that runs.
  fileprivate func nextPlace() -> Int? {
    if case .run(let place, _) = next() { place } else { nil }
  }
}
