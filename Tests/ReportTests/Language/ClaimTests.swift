import Formats
import Testing

@testable import Experiments
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
      ("e[a].ood.accuracy >= e[b].ood.accuracy within 1%", .supported),
      ("e[b].ood.accuracy > e[a].ood.accuracy", .refuted),
      ("e[b].ood.accuracy >= e[a].ood.accuracy within 0.1%", .refuted),
      ("e[b].ood.accuracy >= e[a].ood.accuracy within 6%", .supported),
      ("e[b].ood.accuracy < e[a].ood.accuracy", .supported),
      ("e[b].ood.accuracy <= e[a].ood.accuracy within 1%", .supported),
      ("e[a].ood.accuracy > e[b].ood.accuracy by 3%", .inconclusive),
      ("e[a].ood.accuracy > e[b].ood.accuracy by 10%", .refuted),
      ("e[a].ood.accuracy = e[b].ood.accuracy within 6%", .supported),
      ("e[a].ood.accuracy = e[b].ood.accuracy within 5%", .inconclusive),
      ("e[a].ood.accuracy = e[b].ood.accuracy within 0.5%", .refuted),
      ("e[b].ood.accuracy = e[a].ood.accuracy within [-6%, 1%]", .supported),
      ("e[b].ood.accuracy = e[a].ood.accuracy within [-1%, 6%]", .inconclusive),
      ("best(e[a].ood.accuracy, e[b].ood.accuracy)", .supported),
      ("best(e[b].ood.accuracy, e[a].ood.accuracy)", .refuted),
      ("e[a].ood.accuracy > 50%", .supported), ("70% > e[a].ood.accuracy", .supported),
      ("e[a].ood.accuracy > 65%", .inconclusive),
      ("mean(e[a].ood.accuracy) > mean(e[b].ood.accuracy)", .supported),
      ("e[a].ood.accuracy - e[b].ood.accuracy > 0", .supported),
      ("0.9 * e[a].ood.accuracy < e[b].ood.accuracy", .supported),
    ] as [(String, Verdict)])
  func outcome(assertion: String, expected: Verdict) throws {
    let found = try ResultSamples.evaluated(assertion, frame(Self.better, Self.worse))
    #expect(found.verdict == expected)
    #expect(found.contrast?.contrast?.seeds == 6)
    let p = try #require(found.pValue)
    #expect((p <= 0.05) == expected.isDecided)
  }

  @Test("all ways to write one contrast read one interval")
  func oneInterval() throws {
    let frame = frame(Self.better, Self.worse)
    let texts = [
      "e[a].ood.accuracy > e[b].ood.accuracy", "e[b].ood.accuracy < e[a].ood.accuracy by 3%",
      "mean(e[a].ood.accuracy) = e[b, 128].ood.accuracy within 2%",
      "e[a].ood.accuracy - e[b].ood.accuracy > 2%",
    ]
    let keys = try texts.map { try ResultSamples.form($0, frame).key }
    #expect(Set(keys).count == 1)
    let widths = try texts.map { text -> Double in
      let interval = try #require(
        ResultSamples.evaluated(text, frame, among: texts + ["e[a].ood.accuracy > 60%"]).interval)
      return interval.upper - interval.lower
    }
    #expect(widths.allSatisfy { abs($0 - widths[0]) < 1e-12 })
    // Two distinct contrasts: the difference, and `a` beside a number.
    let found = try ResultSamples.evaluated(
      texts[0], frame, among: texts + ["e[a].ood.accuracy > 60%", "e[a].ood.accuracy < 90%"])
    #expect(found.contrast?.family.correction.members == 2)
  }

  @Test("a verdict carries estimate, interval, boundaries and the corrected p")
  func numbers() throws {
    let found = try ResultSamples.evaluated(
      "e[b].ood.accuracy < e[a].ood.accuracy by 1%", frame(Self.better, Self.worse))
    let estimate = try #require(found.estimate)
    #expect(abs(estimate + 0.03) < 1e-12)
    #expect(found.statement == .below(-0.01))
    let interval = try #require(found.interval)
    // scipy: t.interval(0.95, 5, loc=-0.03, scale=sem)
    #expect(abs(interval.lower - -0.0520) < 1e-4 && abs(interval.upper - -0.0080) < 1e-4)
    #expect(interval.confidence == 0.95)
    // scipy: ttest_1samp(d, -0.01)
    #expect(abs(try #require(found.pValue) - 0.0669) < 1e-3)
  }

  @Test("one absent cell on either side is enough for no verdict")
  func missing() throws {
    let found = try ResultSamples.evaluated(
      "e[a].ood.accuracy > e[b].ood.accuracy", frame(Self.better, [0.1, 0.1, nil, 0.1, 0.1, 0.1]))
    #expect(found.verdict == .missing)
    #expect(found.interval == nil)
    #expect(
      EvaluationWords(found, unit: .share).notes == ["Missing: b at 128 shots, seed 2: not run."])
  }

  @Test("one seed, and seeds that all differ by the same, decide nothing")
  func noSpread() throws {
    let one = try ResultSamples.evaluated("e[a].train.loss > 0", frame([0.5], []))
    #expect(one.verdict == .inconclusive)
    #expect(one.interval == nil && one.pValue == nil)
    #expect(EvaluationWords(one, unit: .share).notes[0].hasPrefix("One seed without"))
    let same = [Double](repeating: 0.5, count: 10)
    let equal = try ResultSamples.evaluated(
      "e[a].ood.accuracy > e[b].ood.accuracy", frame(same, same.map { $0 - 0.25 }))
    #expect(equal.verdict == .inconclusive)
    #expect(equal.pValue == nil)
  }

  @Test("one seed whose answers are only counted speaks of other items") func counted() throws {
    let found = try ResultSamples.evaluated("e[a].ood.accuracy > 0.1", frame([0.5], []))
    let contrast = try #require(found.contrast?.contrast)
    #expect(contrast.basis == .itemsOnly)
    // Binomial, of the ten items of the samples.
    #expect(abs(contrast.standardError - (0.25 / 9).squareRoot()) < 1e-12)
  }

  @Test("bytes are checked on every seed and not tested, and count in no family")
  func exact() throws {
    let frame = frame(Self.better, Self.worse)
    let checked = try ResultSamples.evaluated(
      "e[a].memory.peak = e[b].memory.peak within 1", frame)
    #expect(checked.verdict == .supported && checked.isExact)
    #expect(checked.pValue == nil && checked.interval == nil)
    let less = try ResultSamples.evaluated("e[a].memory.peak < 0.5 * e[b].memory.peak", frame)
    #expect(less.verdict == .refuted && less.isExact)
    let number = try ResultSamples.evaluated("2 > 1", frame)
    #expect(number.verdict == .supported && number.isExact)
    let tested = try ResultSamples.evaluated(
      "e[a].ood.accuracy > e[b].ood.accuracy", frame,
      among: ["e[a].memory.peak < e[b].memory.peak", "2 > 1"])
    #expect(tested.contrast?.family.correction.members == 1)
  }

  @Test("a largest result has no interval, so a statement about it is not decided")
  func largest() throws {
    let found = try ResultSamples.evaluated(
      "max(e[a].ood.accuracy) > 0.5", frame(Self.better, Self.worse))
    #expect(found.verdict == .inconclusive)
    #expect(EvaluationWords(found, unit: .share).notes[0].hasPrefix("A smallest, largest"))
  }

  @Test("a larger family widens the interval and raises p by its size")
  func family() throws {
    let frame = frame(Self.better, Self.worse)
    let text = "e[a].ood.accuracy > e[b].ood.accuracy"
    let alone = try ResultSamples.evaluated(text, frame)
    let among = try ResultSamples.evaluated(
      text, frame, among: ["e[a].ood.accuracy > 65%", "e[b].ood.accuracy > 65%"])
    #expect(among.contrast?.family.correction.members == 3)
    let (p, q) = (try #require(alone.pValue), try #require(among.pValue))
    #expect(abs(q - 3 * p) < 1e-12)
    #expect(alone.verdict == .supported)
    #expect(among.verdict == (q <= 0.05 ? .supported : .inconclusive))
  }

  @Test("a declared effect makes small differences equivalent, and says what would decide others")
  func effect() throws {
    let noisy = frame(Self.better, Self.better.map { $0 + ($0 > 0.65 ? 0.001 : -0.002) })
    let text = "e[a].ood.accuracy > e[b].ood.accuracy"
    #expect(try ResultSamples.evaluated(text, noisy, effect: 0.02).verdict == .equivalent)
    let found = try ResultSamples.evaluated(
      "e[a].ood.accuracy > 65%", frame(Self.better, Self.worse), effect: 0.02)
    #expect(
      EvaluationWords(found, unit: .share).notes.contains {
        $0.hasPrefix("An interval of ± 2.0\u{A0}points takes ") && $0.hasSuffix(" seeds.")
      })
  }

  @Test("a trend is the slope on log₂ of the examples, and rank correlation is one number a seed")
  func trendsAndRanks() throws {
    let frame = ResultSamples.learning
    #expect(
      try ResultSamples.evaluated("e[a].ood.accuracy rises with shots", frame).verdict == .supported
    )
    #expect(
      try ResultSamples.evaluated("e[a].ood.accuracy falls with shots", frame).verdict == .refuted)
    let slope = try #require(
      ResultSamples.evaluated("e[a].ood.accuracy rises with shots", frame).estimate)
    #expect(abs(slope - 0.05) < 0.01)
    #expect(
      try ResultSamples.evaluated("e[a].ood.accuracy rises with shots by 10%", frame).verdict
        == .refuted)
    let ranks = try ResultSamples.evaluated(
      "rank-correlation(e.ood.accuracy, e.train.loss) < 0", frame)
    #expect(ranks.contrast?.contrast?.basis == .seedsOnly)
    #expect(ranks.estimate.map { $0 < 0 } == true)
  }

  @Test(
    "statements that no interval could support are mistakes that say what to write",
    arguments: [
      (
        "e[a].ood.accuracy >= e[b].ood.accuracy",
        "r.md:1:19: error[FT023]: '>=' needs a margin: no interval can show that two values are "
          + "exactly equal\n  help: write 'A >= B within 2%' with the largest difference that does "
          + "not matter, or '>'"
      ),
      (
        "e[a].ood.accuracy <= e[b].ood.accuracy",
        "r.md:1:19: error[FT023]: '<=' needs a margin: no interval can show that two values are "
          + "exactly equal\n  help: write 'A <= B within 2%' with the largest difference that does "
          + "not matter, or '<'"
      ),
      (
        "e[a].ood.accuracy = e[b].ood.accuracy",
        "r.md:1:19: error[FT023]: '=' needs a margin: no interval can show that two values are "
          + "exactly equal\n  help: write 'A = B within 2%' with the largest difference that does "
          + "not matter"
      ),
      (
        "best(e[a].ood.accuracy)",
        "r.md:1:1: error[FT023]: best() compares the first of several values with the others\n  "
          + "help: write best(exp-1[lora].ood.accuracy, exp-1[vanilla].ood.accuracy)"
      ),
      (
        "e[a].ood.accuracy rises by 3",
        "r.md:1:25: error[FT023]: expected 'with shots', found 'by'\n  help: write: "
          + "exp-1[lora].ood.accuracy rises with shots"
      ),
    ])
  func mistakes(text: String, message: String) {
    do {
      _ = try Assertion(parsing: SourceText(text, at: LanguageSamples.start))
      Issue.record("no mistake in \(text)")
    } catch {
      #expect(error.description == message)
    }
  }

  @Test(
    "assertions are written out in words",
    arguments: [
      (
        "e[a,2].memory.peak <= 2 * e[b,2,seed=1].memory.peak within 3",
        "The memory.peak of `a` at 2 shots (*e*) is at most 2 times the memory.peak of `b` at 2 "
          + "shots, seed 1 (*e*), or greater by no more than 3\u{A0}B."
      ),
      (
        "mean(e[a].ood.mcc) - sd(e[a].ood.mcc) > 0.5",
        "The mean of the ood.mcc of `a` (*e*) minus the standard deviation of the ood.mcc of `a` "
          + "(*e*) is greater than 0.5."
      ),
      (
        "e[a].ood.accuracy = e[b].ood.accuracy within [-2%, 1%]",
        "The ood.accuracy of `a` (*e*) lies between minus 2.0\u{A0}% and 1.0\u{A0}% of the ood.accuracy "
          + "of `b` (*e*)."
      ),
      (
        "best(e[a].ood.mcc, e[b].ood.mcc)",
        "The ood.mcc of `a` (*e*) is better than the ood.mcc of `b` (*e*)."
      ),
      (
        "e[a].ood.mcc falls with shots",
        "The ood.mcc of `a` (*e*) falls with the number of examples."
      ),
    ])
  func sentence(assertion: String, words: String) throws {
    let parsed = try Assertion(parsing: SourceText(assertion, at: LanguageSamples.start))
    #expect(parsed.sentence == words)
  }
}
