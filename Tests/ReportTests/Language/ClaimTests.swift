import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite struct ClaimTests {
  static let better = [0.62, 0.58, 0.71, 0.66, 0.69, 0.63]
  static let worse = [0.6, 0.57, 0.65, 0.61, 0.66, 0.62]

  private func frame(_ a: [Double?], _ b: [Double?]) -> ResultFrame {
    ResultSamples.frame([("a", a), ("b", b)])
  }

  @Test(
    "the interval of paired differences decides",
    arguments: [
      ("e[a].ood.accuracy > e[b].ood.accuracy", .supported),
      ("e[a].ood.accuracy >= e[b].ood.accuracy", .supported),
      ("e[b].ood.accuracy > e[a].ood.accuracy", .refuted),
      ("e[b].ood.accuracy < e[a].ood.accuracy", .supported),
      ("e[b].ood.accuracy <= e[a].ood.accuracy by 1%", .supported),
      ("e[a].ood.accuracy > e[b].ood.accuracy by 3%", .inconclusive),
      ("e[a].ood.accuracy > e[b].ood.accuracy by 10%", .refuted),
      ("e[a].ood.accuracy > 50%", .supported), ("70% > e[a].ood.accuracy", .supported),
      ("e[a].ood.accuracy > 65%", .inconclusive),
      ("mean(e[a].ood.accuracy) > mean(e[b].ood.accuracy)", .supported),
    ] as [(String, ClaimVerdict.Outcome)])
  func outcome(assertion: String, expected: ClaimVerdict.Outcome) throws {
    let verdict = try ResultSamples.verdict(assertion, frame(Self.better, Self.worse))
    #expect(verdict.outcome == expected)
    #expect(verdict.pairs == 6)
    #expect(verdict.distinctPairs == 6)
    #expect(verdict.interval?.method == .bca)
    let disagrees = expected != .inconclusive && (verdict.pValue ?? 0) > 0.05
    #expect(verdict.notes.count == (disagrees ? 1 : 0))
    #expect(verdict.isAgainstTest == disagrees)
    #expect(verdict.notes.allSatisfy { $0.contains("p is above 0.05") })
  }

  @Test("a verdict carries estimate, interval, boundary and p")
  func numbers() throws {
    let verdict = try ResultSamples.verdict(
      "e[b].ood.accuracy < e[a].ood.accuracy by 1%", frame(Self.better, Self.worse))
    let estimate = try #require(verdict.estimate)
    #expect(abs(estimate + 0.03) < 1e-12)
    #expect(verdict.boundary == -0.01)
    let interval = try #require(verdict.interval)
    #expect(interval.lower < estimate && estimate < interval.upper)
    #expect(interval.confidence == 0.95)
    // Differences from the boundary: −1, 0, −5, −4, −2 and 0 points; the zeros' signs are free.
    #expect(verdict.pValue == 8.0 / 64)
    #expect(verdict.unit == .share)
  }

  @Test("one absent cell on either side is enough for no verdict")
  func missing() throws {
    let verdict = try ResultSamples.verdict(
      "e[a].ood.accuracy > e[b].ood.accuracy", frame(Self.better, [0.1, 0.1, nil, 0.1, 0.1, 0.1]))
    #expect(verdict.outcome == .notEvaluated)
    #expect(verdict.estimate == nil)
    #expect(verdict.notes == ["Missing: b at 128 shots, seed 2: not run."])
  }

  @Test("fewer than six seeds cannot reach 0.05, and the verdict says so")
  func fewSeeds() throws {
    let verdict = try ResultSamples.verdict(
      "e[a].ood.accuracy > e[b].ood.accuracy",
      frame(Array(Self.better.prefix(5)), Array(Self.worse.prefix(5))))
    #expect(verdict.outcome == .supported)
    #expect(verdict.pValue == 0.0625)
    #expect(
      verdict.notes == [
        "Power: with 5 seeds the smallest two-sided p possible is 0.0625 (2/2^5); p below 0.05 "
          + "takes at least 6."
      ])
  }

  @Test("two seeds fall back to Student t, and one decides nothing")
  func oneAndTwo() throws {
    let two = try ResultSamples.verdict("e[a].ood.accuracy > 0", frame([0.5, 0.6], []))
    #expect(two.interval?.method == .studentT)
    #expect(two.outcome == .inconclusive)
    let one = try ResultSamples.verdict("e[a].ood.accuracy > 0", frame([0.5], []))
    #expect(one.outcome == .inconclusive)
    #expect(one.interval == nil)
    #expect(one.pValue == nil)
    #expect(
      one.notes == [
        "One seed says nothing about the spread of seeds, so there is no interval."
      ])
  }

  @Test("seeds that all brought one accuracy give no verdict, and say why")
  func oneResult() throws {
    let same = [Double](repeating: 0.5, count: 10)
    let verdict = try ResultSamples.verdict(
      "e[a].ood.accuracy > e[b].ood.accuracy", frame(same, same.map { $0 - 0.25 }))
    #expect(verdict.outcome == .inconclusive)
    #expect(verdict.interval?.method == .point)
    #expect(verdict.pValue == nil)
    #expect(verdict.pairs == 10)
    #expect(verdict.distinctPairs == 1)
    #expect(
      verdict.notes == [
        "All 10 paired differences are equal, so the interval is a point and p is not given.",
        "10 seeds gave only 1 distinct result.",
        "One result cannot show how far results differ, so there is no verdict.",
      ])
  }

  @Test("memory that is the same with every seed supports a claim, its interval a point")
  func equalMemory() throws {
    let same = [Double](repeating: 0.5, count: 10)
    let verdict = try ResultSamples.verdict(
      "e[a].memory.peak <= e[b].memory.peak", frame(same, same))
    #expect(verdict.outcome == .supported)
    #expect(verdict.interval?.method == .point)
    #expect(verdict.pValue == nil)
  }

  @Test(
    "a tie refutes a strict comparison and supports the other",
    arguments: [(">", ClaimVerdict.Outcome.refuted), (">=", .supported), ("<=", .supported)])
  func tie(sign: String, expected: ClaimVerdict.Outcome) throws {
    let values = [0.5, 0.6, 0.7, 0.5, 0.6, 0.7]
    let verdict = try ResultSamples.verdict(
      "e[a].ood.accuracy \(sign) e[b].ood.accuracy", frame(values, values))
    #expect(verdict.outcome == expected)
    #expect(verdict.distinctPairs == 3)
  }

  @Test("seeds that repeat a result are counted once in the note")
  func repeated() throws {
    let verdict = try ResultSamples.verdict(
      "e[a].ood.accuracy > 50%", frame([0.6, 0.6, 0.6, 0.7, 0.7, 0.7, 0.7], []))
    #expect(verdict.distinctPairs == 2)
    #expect(verdict.notes == ["7 seeds gave only 2 distinct results."])
  }

  @Test("single numbers are compared as they are")
  func numbersOnly() throws {
    let verdict = try ResultSamples.verdict(
      "max(e[a].ood.accuracy) <= 0.71", frame(Self.better, Self.worse))
    #expect(verdict.outcome == .supported)
    #expect(verdict.interval == nil)
    #expect(
      verdict.notes == ["Single numbers are compared, so there is no interval and no p."])
  }

  @Test("a family of claims is corrected by Holm's method, untested claims apart")
  func family() throws {
    let frame = frame(Self.better, Self.worse)
    let verdicts = try [
      "e[a].ood.accuracy > e[b].ood.accuracy", "max(e[a].ood.accuracy) > 0",
      "e[a].ood.accuracy > 65%",
    ].map { try ResultSamples.verdict($0, frame) }
    let adjusted = ClaimVerdict.adjusted(verdicts)
    #expect(adjusted[0].pValue == 0.03125)
    #expect(adjusted[0].adjustedPValue == 0.0625)
    #expect(adjusted[1].adjustedPValue == nil)
    #expect(adjusted[2].adjustedPValue == adjusted[2].pValue)
  }

  @Test(
    "assertions are written out in words",
    arguments: [
      (
        "e[a,2].memory.peak <= 2 * e[b,2,seed=1].memory.peak",
        "The memory.peak of `a` at 2 shots (*e*) is at most 2 times the memory.peak of `b` at 2 "
          + "shots, seed 1 (*e*)."
      ),
      (
        "mean(e[a].ood.mcc) - sd(e[a].ood.mcc) > 0.5",
        "The mean of the ood.mcc of `a` (*e*) minus the standard deviation of the ood.mcc of `a` "
          + "(*e*) is greater than 0.5."
      ),
      (
        "50% <= max(e.ood.accuracy) by 1%",
        "50.0\u{A0}% is less than the largest of the ood.accuracy of all methods (*e*) by at "
          + "least 1.0\u{A0}%."
      ),
    ])
  func sentence(assertion: String, words: String) throws {
    let parsed = try Assertion(parsing: SourceText(assertion, at: LanguageSamples.start))
    #expect(parsed.sentence == words)
  }

  @Test("a verdict does not depend on how often it is asked for")
  func deterministicVerdict() throws {
    let frame = frame(Self.better, Self.worse)
    let text = "e[a].ood.accuracy > e[b].ood.accuracy"
    #expect(try ResultSamples.verdict(text, frame) == ResultSamples.verdict(text, frame))
  }
}
