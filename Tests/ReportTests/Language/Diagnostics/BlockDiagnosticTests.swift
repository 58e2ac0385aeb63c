import Testing

@testable import Report

/// The whole text of what is said about charts, tables and claims.
@Suite struct BlockDiagnosticTests {
  struct Case: Sendable {
    let kind: String
    let source: String
    let expected: String
  }

  static let cases = [
    Case(
      kind: "chart",
      source: """
        kind: lines
        from: lowres
        xx: 1
        rules: [chanse]
        y-range: [1, 0]
        format: pc
        """,
      expected: """
        r.md:10:1: error[FT011]: the chart block has no 'y'
          help: write 'y: [in-domain.accuracy, ood.accuracy]'
        r.md:10:1: error[FT011]: the chart block has no 'caption'
          help: write 'caption: "What the figure shows."'
        r.md:11:7: error[FT012]: 'kind' must be one of line-interval, dot-interval, bar, \
        memory, pareto, strip, curve, heatmap, confusion, not 'lines'
        r.md:13:1: error[FT010]: unknown key 'xx' in the chart block
          help: did you mean 'x'?
        r.md:14:9: error[FT012]: 'rules' must be one of chance, majority, tfidf, not 'chanse'
          help: did you mean 'chance'?
        r.md:15:10: error[FT012]: 'y-range' must be two numbers, the lower first
          help: write y-range: [0.4, 1]
        r.md:16:9: error[FT023]: there is no format 'pc'
          help: formats: pct, points, bytes, s, int, x, .0 to .9; add ± for mean ± sd
        """),
    Case(
      kind: "chart",
      source: """
        from: lowres
        kind: pareto
        x: shots
        y: ood.accuracy
        caption: What it costs.
        """,
      expected: """
        r.md:13:4: error[FT012]: a pareto chart compares two metrics
          help: name a cost, as in 'x: memory.peak' or 'x: seconds'
        """),
    Case(
      kind: "chart",
      source: """
        from: lowres
        caption: "At {{lowres[lora,128].ood.accuracy:pct}} é {{lowrs.x.y}} {{1 +}}"
        y: [ood.acuracy, odd.accuracy, memory.peek, foo]
        methods: [lora-r6, vanilla]
        shots: [2, 3]
        """,
      expected: """
        r.md:13:32: error[FT022]: 'memory.peek' is not a metric
          help: did you mean 'memory.peak'?
        r.md:13:45: error[FT022]: 'foo' is not a metric
          help: write SET.METRIC, such as ood.accuracy, or one of train.loss, \
        train.accuracy, train.seconds, train.tokens, train.steps, memory.peak, \
        memory.weights, memory.gradients, memory.optimizer, memory.activations, \
        memory.workspace, memory.key-value, memory.resident, seconds, \
        trainable-parameters, demonstrations
        r.md:13:9: error[FT022]: experiment 'lowres' has no metric 'acuracy'
          help: did you mean 'accuracy'?
        r.md:13:18: error[FT022]: experiment 'lowres' has no evaluation set 'odd'
          help: did you mean 'ood'?
        r.md:14:11: error[FT022]: experiment 'lowres' has no method 'lora-r6'
          help: did you mean 'lora-r64'?
        r.md:15:12: error[FT022]: experiment 'lowres' has no 3 shots
          help: its shots: 2, 128
        r.md:12:23: error[FT022]: experiment 'lowres' has no method 'lora'
          help: did you mean 'lora-r64'?
        r.md:12:57: error[FT021]: there is no experiment 'lowrs'
          help: did you mean 'lowres'?
        r.md:12:74: error[FT023]: expected a value, found the end
          help: a value looks like exp-1[lora,128].ood.accuracy
        """),
    Case(
      kind: "chart",
      source: """
        from: [lowres, lowrez]
        kind: pareto
        caption: x
        y: ood.mcc
        """,
      expected: """
        r.md:10:1: error[FT011]: the chart block has no 'x'
          help: write 'x: memory.peak'
        """),
    Case(
      kind: "chart", source: "caption: ''",
      expected: """
        r.md:10:1: error[FT011]: the chart block has no 'from'
          help: write 'from: the label of an experiment'
        r.md:10:1: error[FT011]: the chart block has no 'y'
          help: write 'y: [in-domain.accuracy, ood.accuracy]'
        r.md:11:10: error[FT012]: 'caption' must not be empty
        """),
    Case(
      kind: "table",
      source: """
        from: lowres
        rows: shots
        columns: shots
        best: maybe
        y: train.loss
        """,
      expected: """
        r.md:13:10: error[FT012]: rows and columns are both 'shots'
          help: choose another for one of them: method, shots, seed, metric, experiment
        r.md:14:7: error[FT012]: 'best' must be true or false, not 'maybe'
        """),
    Case(
      kind: "claim", source: "assert: lowres[lora-r64].ood.accuracy",
      expected: """
        r.md:11:38: error[FT023]: a claim states something of values, but here is the end
          help: write one of > < >= <= = between two values, 'rises with shots', or best(…)
        """),
    Case(
      kind: "claim", source: "",
      expected: """
        r.md:10:1: error[FT011]: the claim block has no 'assert'
          help: write 'assert: exp-1[lora].ood.accuracy > 50%'
        """),
    Case(
      kind: "claim",
      source: """
        confidence: 95
        assert: lowres.ood.accuracy > 50%
        """,
      expected: """
        r.md:11:13: error[FT012]: 'confidence' must be a number between 0.5 and 1.0, not \
        '95'
        r.md:12:9: error[FT022]: the selection names no method, and 'lowres' has 2: \
        vanilla, lora-r64
          help: add vanilla between the brackets, or summarise all with mean(…), min(…) \
        or max(…)
        r.md:12:9: error[FT022]: the selection names no number of shots, and 'lowres' has \
        2: 2, 128
          help: add shots=128 between the brackets, or summarise all with mean(…), min(…) \
        or max(…)
        """),
    Case(
      kind: "claim",
      source: """
        assert: lowres[vanilla,2,seed=77].ood.accuracy > lowres[vanilla,3].ood.mcc by \
        lowres[vanilla,2].ood.mcc
        """,
      expected: """
        r.md:11:31: error[FT022]: experiment 'lowres' has no seed 77
          help: its seeds: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
        r.md:11:65: error[FT022]: experiment 'lowres' has no 3 shots
          help: its shots: 2, 128
        r.md:11:76: error[FT023]: a margin is a number, not results by seed
          help: write a number such as 2%, or a summary such as sd(…)
        """),
    Case(
      kind: "claim",
      source: """
        assert: "lowres[vanilla,2].ood.accuracy > lowres[vanilla,2].ood.mcc by \
        lowres[vanilla,2].ood.mcc"
        """,
      expected: """
        r.md:11:69: error[FT023]: a margin is a number, not results by seed
          help: write a number such as 2%, or a summary such as sd(…)
        """),
    Case(
      kind: "claim",
      source: """
        assert: lowres[vanilla,2,seed=1].ood.accuracy > \
        lowres[vanilla,2,seed=2].ood.accuracy
        """,
      expected: """
        r.md:11:47: error[FT022]: the two sides have no seed in common to pair by
          help: left: 1; right: 2; compare summaries such as mean(…)
        """),
    Case(
      kind: "chrt", source: "",
      expected: """
        r.md:10:1: error[FT004]: there is no 'chrt' block
          help: did you mean 'chart'?
        """),
    Case(
      kind: "chart", source: "- a",
      expected: """
        r.md:11:1: error[FT012]: the chart block must be a map, not a list
          help: write 'key: value' lines
        """),
    Case(
      kind: "chart",
      source: """
        from: lowres
         caption: x
        """,
      expected: """
        r.md:12:2: error[FT003]: this line's indentation fits no line above it
          help: keys of one map begin in the same column; line 11 begins in column 1
        """),
    Case(
      kind: "claim",
      source: """
        assert: >-
          lowres[vanilla,2].ood.accuracy
          > lowres[vanila,2].ood.accuracy
        """,
      expected: """
        r.md:13:12: error[FT022]: experiment 'lowres' has no method 'vanila'
          help: did you mean 'vanilla'?
        """),
    Case(
      kind: "claim", source: "assert: 'lowres[vanilla,''2''] > 3'",
      expected: """
        r.md:11:25: error[FT023]: ''' has no meaning in an expression
          help: an expression looks like exp-1[lora,128].ood.accuracy
        """),
  ]

  @Test("mistakes in a block and in what it names are all reported", arguments: cases)
  func text(of problem: Case) throws {
    let block = LanguageSamples.block(problem.kind, problem.source)
    let found = LanguageSamples.problems([LanguageSamples.experiment, block])
    #expect(found.joined(separator: "\n") == problem.expected)
  }

  @Test("an experiment with a mistake of its own is still one that a misspelt name may mean")
  func brokenExperiment() {
    let found = LanguageSamples.problems([
      LanguageSamples.block("experiment", label: "lowres", "task: cola\nshot: 3"),
      LanguageSamples.block(
        "table", line: 20, "from: lowrs\nrows: method\ny: ood.accuracy\ncaption: c"),
    ])
    #expect(
      found.contains {
        $0.hasPrefix("r.md:21:7: error[FT021]: there is no experiment 'lowrs'")
          && $0.hasSuffix("help: did you mean 'lowres'?")
      })
  }
}
