import Testing

@testable import Formats
@testable import Report

/// The whole text of what is said about comparisons, recommendations and published numbers.
@Suite struct VerdictDiagnosticTests {
  struct Case: Sendable {
    let kind: String
    let source: String
    let expected: String
  }

  static let cases = [
    Case(
      kind: "compare",
      source: """
        from: lowres
        methods: [lora-r6, vanilla, vanilla]
        shots: [2, 128]
        correction: bonferroni
        y: ood.acuracy
        """,
      expected: """
        r.md:12:29: error[FT012]: 'methods' holds 'vanilla' twice
          help: name each method once
        r.md:13:8: error[FT012]: 'shots' must be one number of examples, 'min' or 'max', not a list
        r.md:14:13: error[FT012]: 'correction' chooses nothing: every statement is \
        corrected by the same rule
          help: leave it out, or write 'second-opinion: true' to see sign flips and Holm's \
        correction
        r.md:15:8: error[FT022]: experiment 'lowres' has no metric 'acuracy'
          help: did you mean 'accuracy'?
        r.md:12:11: error[FT022]: experiment 'lowres' has no method 'lora-r6'
          help: did you mean 'lora-r64'?
        """),
    Case(
      kind: "compare", source: "from: lowrez\nmethods: vanilla",
      expected: """
        r.md:10:1: error[FT011]: the compare block has no 'y'
          help: write 'y: ood.accuracy'
        r.md:12:10: error[FT012]: one method cannot be compared with itself
          help: name two or more, or leave 'methods' out for all
        """),
    Case(
      kind: "compare", source: "from: lowres\ny: ood.mcc\nshots: 3\nmetod: x",
      expected: """
        r.md:14:1: error[FT010]: unknown key 'metod' in the compare block
          help: did you mean 'methods'?
        r.md:13:8: error[FT022]: experiment 'lowres' has no 3 shots
          help: its shots: 2, 128
        """),
    Case(
      kind: "recommend",
      source: """
        from: lowres
        n: [1, 200]
        memory: [2 GiB, lots]
        seconds: -3
        """,
      expected: """
        r.md:13:17: error[FT012]: 'memory' must be amounts such as 512 MiB or 2 GiB, not 'lots'
        r.md:14:10: error[FT012]: 'seconds' must be amounts such as 30 or 2 min, not '-3'
        r.md:12:5: error[FT022]: 'lowres' measures nothing with 1 examples or fewer
          help: its shots: 2, 128
        """),
    Case(
      kind: "chart",
      source: "from: lowres\nkind: bar\ny: ood.mcc\ncaption: x\nreference: ref-paper",
      expected: """
        r.md:15:12: error[FT012]: published numbers belong to numbers of examples, which this chart \
        does not show
          help: use 'x: shots' with kind line-interval or dot-interval
        """),
    Case(
      kind: "chart", source: "from: lowres\ny: ood.mcc\ncaption: x\nreference: ref-papr",
      expected: """
        r.md:14:12: error[FT021]: there are no published numbers 'ref-papr'
          help: did you mean 'ref-paper'?
        """),
    Case(
      kind: "chart", source: "from: lowres\ny: ood.mcc\ncaption: x\nreference: ref-paper",
      expected: """
        r.md:14:12: error[FT022]: 'ref-paper' has none of the metrics shown here
          help: its metrics: ood.accuracy
        """),
    Case(
      kind: "chart", source: "from: ref-paper\ny: ood.mcc\ncaption: x",
      expected: """
        r.md:11:7: error[FT021]: 'ref-paper' is a reference block, not an experiment
          help: name an experiment here; charts and tables take 'ref-paper' as 'reference'
        """),
    Case(
      kind: "table", source: "from: lowres\ny: ood.accuracy\nrows: seed\nreference: ref-paper",
      expected: """
        r.md:14:12: error[FT012]: published numbers have no seeds to compare with
          help: use neither rows nor columns for seeds
        """),
  ]

  static let published = PublishedNumbers(
    label: "ref-paper", source: "Someone 2024",
    numbers: [
      .init(
        method: "lora", shots: 16, metric: .evaluation(set: "ood", metric: "accuracy"),
        value: 0.6, spread: nil, runs: nil),
      .init(
        method: "lora", shots: 128, metric: .evaluation(set: "ood", metric: "accuracy"),
        value: 0.7, spread: 0.01, runs: 10),
    ])

  private static func catalog(_ reading: BlockRegistry.Reading) -> ExperimentCatalog {
    ExperimentCatalog(
      reading.blocks.compactMap { $0 as? ExperimentBlock }.map {
        $0.shape(sets: ["in-domain", "ood"], metrics: ["accuracy", "mcc", "macro-f1"])
      }, published: [published])
  }

  @Test("every mistake is reported with its place and what to do", arguments: cases)
  func problems(item: Case) {
    let reading = BlockRegistry.standard.read(
      [LanguageSamples.experiment, LanguageSamples.block(item.kind, item.source)],
      frontMatter: nil)
    let catalog = Self.catalog(reading)
    let problems =
      reading.diagnostics + reading.blocks.flatMap { $0.check(against: catalog) }
    #expect(problems.map(\.description).joined(separator: "\n") == item.expected)
  }

  @Test(
    "expressions may name published numbers that exist",
    arguments: [
      ("ref-paper[lora,16].ood.accuracy", nil),
      ("max(ref-paper.ood.accuracy) - ref-paper[lora,shots=min].ood.accuracy", nil),
      (
        "ref-paper[lora].ood.accuracy",
        """
        r.md:1:1: error[FT022]: the selection means 2 published numbers
          help: write ref-paper[lora, 16].ood.accuracy, or summarise all with mean(…), min(…) or max(…)
        """
      ),
      (
        "ref-paper[lara,16].ood.accuracy",
        """
        r.md:1:11: error[FT022]: 'ref-paper' has no method 'lara'
          help: did you mean 'lora'?
        """
      ),
      (
        "ref-paper[lora,64].ood.accuracy",
        """
        r.md:1:16: error[FT022]: 'ref-paper' has no 'ood.accuracy' there
          help: it has numbers at 16, 128 shots
        """
      ),
      (
        "ref-paper[lora,16,seed=3].ood.accuracy",
        """
        r.md:1:24: error[FT022]: published numbers such as 'ref-paper' have no seeds
          help: leave the seed out
        """
      ),
      (
        "ref-paper[lora,16].memory.peak",
        """
        r.md:1:20: error[FT022]: 'ref-paper' has no 'memory.peak'
          help: its metrics: ood.accuracy
        """
      ),
    ] as [(String, String?)])
  func expressions(text: String, expected: String?) throws {
    let catalog = ExperimentCatalog([], published: [Self.published])
    let problems = try ResultSamples.value(text).check(against: catalog).map(\.description)
    #expect(problems == [expected].compactMap(\.self))
  }

  @Test("a published number is shown as one, with its spread where it is asked for")
  func values() throws {
    let frame = ResultFrame([], published: [Self.published])
    let value = try ResultSamples.value("ref-paper[lora,128].ood.accuracy:pct±").rendered(in: frame)
    #expect(value.text == "70.0 ± 1.0\u{A0}%")
    #expect(value.isPublished)
    #expect(value.tooltip == "published, not measured here: Someone 2024")
    let sum = try ResultSamples.value("max(ref-paper.ood.accuracy) - 10%:pct").rendered(in: frame)
    #expect(sum.text == "60.0\u{A0}%")
    let spread = try ResultSamples.value("sd(ref-paper[lora,16].ood.accuracy)").rendered(in: frame)
    #expect(spread.isMissing)
  }
}
