import Foundation
import Testing

@testable import Experiments
@testable import Report

@Suite struct ValidityCheckTests {
  typealias Change = @Sendable (inout CellResult) -> Void

  /// Something wrong with the results whose key begins with `keys`, and what is said of it.
  struct Trouble: Sendable, CustomTestStringConvertible {
    let kind: ValidityCheck.Kind
    let status: CheckStatus
    let keys: String
    let change: Change
    let text: String

    init(
      _ kind: ValidityCheck.Kind, _ status: CheckStatus, _ keys: String, _ text: String,
      change: @escaping Change
    ) {
      self.kind = kind
      self.status = status
      self.keys = keys
      self.change = change
      self.text = text
    }

    var testDescription: String { text }
  }

  static let troubles: [Trouble] = [
    Trouble(
      .sampleSharing, .fail, "study/lora/2/1",
      "At 2 shots, seed 1, 3 methods saw 2 different samples."
    ) { $0.sampleDigest = "other" },
    Trouble(
      .sampleSharing, .fail, "study/lora/2/1",
      "in-domain: runs answered 500 and 527 examples."
    ) { $0.evaluations[0].count = 500 },
    Trouble(
      .equalRuns, .warn, "study/lora/2/1", "lora at 2 shots: 5 of 6 runs succeeded."
    ) { $0.status = .diverged(step: 3) },
    Trouble(
      .effectiveSeeds, .fail, "study/lora/16/", "lora at 16 shots: 6 seeds drew 1 distinct sample."
    ) { $0.sampleDigest = "same" },
    Trouble(
      .effectiveSeeds, .fail, "study/lora/16/", "lora at 16 shots: 6 seeds gave 1 distinct result."
    ) { for name in ["accuracy", "mcc", "macro-f1"] { $0.setMetric(name, to: 0.8) } },
    Trouble(
      .training, .fail, "study/lora/", "lora: the loss fell by less than 1\u{A0}% in 12 of 12 runs."
    ) { $0.training?.losses = [0.7, 0.699] },
    Trouble(
      .training, .warn, "study/lora/2/",
      "lora at 2 shots: the trained weights changed by less than 0.01\u{A0}% in 6 of 6 runs."
    ) { $0.training?.relativeWeightChange = 1e-9 },
    Trouble(
      .training, .warn, "study/vanilla/16/",
      "vanilla at 16 shots: the accuracy on training examples was no better than chance in 6 of "
        + "6 runs."
    ) { $0.training?.accuracy = 0.5 },
    Trouble(
      .demonstrations, .warn, "study/icl/16/",
      "icl at 16 shots: 20 of 32 demonstrations fitted in the context, in 6 of 6 runs."
    ) { $0.demonstrations = 20 },
    Trouble(
      .demonstrations, .fail, "study/icl/16/",
      "icl at 16 shots: 0 of 30 demonstrations fitted in the context, in 6 of 6 runs."
    ) {
      $0.demonstrations = 0
      $0.demonstrationsOffered = 30
    },
    Trouble(
      .collapse, .warn, "study/vanilla/2/",
      "vanilla at 2 shots gave one answer to 99\u{A0}% of the examples or more in 12 of 12 "
        + "evaluations."
    ) { $0.setMetric("collapse", to: 0.995) },
    Trouble(
      .majority, .warn, "study/lora/",
      "in-domain: lora never exceeds the majority class (69\u{A0}%): 2 of 7 means lie at or below "
        + "it, 2 with the whole interval, 2 at or below chance (50\u{A0}%); out-of-domain: lora "
        + "never exceeds the majority class (69\u{A0}%): 2 of 7 means lie at or below it, 2 with "
        + "the whole interval, 2 at or below chance (50\u{A0}%)."
    ) { $0.setMetric("accuracy", to: 0.45 + $0.fingerprint) },
    Trouble(
      .majority, .warn, "study/zero-shot",
      "in-domain: zero-shot exceeds the majority class (69\u{A0}%) by less than the interval; "
        + "out-of-domain: zero-shot exceeds the majority class (69\u{A0}%) by less than the interval."
    ) { $0.setMetric("accuracy", to: 0.7) },
  ]

  /// Four methods, two numbers of shots, six seeds.
  private static let source = SmallStudy.source
    .replacingOccurrences(of: "#small", with: "#study")
    .replacingOccurrences(of: "small", with: "study")
    .replacingOccurrences(of: "[zero-shot, vanilla, lora]", with: "[zero-shot, icl, vanilla, lora]")
    .replacingOccurrences(of: "seeds: 0..2", with: "seeds: 0..5")
    .replacingOccurrences(of: "evaluate: {sets: [ood]}\n", with: "")

  private static let facts = TaskFacts(
    LoadedTask(
      definition: .acceptability, training: [Example(fields: ["The dog runs."], label: 1)],
      evaluations: [
        EvaluationSet(
          name: "in-domain", domain: .inDomain,
          examples: [Example(fields: ["A cat runs."], label: 1)]),
        EvaluationSet(
          name: "ood", domain: .outOfDomain, examples: [Example(fields: ["A man runs."], label: 1)]),
      ], sources: []))

  private func checks(
    facts: TaskFacts = facts, _ change: (inout CellResult) -> Void = { _ in }
  ) throws -> [ValidityCheck.Kind: ValidityCheck] {
    let plan = try RenderingSamples.plan(Self.source)
    let results = RenderingSamples.results(plan).mapValues { result in
      var result = result
      result.setMetric("collapse", to: 0.7)
      result.setMetric("accuracy", to: 0.8 + result.fingerprint)
      change(&result)
      return result
    }
    let frame = ResultFrame(plan: plan, results: results)
    let checks = ValidityCheck.all(
      plan.experiments, frame: frame, facts: ["study": facts], book: Self.book(plan, frame))
    // Nothing is compared here, so there is no power to judge.
    // Of texts, rows and tuning only what is wrong or done is said.
    let silent: Set<ValidityCheck.Kind> = [.power, .longTexts, .oddRows, .tuning]
    #expect(
      checks.map(\.kind).filter { !silent.contains($0) }
        == ValidityCheck.Kind.allCases.filter { !silent.contains($0) })
    #expect(checks.allSatisfy { $0.experiment == "study" })
    return Dictionary(checks.map { ($0.kind, $0) }) { first, _ in first }
  }

  private static func book(_ plan: ReportPlan, _ frame: ResultFrame) -> ContrastBook {
    ContrastBook(plan.families, table: ScoreTable(frame), names: plan.contrastNames)
  }

  @Test("a sound experiment passes every check, which says what was looked at")
  func sound() throws {
    let checks = try checks()
    #expect(checks.values.filter { !$0.passed }.isEmpty)
    #expect(checks.values.allSatisfy { $0.advice == nil && $0.findings.count == 1 })
    #expect(
      checks[.sampleSharing]?.text
        == "At each of 12 pairs of shots and seed, all methods that read examples saw the same ones."
    )
    #expect(checks[.equalRuns]?.text == "All 37 runs succeeded.")
    #expect(
      checks[.demonstrations]?.text == "Every prompt contained all its demonstrations, up to 32.")
    #expect(
      checks[.overlap]?.text
        == "No example of in-domain and out-of-domain stands among the 1 of the training pool or in "
        + "a set of the other domain, case and punctuation aside.")
    #expect(
      checks[.training]?.text.hasSuffix("the smallest decrease of the loss is 21.9\u{A0}%.") == true
    )
    let best = "out-of-domain 80\u{A0}% against 69\u{A0}%."
    #expect(checks[.majority]?.text.hasSuffix(best) == true)
    #expect(checks[.collapse]?.text.hasSuffix("(74 evaluations).") == true)
  }

  @Test("one run that did not train is not a finding, yet it is reported")
  func exception() throws {
    let checks = try checks { result in
      if result.key.hasPrefix("study/vanilla/2/1") { result.training?.losses = [0.7, 1.2] }
    }
    #expect(checks[.training]?.passed == true)
    #expect(
      checks[.training]?.text
        == "No method failed in most runs to lower its loss, to move its weights or to fit its "
        + "examples better than chance; these runs did: vanilla at 2 shots (1 of 6); the "
        + "smallest decrease of the loss is −71.4\u{A0}%.")
  }

  @Test("each kind of trouble is found by its check, which says what to do", arguments: troubles)
  func trouble(_ trouble: Trouble) throws {
    let checks = try checks { if $0.key.hasPrefix(trouble.keys) { trouble.change(&$0) } }
    #expect(checks[trouble.kind]?.status == trouble.status)
    #expect(checks[trouble.kind]?.text == trouble.text)
    #expect(checks[trouble.kind]?.advice == trouble.kind.advice)
    // A seed that reaches no sampler also breaks the sharing of samples.
    let others = checks.values.filter { $0.kind != trouble.kind && $0.kind != .sampleSharing }
    #expect(others.filter { !$0.passed }.isEmpty)
  }

  @Test("texts that the model does not read whole are counted for the pool and every set")
  func longTexts() throws {
    var facts = Self.facts
    facts.longTexts = TaskFacts.LongTexts(
      limit: 512, counts: ["train": 1, "ood": 1], isEncoder: true)
    let check = try checks(facts: facts)[.longTexts]
    #expect(check?.status == .warn)
    #expect(
      check?.text
        == "1 of 1 texts of the training pool and 1 of 1 out-of-domain texts are longer than the 512 "
        + "tokens that the model reads at once; their ends are cut off.")
    facts.longTexts = TaskFacts.LongTexts(limit: 512, counts: [:], isEncoder: true)
    #expect(try checks(facts: facts)[.longTexts] == nil)
  }

  @Test("odd rows are named with their set, a count and an example")
  func oddRows() throws {
    let task = LoadedTask(
      definition: .acceptability,
      training: [
        Example(fields: ["The dog runs."], label: 1), Example(fields: ["The dog runs."], label: 0),
      ],
      evaluations: [
        EvaluationSet(
          name: "in-domain", domain: .inDomain, examples: [Example(fields: [" "], label: 1)])
      ], sources: [], columns: ["train": ["label", "sentence", "label"]])
    let check = try checks(facts: TaskFacts(task))[.oddRows]
    #expect(check?.status == .warn)
    #expect(
      check?.findings == [
        "in the training pool, several columns are called 'label'; the first of each is read",
        "in the training pool, 1 row repeats a text with another label, such as 'The dog runs.'",
        "in the in-domain set, 1 row has an empty text",
      ])
    #expect(try checks()[.oddRows] == nil)
  }

  @Test("when nothing beats the majority class, the check fails in domain and warns out of domain")
  func allBelow() throws {
    let check = try checks { $0.setMetric("accuracy", to: 0.6 + $0.fingerprint) }[.majority]
    #expect(check?.status == .fail)
    #expect(
      check?.findings == [
        "in-domain: no method exceeds the majority class (69\u{A0}%): 7 of 7 means lie at or below "
          + "it, 7 with the whole interval",
        "out-of-domain: no method exceeds the majority class (69\u{A0}%): 7 of 7 means lie at or "
          + "below it, 7 with the whole interval",
      ])
  }

  @Test("when every answer is of one class, the collapse check fails")
  func allCollapsed() throws {
    let check = try checks { $0.setMetric("collapse", to: 1) }[.collapse]
    #expect(check?.status == .fail)
  }

  @Test("examples that stand in two sets are counted, whatever their case and punctuation")
  func overlap() throws {
    let train = [Example(fields: ["The dog runs."], label: 1)]
    let inDomain = ["the dog, runs", "A cat runs."].map { Example(fields: [$0], label: 1) }
    let ood = (0..<30).map { Example(fields: ["Word \($0)"], label: 1) }
    let task = LoadedTask(
      definition: .acceptability, training: train,
      evaluations: [
        EvaluationSet(name: "in-domain", domain: .inDomain, examples: inDomain),
        EvaluationSet(
          name: "ood", domain: .outOfDomain,
          examples: ood + [Example(fields: ["A  CAT runs"], label: 0)]),
      ], sources: [])
    let check = try checks(facts: TaskFacts(task))[.overlap]
    #expect(check?.status == .fail)
    #expect(
      check?.findings == [
        "1 of 2 in-domain examples (50\u{A0}%) are also in the training pool",
        "1 of 31 out-of-domain examples (3.2\u{A0}%) are also in the in-domain set",
      ])
  }

  @Test("the check of power judges intervals as they are corrected")
  func power() throws {
    let plan = try RenderingSamples.plan(SmallStudy.source)
    let rendered = EvaluatedReport(plan: plan, results: RenderingSamples.results(plan))
    let check = rendered.checks.first { $0.kind == .power }
    #expect(check?.status == .warn)
    #expect(
      check?.text.hasPrefix("the claims (1 contrast): intervals are ± ") == true)
  }

  @Test("which answers were right follows from the facts of a task")
  func rightAnswers() {
    let set = EvaluationSet(
      name: "ood", domain: .outOfDomain,
      examples: [0, 1, 1].map { Example(fields: ["x\($0)"], label: $0) })
    let facts = TaskFacts(
      LoadedTask(definition: .acceptability, training: [], evaluations: [set], sources: []))
    func evaluation(_ predictions: [UInt8]) -> CellResult.Evaluation {
      CellResult.Evaluation(
        set: "ood", count: 3, metrics: [:], predictions: predictions, tokens: 0, seconds: 0)
    }
    #expect(facts.rightAnswers(evaluation([0, 0, 1])) == [true, false, true])
    #expect(facts.rightAnswers(evaluation([0])) == nil)
  }
}

extension CellResult {
  /// A tiny number of the cell's own.
  fileprivate var fingerprint: Double {
    key.utf8.reduce(0.0) { ($0 * 31 + Double($1)).truncatingRemainder(dividingBy: 997) } * 1e-8
  }

  mutating func setMetric(_ name: String, to value: Double) {
    for index in evaluations.indices { evaluations[index].metrics[name] = value }
  }
}
