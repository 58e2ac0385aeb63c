import Testing

@testable import Report

/// The whole text of what is said about experiment blocks.
@Suite struct ExperimentDiagnosticTests {
  struct Case: Sendable {
    let kind: String
    let source: String
    let expected: String
  }

  static let cases = [
    Case(
      kind: "experiment", source: "",
      expected: """
        r.md:10:1: error[FT011]: the experiment block has no 'task'
          help: write 'task: cola'
        r.md:10:1: error[FT011]: the experiment block has no 'methods'
          help: write 'methods: [vanilla, lora]'
        r.md:10:1: error[FT011]: the experiment block has no 'shots'
          help: write 'shots: [2, 16, 128]'
        r.md:10:1: error[FT011]: the experiment block has no 'seeds'
          help: write 'seeds: 0..9'
        """),
    Case(
      kind: "experiment",
      source: """
        task: [a]
        methods: [a, a, 3, {name: b}, {preset: c, opt: {a: 1}}, {preset: 1x}]
        shots: [2, -1, 3..1, 2, x]
        seeds: []
        shots-per: klass
        evaluate: {limit: 0, set: a}
        threads: 0
        titel: x
        """,
      expected: """
        r.md:11:7: error[FT012]: 'task' must be text, not a list
        r.md:12:14: error[FT012]: two methods are named 'a'; the first is on line 12
          help: give one of them another 'name'
        r.md:12:17: error[FT012]: 'methods' must be names of presets, or maps with a \
        'preset', not '3'
          help: write [vanilla, {preset: lora, name: lora-r64, rank: 64}]
        r.md:12:20: error[FT011]: the method has no 'preset'
          help: write 'preset: lora'
        r.md:12:48: error[FT012]: 'opt' must be a scalar or a list of scalars, not a map
        r.md:12:66: error[FT012]: '1x' cannot be a method's name
          help: a name is letters, digits, '-' and '_', and begins with a letter
        r.md:13:12: error[FT012]: 'shots' must be whole numbers of at least 0, not '-1'
          help: write one number, a list such as [2, 16] or a range such as 0..9
        r.md:13:16: error[FT012]: the range 3..1 in 'shots' runs backwards
          help: write 1..3
        r.md:13:22: error[FT012]: 'shots' holds 2 twice
          help: name each value once
        r.md:13:25: error[FT012]: 'shots' must be whole numbers of at least 0, not 'x'
          help: write one number, a list such as [2, 16] or a range such as 0..9
        r.md:14:8: error[FT012]: 'seeds' must not be empty
        r.md:15:12: error[FT012]: 'shots-per' must be one of class, total, natural, not 'klass'
          help: did you mean 'class'?
        r.md:16:19: error[FT012]: 'limit' must be a whole number of at least 1, not '0'
        r.md:16:22: error[FT010]: unknown key 'set' in the 'evaluate' map
          help: did you mean 'sets'?
        r.md:17:10: error[FT012]: 'threads' must be a whole number of at least 1, not '0'
        r.md:18:1: error[FT010]: unknown key 'titel' in the experiment block
          help: did you mean 'title'?
        """),
    Case(
      kind: "experiment",
      source: """
        task: cola
        methods: []
        shots: 2
        seeds: 0..20000
        """,
      expected: """
        r.md:12:10: error[FT012]: 'methods' must not be empty
        r.md:14:8: error[FT012]: 'seeds' asks for more than 10000 values
        """),
    Case(
      kind: "experiment",
      source: """
        task: cola
        methods: a
        shots: 0..9223372036854775807
        seeds: 9999999999999999999
        """,
      expected: """
        r.md:13:8: error[FT012]: 'shots' asks for more than 10000 values
        r.md:14:8: error[FT012]: 'seeds' must be whole numbers of at least 0, not \
        '9999999999999999999'
          help: write one number, a list such as [2, 16] or a range such as 0..9
        """),
  ]

  @Test("mistakes in an experiment are all reported", arguments: cases)
  func text(of problem: Case) throws {
    let block = LanguageSamples.block(problem.kind, problem.source)
    let found = LanguageSamples.problems([LanguageSamples.experiment, block])
    #expect(found.joined(separator: "\n") == problem.expected)
  }
}
