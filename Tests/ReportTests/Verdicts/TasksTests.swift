import Foundation
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Methods compared over several tasks.
@Suite struct TasksTests {
  /// Values by method and seed on each of two tasks.
  private static func table(_ first: [[Double?]], _ second: [[Double?]]) -> ScoreTable {
    let methods = ["a", "b", "c"]
    let experiments = [("e", first), ("f", second)].map { label, values in
      ExperimentResults(
        shape: ExperimentShape(
          label: label, methods: methods, shots: [16], seeds: [0, 1], sets: ["ood"],
          metrics: ["accuracy"]),
        entries: zip(methods, values).flatMap { method, values in
          values.enumerated().map { seed, value in
            ExperimentResults.Entry(
              method: method, shots: 16, seed: seed,
              result: value.map { ResultSamples.result(accuracy: $0, key: "\(method)\(seed)") })
          }
        })
    }
    return ScoreTable(ResultFrame(experiments))
  }

  private static let measure = JudgedMeasure(
    .evaluation(set: "ood", metric: "accuracy"),
    on: [.init(experiment: "f", shots: 16), .init(experiment: "e", shots: 16)])

  @Test("ranks are means over seeds and tasks, ties averaged, 1 for the best")
  func ranks() {
    let table = Self.table(
      [[0.9, 0.8], [0.8, 0.8], [0.5, 0.9]], [[0.6, 0.6], [0.7, 0.7], [0.5, 0.5]])
    let standings = Self.measure.standings(of: ["a", "b", "c"], in: table)
    // On e: a 1 and 2.5, b 2 and 2.5, c 3 and 1. On f: a 2 and 2, b 1 and 1, c 3 and 3.
    let expected: [Double?] = [1.875, 1.625, 2.5]
    #expect(standings.map(\.rank) == expected)
    // In the order of the measure.
    #expect(abs((standings[0].means[0] ?? 0) - 0.6) < 1e-12)
    #expect(abs((standings[0].means[1] ?? 0) - 0.85) < 1e-12)
  }

  @Test(
    "who lacks a run on one task has no rank and no mean, and does not move the ranks of others")
  func missing() {
    let table = Self.table(
      [[0.9, 0.8], [0.8, 0.7], [0.95, nil]], [[0.6, 0.6], [0.75, 0.75], [0.9, 0.9]])
    let standings = Self.measure.standings(of: ["a", "b", "c"], in: table)
    #expect(standings.map(\.rank) == [1.5, 1.5, nil])
    #expect(standings[2].means == [0.9, nil])
    let names = ContrastNames(
      table.frame.experiments.map(\.shape), withoutSample: [:], published: [])
    let book = ContrastBook([], table: table, names: names)
    let judged = JudgedMethods(
      ["a", "b", "c"], by: Self.measure, effect: nil, book: book, table: table)
    #expect(judged.entries.map(\.method) == ["b", "a", "c"])
    #expect(judged.entries.last?.absence == "missing: c at 16 shots, seed 1: not run")
    #expect(judged.pair("a", "c")?.evaluation.verdict == .missing)
  }

  @Test(
    "the difference is that of the means over tasks, with the variance of seeds and both sets of items"
  )
  func difference() throws {
    let study = try RandomStudy(.sound, seed: 4)
    let report = study.evaluated()
    let comparison = try #require(
      report.blocks(EvaluatedComparison.self).first { $0.label == "cmp-3" })
    let table = report.estimates.scores
    func scores(_ method: String, _ experiment: String) throws -> CrossedScores {
      try #require(
        table.scores(
          .evaluation(set: "ood", metric: "accuracy"), of: method, shots: 16, in: experiment
        ).scores)
    }
    for pair in comparison.judged.pairs {
      let parts = try ["e", "f"].map { experiment in
        try scores(pair.first, experiment) - scores(pair.second, experiment)
      }
      let expected = try #require(Contrast((parts[0] + parts[1]).scaled(by: 0.5)))
      let found = try #require(pair.evaluation.contrast?.contrast)
      #expect(abs(found.estimate - expected.estimate) < 1e-12)
      #expect(abs(found.standardError - expected.standardError) < 1e-12)
      #expect(found.degreesOfFreedom == 4)
      #expect(found.items == 80)
      // The items of the tasks are not the same items: their variances add up.
      let items = try parts.map { try #require(Contrast($0)?.components.item) }
      if items.allSatisfy({ $0 > 0 }) {
        #expect(abs(found.components.item - (items[0] + items[1]) / 4) < 1e-12)
      }
    }
    // Six pairs and four floors, however the blocks order the tasks.
    let family = comparison.judged.pairs[0].evaluation.contrast?.family.correction.members
    #expect(family == 10)
    let floors = ["e", "f"].compactMap {
      table.floor(of: .evaluation(set: "ood", metric: "accuracy"), in: $0)
    }
    #expect(comparison.judged.floor == (floors[0] + floors[1]) / 2)
  }

  @Test("the page has a column a task and the mean rank; the JSON has the same numbers")
  func page() throws {
    let rendered = try RandomStudy(.sound, seed: 4).rendered()
    let block = try #require(PrintedPage(rendered.html).block("cmp-3"))
    let columns = try #require(PrintedPage.tables(block).first?.columns)
    #expect(columns.prefix(6) == ["method", "f", "e", "mean", "mean rank", "group"])
    for words in [
      "Over 2 tasks, at 16 examples per class.", "each of which counts the same",
      "describes and is not tested",
    ] {
      #expect(block.contains(words), "\(words)")
    }
    #expect(rendered.json.contains("\"meanRank\""))
    #expect(rendered.json.contains("\"meanByTask\""))
  }

  private static let experiments = [
    LanguageSamples.experiment,
    LanguageSamples.block(
      "experiment", label: "other", line: 120,
      "task: mnli\nmethods: [vanilla, pbft]\nshots: [2, 64]\nseeds: 0..4"),
    LanguageSamples.block(
      "experiment", label: "like", line: 140,
      """
      task: mnli
      methods: [vanilla, {preset: lora, name: lora-r64, rank: 64}]
      shots: [2, 128]
      seeds: 0..9
      """),
  ]

  @Test(
    "what one of the tasks lacks is reported at its place",
    arguments: [
      ("from: [lowres, like]\ny: ood.accuracy", nil),
      (
        "from: [lowres, lowres]\ny: ood.accuracy",
        """
        r.md:11:16: error[FT012]: 'from' holds 'lowres' twice
          help: name each experiment once
        """
      ),
      (
        "from: [lowres, other]\ny: ood.accuracy\nshots: 2",
        """
        r.md:11:8: error[FT022]: experiment 'lowres' has no method 'pbft', which 'other' has
          help: methods are compared over experiments that share them
        r.md:11:16: error[FT022]: experiment 'other' has no method 'lora-r64', which 'lowres' has
          help: methods are compared over experiments that share them
        r.md:11:16: error[FT022]: experiments 'lowres' and 'other' have different seeds
          help: methods are compared over experiments with the same 'seeds'
        """
      ),
      (
        "from: [lowres, other]\ny: ood.accuracy\nshots: 128\nmethods: [vanilla, lora-r64]",
        """
        r.md:14:20: error[FT022]: experiment 'other' has no method 'lora-r64'
          help: its methods: vanilla, pbft
        r.md:13:8: error[FT022]: experiment 'other' has no 128 shots
          help: its shots: 2, 64
        r.md:11:16: error[FT022]: experiments 'lowres' and 'other' have different seeds
          help: methods are compared over experiments with the same 'seeds'
        """
      ),
    ] as [(String, String?)])
  func diagnostics(yaml: String, expected: String?) {
    let problems = LanguageSamples.problems(
      Self.experiments + [LanguageSamples.block("compare", yaml)])
    #expect(problems.joined(separator: "\n") == expected ?? "")
  }

  @Test("a recommendation is for one experiment") func recommendation() {
    let problems = LanguageSamples.problems(
      Self.experiments + [LanguageSamples.block("recommend", "from: [lowres, like]")])
    #expect(problems.first?.contains("'from' must be") == true)
  }
}
