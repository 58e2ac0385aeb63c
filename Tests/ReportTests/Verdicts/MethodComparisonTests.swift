import Testing

@testable import Experiments
@testable import Report

@Suite struct MethodComparisonTests {
  static let best = [0.62, 0.58, 0.71, 0.66, 0.69, 0.63]
  static let middle = [0.6, 0.57, 0.65, 0.61, 0.66, 0.62]
  static let worst = [0.41, 0.4, 0.42, 0.43, 0.39, 0.62]

  private func comparison(
    _ methods: [(name: String, values: [Double?])], correction: FamilyCorrection = .holm,
    metric: String = "ood.accuracy"
  ) throws -> MethodComparison {
    let frame = ResultSamples.frame(methods)
    let results = try #require(frame["e"])
    return MethodComparison(
      methods.map(\.name), on: try #require(MetricPath(metric)), shots: 128, in: results,
      correction: correction, confidence: 0.95)
  }

  @Test("methods are ordered by their means, with their average ranks over the seeds")
  func order() throws {
    let found = try comparison([("c", Self.worst), ("a", Self.best), ("b", Self.middle)])
    #expect(found.entries.map(\.method) == ["a", "b", "c"])
    // b and c share the second place on the last seed.
    #expect(found.entries.map(\.averageRank) == [1, 12.5 / 6, 17.5 / 6])
    #expect(found.tests.map { "\($0.first)\($0.second)" } == ["ab", "ac", "bc"])
  }

  @Test("differences, p and their correction are those of the tests alone")
  func numbers() throws {
    let found = try comparison([("a", Self.best), ("b", Self.middle), ("c", Self.worst)])
    let ab = try #require(found.test("b", "a")?.difference)
    #expect(abs(ab.estimate - 0.03) < 1e-12)
    // All six differences of a and b are positive: 2 of 64 sign vectors.
    #expect(ab.pValue == 2.0 / 64)
    let raw = found.tests.compactMap(\.difference?.pValue)
    #expect(raw[1] == 2.0 / 64)
    // b and c tie on one seed, whose sign is free: 4 of 64.
    #expect(raw[2] == 4.0 / 64)
    #expect(found.tests.compactMap(\.adjustedPValue) == Array(repeating: 6.0 / 64, count: 3))
    #expect(found.tests.allSatisfy { !$0.isClear(at: 0.05) })
  }

  @Test("joint sign flips find with six seeds what Holm's correction cannot")
  func joint() throws {
    let found = try comparison(
      [("a", Self.best), ("b", Self.middle), ("c", Self.worst)], correction: .joint)
    // By |Σ d| / √Σ d²: a over c (2.21), b over c (2.20), a over b (2.06), stepping down.
    let adjusted = found.tests.compactMap(\.adjustedPValue)
    #expect(adjusted == [0.0625, 0.03125, 0.0625])
    #expect(found.tests.map { $0.isClear(at: 0.05) } == [false, true, false])
    let none = try comparison([("a", Self.best), ("b", Self.middle)], correction: .none)
    #expect(none.tests[0].adjustedPValue == none.tests[0].difference?.pValue)
  }

  @Test("of two methods with equal results neither is better, and there is no test")
  func equal() throws {
    let found = try comparison([("a", Self.best), ("b", Self.best)])
    #expect(found.tests[0].difference?.estimate == 0)
    #expect(found.tests[0].adjustedPValue == nil)
    #expect(found.tests[0].absence == "equal on every seed")
    #expect(found.entries.map(\.averageRank) == [1.5, 1.5])
  }

  @Test("a missing cell leaves its pairs untested and the ranks out")
  func missing() throws {
    let found = try comparison([
      ("a", Self.best), ("b", Self.middle), ("c", [0.4, nil, 0.4, 0.4, 0.4, 0.4]),
    ])
    #expect(found.entries.allSatisfy { $0.averageRank == nil })
    #expect(found.tests.testedCount == 1)
    #expect(found.test("a", "c")?.absence == "c at 128 shots, seed 1: not run")
    #expect(found.test("a", "b")?.adjustedPValue == 2.0 / 64)
  }

  @Test("where less is better the least mean comes first")
  func lower() throws {
    let found = try comparison([("a", Self.best), ("b", Self.middle)], metric: "seconds")
    #expect(found.entries.map(\.method) == ["a", "b"])
    #expect(found.tests[0].absence == "equal on every seed")
  }

  @Test("the warning names the seeds it takes, and the correction that asks for fewer")
  func power() {
    #expect(
      FamilyCorrection.holm.powerWarning(pairs: 6, tests: 28, level: 0.05, noun: "pair")
        == "Power: with 6 seeds no p can fall below 0.88 after Holm’s correction for 28 pairs, so "
        + "nothing here can be clear at 0.05. It takes 11 seeds, or 'correction: joint', which 6 "
        + "seeds suffice for.")
    #expect(
      FamilyCorrection.joint.powerWarning(pairs: 5, tests: 28, level: 0.05, noun: "pair")
        == "Power: with 5 seeds no p can fall below 0.062, so nothing here can be clear at 0.05. It "
        + "takes 6 seeds.")
    #expect(
      FamilyCorrection.holm.powerWarning(pairs: 6, tests: 1, level: 0.05, noun: "pair") == nil)
    #expect(
      FamilyCorrection.joint.powerWarning(pairs: 6, tests: 28, level: 0.05, noun: "pair") == nil)
  }
}
