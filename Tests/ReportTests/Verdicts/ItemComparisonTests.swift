import Testing

@testable import Experiments
@testable import Report

@Suite struct ItemComparisonTests {
  static let items = 200
  /// All of class 1.
  static let facts = TaskFacts(
    LoadedTask(
      definition: .acceptability, training: [],
      evaluations: [
        EvaluationSet(
          name: "ood", domain: .outOfDomain,
          examples: (0..<items).map { Example(fields: ["x\($0)"], label: 1) })
      ], sources: []))

  /// A run that has the first of the items right, and as many others as it takes.
  private func run(right: Int) -> CellResult {
    var result = ResultSamples.result(accuracy: Double(right) / Double(Self.items))
    result.evaluations[0].predictions = (0..<Self.items).map { $0 < right ? 1 : 0 }
    return result
  }

  private func comparison(
    _ a: [Int], _ b: [Int], metric: String = "ood.accuracy", facts: TaskFacts? = facts
  ) throws -> PairwiseTest {
    let entries = [("a", a), ("b", b)].flatMap { name, counts in
      counts.enumerated().map { seed, right in
        ExperimentResults.Entry(method: name, shots: 128, seed: seed, result: run(right: right))
      }
    }
    let frame = ResultSamples.frame(
      methods: ["a", "b"], shots: [128], seeds: Array(a.indices), entries)
    return MethodComparison(
      ["a", "b"], on: try #require(MetricPath(metric)), shots: 128, in: try #require(frame["e"]),
      correction: .none, confidence: 0.95, facts: facts
    ).tests[0]
  }

  @Test("a difference on many items is clear on items too, and every run differs")
  func many() throws {
    let test = try comparison([150, 152, 149, 155, 151, 148], [110, 113, 109, 118, 112, 107])
    let items = try #require(test.items)
    #expect(items.bootstrap.items == Self.items)
    #expect(abs(items.bootstrap.estimate - (test.difference?.estimate ?? 0)) < 1e-12)
    #expect(items.isClear)
    #expect(items.runs.map(\.onlyFirst) == [40, 39, 40, 37, 39, 41])
    #expect(items.differingRuns(at: 0.05) == 6)
  }

  @Test("a difference that rests on two items is clear by seeds and not by items")
  func few() throws {
    let test = try comparison([102, 102, 102, 101, 102, 102], [100, 100, 100, 100, 100, 100])
    #expect(test.isClear(at: 0.05))
    let items = try #require(test.items)
    #expect(items.differingRuns(at: 0.05) == 0)
    #expect(items.bootstrap.interval.lower <= 0)
  }

  @Test("what is not clear, not of accuracy or of unknown items is not asked item by item")
  func unasked() throws {
    let (a, b) = ([150, 152, 149, 155, 151, 148], [110, 113, 109, 118, 112, 107])
    #expect(try comparison(a, b, metric: "ood.mcc").items == nil)
    #expect(try comparison(a, b, facts: nil).items == nil)
    #expect(try comparison(a, Array(a.reversed())).items == nil)
  }
}
