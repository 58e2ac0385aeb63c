import Experiments
import Testing

@testable import Report

@Suite struct ValidityCheckTests {
  typealias Change = @Sendable (inout CellResult) -> Void

  /// Something wrong with the results whose key begins with `keys`, and what is said of it.
  struct Trouble: Sendable, CustomTestStringConvertible {
    let kind: ValidityCheck.Kind
    let keys: String
    let change: Change
    let text: String

    init(_ kind: ValidityCheck.Kind, _ keys: String, _ text: String, change: @escaping Change) {
      self.kind = kind
      self.keys = keys
      self.change = change
      self.text = text
    }

    var testDescription: String { text }
  }

  static let troubles: [Trouble] = [
    Trouble(
      .sampleSharing, "small/lora/2/1",
      "at 2 shots, seed 1, 2 methods saw 2 different samples."
    ) { $0.sampleDigest = "other" },
    Trouble(
      .effectiveSeeds, "small/lora/16/", "lora at 16 shots: 3 seeds drew 1 distinct sample."
    ) { $0.sampleDigest = "same" },
    Trouble(
      .effectiveSeeds, "small/lora/16/", "lora at 16 shots: 3 seeds gave 1 distinct result."
    ) { for name in ["accuracy", "mcc", "macro-f1"] { $0.setMetric(name, to: 0.8) } },
    Trouble(
      .training, "small/lora/", "lora: the loss fell by less than 1\u{A0}% in 6 of 6 runs."
    ) { $0.training?.losses = [0.7, 0.699] },
    Trouble(
      .training, "small/lora/2/",
      "lora at 2 shots: the trained weights changed by less than 0.01\u{A0}% in 3 of 3 runs."
    ) { $0.training?.relativeWeightChange = 1e-9 },
    Trouble(
      .training, "small/vanilla/16/",
      "vanilla at 16 shots: the training examples were answered no better than by chance in 3 of "
        + "3 runs."
    ) { $0.training?.accuracy = 0.5 },
    Trouble(
      .collapse, "small/vanilla/2/",
      "vanilla at 2 shots gave one answer to 99\u{A0}% of the examples or more in 3 of 3 "
        + "evaluations."
    ) { $0.setMetric("collapse", to: 0.995) },
    Trouble(
      .majority, "small/lora/",
      "out-of-domain: lora never exceeds the majority class (69\u{A0}%), and 2 of 5 means lie at or "
        + "below it."
    ) { $0.setMetric("accuracy", to: 0.5 + $0.fingerprint) },
  ]

  private func checks(
    _ change: (inout CellResult) -> Void = { _ in }
  ) throws -> [ValidityCheck.Kind: ValidityCheck] {
    let plan = try RenderingSamples.plan(SmallStudy.source)
    let results = RenderingSamples.results(plan).mapValues { result in
      var result = result
      result.setMetric("collapse", to: 0.7)
      result.setMetric("accuracy", to: 0.8 + result.fingerprint)
      change(&result)
      return result
    }
    let checks = ValidityCheck.all(plan, frame: ResultFrame(plan: plan, results: results))
    #expect(checks.map(\.kind) == ValidityCheck.Kind.allCases)
    #expect(checks.allSatisfy { $0.experiment == "small" })
    return Dictionary(checks.map { ($0.kind, $0) }) { first, _ in first }
  }

  @Test("a sound experiment passes every check, which says what was looked at")
  func sound() throws {
    let checks = try checks()
    #expect(checks.values.filter { !$0.passed }.isEmpty)
    #expect(
      checks[.sampleSharing]?.text
        == "At each of 6 pairs of shots and seed, all methods that read examples saw the same ones."
    )
    #expect(
      checks[.training]?.text.hasSuffix("the smallest fall of the loss is 21.9\u{A0}%.") == true)
    let best = "best means: out-of-domain 80\u{A0}% against 69\u{A0}%."
    #expect(checks[.majority]?.text.hasSuffix(best) == true)
    #expect(checks[.collapse]?.text.hasSuffix("(13 evaluations).") == true)
  }

  @Test("each kind of trouble is found by its check", arguments: troubles)
  func trouble(_ trouble: Trouble) throws {
    let checks = try checks { if $0.key.hasPrefix(trouble.keys) { trouble.change(&$0) } }
    #expect(checks[trouble.kind]?.passed == false)
    #expect(checks[trouble.kind]?.text == trouble.text)
    // A seed that reaches no sampler also breaks the sharing of samples.
    let others = checks.values.filter { $0.kind != trouble.kind && $0.kind != .sampleSharing }
    #expect(others.filter { !$0.passed }.isEmpty)
  }

  @Test("when nothing beats the majority class, the check says no method")
  func allBelow() throws {
    let checks = try checks { $0.setMetric("accuracy", to: 0.5 + $0.fingerprint) }
    #expect(
      checks[.majority]?.text
        == "out-of-domain: no method exceeds the majority class (69\u{A0}%), and 5 of 5 means lie "
        + "at or below it.")
  }
}

extension CellResult {
  /// A tiny number of the cell's own.
  fileprivate var fingerprint: Double {
    key.utf8.reduce(0.0) { ($0 * 31 + Double($1)).truncatingRemainder(dividingBy: 997) } * 1e-8
  }

  fileprivate mutating func setMetric(_ name: String, to value: Double) {
    for index in evaluations.indices { evaluations[index].metrics[name] = value }
  }
}
