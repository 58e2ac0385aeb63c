import Testing

@testable import Engine

@Suite("Long training")
struct LongTrainingTests {
  @Test("1,000 steps hold no more memory than three", arguments: SmallTraining.Method.allCases)
  func memory(method: SmallTraining.Method) {
    let training = SmallTraining(SmallModels.gpt2, method)
    let ledger = training.model.ledger
    var (held, reach) = (0, 0)
    var (totals, reaches): (Set<Int>, Set<Int>) = ([], [])
    for number in 0..<1000 {
      let loss = training.step(number, [[1, 5, 3], [4], [2, 9, 10, 7, 7]], targets: [3, 0, 8])
      #expect(loss.isFinite)
      if number < 3 {
        (held, reach) = (ledger.total, ledger.reach)
      } else {
        totals.insert(ledger.total)
        reaches.insert(ledger.reach)
      }
    }
    #expect(totals == [held])
    #expect(reaches == [reach])
  }
}
