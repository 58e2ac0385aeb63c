import Testing

@testable import Experiments

@Suite("Cell queue")
struct CellQueueTests {
  private func queue(_ bytes: [Int], budget: Int?) -> CellQueue {
    CellQueue(
      bytes.enumerated().map { WorkerScript.job("c\($0)", bytes: $1) }, budget: budget)
  }

  private func result(_ index: Int) -> CellResult {
    CellResult(key: "c\(index)", status: .succeeded)
  }

  @Test("without a budget cells come in order")
  func order() {
    let queue = queue([5, 5, 5], budget: nil)
    #expect([queue.next(), queue.next(), queue.next(), queue.next()] == [0, 1, 2, nil])
  }

  @Test("a cell that does not fit lets later ones go ahead, and runs when there is room")
  func overtaking() {
    let queue = queue([60, 60, 40], budget: 100)
    #expect(queue.next() == 0)
    #expect(queue.next() == 2)
    queue.finish(0, with: result(0))
    #expect(queue.next() == 1)
    #expect(queue.next() == nil)
  }

  @Test("a cell larger than the budget runs alone")
  func tooLarge() {
    let queue = queue([500, 500], budget: 100)
    #expect(queue.next() == 0)
    queue.finish(0, with: nil)
    #expect(queue.next() == 1)
    queue.finish(1, with: result(1))
    #expect(queue.outcome.results == [result(1)])
  }

  @Test("a stopped queue hands out nothing and keeps the first reason")
  func stopping() {
    let queue = queue([1, 1], budget: nil)
    #expect(queue.next() == 0)
    queue.stop(because: .cannotStart(program: "a", reason: "x"))
    queue.stop(because: .cannotStart(program: "b", reason: "y"))
    #expect(queue.next() == nil)
    #expect(queue.outcome.failure == .cannotStart(program: "a", reason: "x"))
  }
}
