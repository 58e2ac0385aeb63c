import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite struct BlockTests {
  private func read<Block: ReportBlock>(
    _ type: Block.Type, _ yaml: String, frontMatter: String = "title: a",
    parameters: [String] = []
  ) throws -> Block {
    let front = try LanguageSamples.frontMatter(frontMatter, parameters)
    #expect(front.diagnostics.isEmpty)
    let reading = BlockRegistry.standard.read(
      [LanguageSamples.block(Block.kind, yaml)], frontMatter: front.frontMatter)
    #expect(reading.diagnostics.map(\.description) == [])
    return try #require(reading.blocks.first as? Block)
  }

  @Test(
    "a kind of chart has its name, or what people call it",
    arguments: [
      ("line", ChartKind.lineInterval), ("line-interval", .lineInterval),
      ("dot", .dotInterval), ("strip", .strip),
    ])
  func chartKinds(name: String, kind: ChartKind) throws {
    let block = try read(
      ChartBlock.self, "from: a\nkind: \(name)\ny: [ood.accuracy]\ncaption: C")
    #expect(block.chartKind == kind)
  }

  @Test("an experiment inherits what it does not say, key by key, with the place it came from")
  func defaults() throws {
    let block = try read(
      ExperimentBlock.self,
      """
      methods: [icl, {preset: lora, name: lora-r64, rank: 64, targets: [q, v]}]
      seeds: [0..2, 7]
      """,
      frontMatter: """
        title: a
        defaults:
          task: cola
          data: data/glue
          shots: {{params.shots}}
          seeds: 0..9
          shots-per: total
          evaluate: {limit: 400, sets: [ood]}
          threads: 2
          pattern: minimal
        params: {shots: [0, 16]}
        """)
    #expect(block.label == "x")
    #expect(block.task == Located("cola", at: SourcePosition(file: "r.md", line: 4, column: 9)))
    #expect(block.data?.value == "data/glue")
    #expect(block.model.value == "builtin")
    #expect(block.shots.map(\.value) == [0, 16])
    #expect(block.shots.first?.position.description == "r.md:6:10")
    #expect(block.seeds.map(\.value) == [0, 1, 2, 7])
    #expect(block.seeds.first?.position.description == "r.md:12:9")
    #expect(block.shotsPer.value == .total)
    #expect(block.evaluation.limit?.value == 400)
    #expect(block.evaluation.sets?.map(\.value) == ["ood"])
    #expect(block.threads?.value == 2)
    #expect(block.pattern?.value == "minimal")
    #expect(block.methods.map(\.name.value) == ["icl", "lora-r64"])
    #expect(block.methods[1].preset.value == "lora")
    #expect(
      block.methods[1].options == [
        "rank": .integer(64), "targets": .list([.text("q"), .text("v")]),
      ])
    #expect(block.methods[1].optionPositions["rank"]?.description == "r.md:11:47")
    let shape = block.shape(sets: ["in-domain", "ood"], metrics: ["accuracy"])
    #expect(shape.sets == ["in-domain", "ood"])
    #expect(shape.seeds == [0, 1, 2, 7])
  }

  @Test("an experiment needs no more than task, methods, shots and seeds")
  func shortExperiment() throws {
    let block = try read(
      ExperimentBlock.self, "task: cola\nmethods: vanilla\nshots: 2\nseeds: 0")
    #expect(block.shotsPer.value == .class)
    #expect(block.evaluation.sets == nil)
    #expect(block.title == nil)
  }

  @Test("a chart fills in what its kind implies")
  func chart() throws {
    let line = try read(
      ChartBlock.self,
      "from: lowres\nkind: line-interval\ny: [in-domain.accuracy, ood.mcc]\ncaption: c")
    #expect(line.x == .shots)
    #expect(line.y.map(\.value.description) == ["in-domain.accuracy", "ood.mcc"])
    #expect(line.rules == [.chance, .majority])
    let memory = try read(ChartBlock.self, "from: [a, b]\nkind: memory\ncaption: c")
    #expect(memory.x == .method)
    #expect(memory.y.map(\.value) == [.quantity(.memoryPeak)])
    #expect(memory.selection.experiments.map(\.value) == ["a", "b"])
    let pareto = try read(
      ChartBlock.self,
      """
      from: a
      kind: pareto
      x: memory.peak
      y: ood.accuracy
      methods: [lora, vanilla]
      shots: 2..4
      rules: false
      y-range: [0.4, 1]
      format: pct
      caption: c
      title: t
      alt: d
      """)
    guard case .metric(let path) = pareto.x else {
      Issue.record("x is \(pareto.x)")
      return
    }
    #expect(path.value == .quantity(.memoryPeak))
    #expect(pareto.rules == [])
    #expect(pareto.yRange == 0.4...1)
    #expect(pareto.format == ValueFormat(.percent))
    #expect(pareto.selection.methods?.map(\.value) == ["lora", "vanilla"])
    #expect(pareto.selection.shots?.map(\.value) == [2, 3, 4])
  }

  @Test("a table crosses methods with shots unless told otherwise")
  func table() throws {
    let plain = try read(TableBlock.self, "from: a\ny: ood.accuracy\nbest: true")
    #expect(plain.rows == .method)
    #expect(plain.columns == .shots)
    #expect(plain.highlightsBest)
    let turned = try read(TableBlock.self, "from: a\ny: ood.accuracy\nrows: shots")
    #expect(turned.columns == .method)
  }

  @Test("a claim writes its own statement unless it is given one")
  func claim() throws {
    let own = try read(
      ClaimBlock.self,
      "assert: lowres[lora,16].ood.accuracy > lowres[vanilla,16].ood.accuracy by 2%")
    #expect(own.confidence == 0.95)
    #expect(
      own.text.filled { $0.text }
        == "The ood.accuracy of `lora` at 16 shots (*lowres*) is greater than the ood.accuracy of "
        + "`vanilla` at 16 shots (*lowres*) by more than 2.0\u{A0}%.")
    let given = try read(
      ClaimBlock.self,
      "assert: a.seconds < 3\ntext: Fast\nsource: \"Someone 2024, §4\"\nconfidence: 0.9")
    #expect(given.text.filled { $0.text } == "Fast")
    #expect(given.source == "Someone 2024, §4")
    #expect(given.confidence == 0.9)
  }

  @Test("an experiment that cannot be read is not also reported as unknown")
  func noCascade() {
    let found = LanguageSamples.problems([
      LanguageSamples.block("experiment", label: "e", "task: cola"),
      LanguageSamples.block("chart", label: "c", line: 20, "from: e\ny: ood.mcc\ncaption: x"),
    ])
    #expect(found.count == 3)
    #expect(found.allSatisfy { $0.hasPrefix("r.md:10:1: error[FT011]") })
  }

  @Test("a mistake in the defaults is reported once, however many blocks inherit it")
  func sharedMistake() throws {
    let front = try LanguageSamples.frontMatter("title: a\ndefaults: {seeds: x}").frontMatter
    let yaml = "task: cola\nmethods: a\nshots: 2"
    let found = LanguageSamples.problems(
      [
        LanguageSamples.block("experiment", label: "e", yaml),
        LanguageSamples.block("experiment", label: "f", yaml),
      ], frontMatter: front)
    #expect(found.count == 1)
  }

  @Test("labels are needed, well formed and unique")
  func labels() {
    let claim = "assert: 1 > 0"
    let found = LanguageSamples.problems([
      LanguageSamples.block("claim", label: nil, line: 1, claim),
      LanguageSamples.block("claim", label: "a b", line: 5, claim),
      LanguageSamples.block("claim", label: "c", line: 9, claim),
    ])
    #expect(
      found == [
        """
        r.md:1:1: error[FT011]: the claim block has no label
          help: write ```{claim #claim-1}
        """,
        """
        r.md:5:1: error[FT005]: 'a b' cannot be a label
          help: a name is letters, digits, '-' and '_', and begins with a letter
        """,
      ])
  }
}
