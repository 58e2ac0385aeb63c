import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Report

@Suite struct RecommendationTests {
  private static let block = """
    ```{recommend #rec-a}
    from: lowres
    YAML
    ```

    """

  /// The recommendations of the large study, whose numbers are made up.
  private func grid(
    _ yaml: String, _ change: (inout CellResult) -> Void = { _ in }
  ) throws -> RecommendationGrid {
    let plan = try RenderingSamples.plan(
      RenderingSamples.source + Self.block.replacingOccurrences(of: "YAML", with: yaml))
    let results = RenderingSamples.results(plan).mapValues { result in
      var result = result
      change(&result)
      return result
    }
    let frame = ResultFrame(plan: plan, results: results)
    let scores = ScoreTable(frame)
    return RecommendationGrid(
      try #require(plan.report.blocks(RecommendBlock.self).first),
      estimates: EstimateTable(scores),
      book: ContrastBook(plan.families, table: scores, names: plan.contrastNames))
  }

  /// Accuracies that lie far above the made-up majority class, or others.
  private static func learned(_ result: inout CellResult) {
    for index in result.evaluations.indices {
      let accuracy = result.evaluations[index].metrics["accuracy"] ?? 0
      result.evaluations[index].metrics["accuracy"] = 0.3 + 0.7 * min(1, accuracy + 0.25)
    }
  }

  @Test("one budget, one choice: the set of the best, and what it is worth elsewhere")
  func single() throws {
    let grid = try grid(
      "n: 128\nmemory: 4 GiB\nmethods: [icl, zero-shot, vanilla, lora]", Self.learned)
    #expect(!grid.hasChoice)
    let choice = try #require(grid.widest)
    #expect(choice.shots == 128)
    #expect(choice.candidates.map(\.entry.method) == ["lora", "vanilla", "icl", "zero-shot"])
    #expect(choice.choice?.entry.method == "lora")
    #expect(choice.outcome == (choice.members.count == 1 ? .best : .several))
    for pair in choice.judged.pairs where pair.evaluation.verdict == .supported {
      #expect(!choice.members.contains { $0.entry.method == pair.second })
    }
    let heldOut = try #require(choice.judged.heldOut)
    let mean = try #require(choice.candidates[0].entry.mean)
    #expect(heldOut <= mean + 1e-12)
  }

  @Test("nothing is recommended that is not better than an answer that needs no skill")
  func floor() throws {
    // Made-up accuracies stay below the made-up majority class.
    let choice = try #require(try grid("n: 128\nmemory: 4 GiB\nmethods: [icl, lora]").widest)
    #expect(choice.judged.floor == 0.69)
    #expect(choice.outcome == .atFloor)
    #expect(choice.choice == nil)
    // Who must use one all the same is told which.
    #expect(choice.fallback?.entry.method == choice.candidates[0].entry.method)
    #expect(choice.judged.pairs.allSatisfy { $0.evaluation.verdict == .atFloor })
    #expect(choice.judged.pairs.allSatisfy { $0.evaluation.pValue == nil })
  }

  @Test("nothing is recommended that training did not change")
  func untrained() throws {
    let choice = try #require(
      try grid("n: 128\nmethods: [vanilla, lora]\nmemory: 8 GiB") { result in
        Self.learned(&result)
        if result.key.contains("/lora/") { result.training?.relativeWeightChange = 0 }
      }.widest)
    #expect(choice.candidates.map(\.entry.method) == ["vanilla"])
    #expect(
      choice.exclusions.map(\.reason) == [
        "not trained: loss or weights did not move in 6 of 6 runs"
      ])
    #expect(choice.outcome == .onlyOne)
  }

  @Test("a budget of memory leaves out what needs more, and says what it needs")
  func memory() throws {
    let choice = try #require(
      try grid("n: 128\nmemory: 700 MiB\nmethods: [icl, vanilla, lora]").widest)
    #expect(choice.candidates.map(\.entry.method) == ["lora", "icl"])
    #expect(
      choice.exclusions == [
        .init(method: "vanilla", reason: "needs 2.0\u{A0}GiB", isBudget: true)
      ])
    let nothing = try #require(try grid("n: 128\nmemory: 1 MiB\nmethods: [icl, lora]").widest)
    #expect(nothing.outcome == .nothingFits)
    #expect(nothing.exclusions.count == 2)
    let one = try #require(
      try grid("n: 128\nmemory: 600 MiB\nmethods: [icl, lora]", Self.learned).widest)
    #expect(one.outcome == .onlyOne)
    #expect(one.choice?.entry.method == "icl")
  }

  @Test("a difference that is the same on every seed takes no method out of the set")
  func untested() throws {
    let choice = try #require(
      try grid("n: 128\nmethods: [vanilla, lora]") { result in
        result.setMetric("accuracy", to: result.key.contains("/lora/") ? 0.9 : 0.8)
      }.widest)
    #expect(choice.candidates.map(\.entry.method) == ["lora", "vanilla"])
    #expect(choice.members.count == 2)
    #expect(choice.judged.pairs.map(\.evaluation.pValue) == [nil])
  }

  @Test(
    "the command makes the chosen method's model again, of the sample that a cell had or of all rows",
    arguments: [
      (
        "lora", "shots: [2, 16]\nseeds: 3..5",
        "ftreport train --task cola --data data --model 'my model' --method lora --set rank=4 "
          + "targets=query,value --shots 16 --seed 3 --threads 1 --save cola-small",
        true
      ),
      (
        "tfidf", "shots: [2, 16]\nshots-per: total\nseeds: 3..5",
        "ftreport train --task cola --data data --method tfidf --shots 16 --shots-per total --seed 3 "
          + "--save cola-tfidf",
        true
      ),
      (
        "lora", "shots: all\nthreads: 2\nvalidation: {folds: 3}",
        "ftreport train --task cola --data data --model 'my model' --method lora --set rank=4 "
          + "targets=query,value --shots all --seed 0 --threads 2 --save cola-small",
        false
      ),
    ] as [(String, String, String, Bool)])
  func command(preset: String, sampling: String, line: String, isCell: Bool) throws {
    let folder = try PlanningFolder()
    try ModelFixture.write(to: folder.files.file("my model"))
    let plan = try folder.plan(
      """
      ---
      title: A study
      ---

      ```{experiment #study}
      task: cola
      data: data
      model: my model
      methods: [tfidf, {preset: lora, name: small, rank: 4, targets: [query, value]}]
      \(sampling)
      ```

      """)
    let name = preset == "lora" ? "small" : preset
    let command = try #require(TrainCommand(name, shots: 16, in: plan.experiments[0]))
    #expect(command.line() == line && command.isCell == isCell)
    #expect(command.line { "at/\($0)" }.contains("--task at/cola --data at/data"))
  }

  @Test("examples between two measured numbers count as the smaller")
  func examples() throws {
    let grid = try grid("n: [20, 2]\nmemory: 8 GiB\nmethods: [lora, vanilla]")
    #expect(grid.examples == [2, 20])
    #expect(grid.cells[0].map(\.shots) == [2, 16])
  }

  @Test("a method that lost a seed is no candidate")
  func lost() throws {
    let nothing = try #require(try grid("n: 16\nmethods: [pbft, vanilla]\nmemory: 1 MiB").widest)
    #expect(nothing.outcome == .notRun)
    let choice = try #require(try grid("n: 16\nmethods: [pbft, lora]\nmemory: 8 GiB").widest)
    #expect(choice.candidates.map(\.entry.method) == ["lora"])
    #expect(choice.exclusions.first?.method == "pbft")
    #expect(choice.exclusions.first?.reason.hasPrefix("missing: pbft at 16 shots") == true)
  }

  @Test("without budgets the measured memory gives them, from the tightest to any")
  func measuredLevels() throws {
    let grid = try grid("y: ood.accuracy")
    #expect(grid.examples == [2, 16, 128])
    #expect(grid.rows.last == .init(memory: nil, seconds: nil))
    #expect(grid.rows.count >= 3)
    let levels = grid.rows.compactMap(\.memory)
    #expect(levels == levels.sorted())
    // Something fits even the tightest.
    #expect(grid.cells[0].allSatisfy { !$0.candidates.isEmpty })
  }

  @Test(
    "amounts of memory are rounded up to two digits",
    arguments: [(546.3, 550.0), (5.41, 5.5), (42.1, 43.0), (550.0, 550.0), (2058.0, 2150.4)])
  func rounding(mebibytes: Double, expected: Double) {
    let rounded = Budget.roundedUp(mebibytes * 1_048_576) / 1_048_576
    #expect(abs(rounded - expected) < 1e-6)
  }

  @Test(
    "amounts are read with their units",
    arguments: [
      ("512 MiB", 536_870_912.0), ("2GiB", 2_147_483_648), ("1.5 GB", 1.5e9), ("4096", 4096),
    ] as [(String, Double)])
  func bytes(text: String, expected: Double) {
    #expect(Quantity.read(text, units: Quantity.byteUnits) == expected)
  }

  @Test(
    "bytes on a command line need their unit",
    arguments: [
      ("512MB", 512_000_000), ("2GiB", 2 << 30), ("1.5 KiB", 1536), ("512", nil), ("2 G", nil),
      ("0B", nil), ("1e30 TB", nil), ("nan B", nil), ("", nil),
    ] as [(String, Int?)])
  func wholeBytes(text: String, expected: Int?) {
    #expect(Quantity.bytes(text) == expected)
  }

  @Test("seconds too", arguments: [("30", 30.0), ("90 s", 90), ("2 min", 120), ("1h", 3600)])
  func seconds(text: String, expected: Double) {
    #expect(Quantity.read(text, units: Quantity.secondUnits) == expected)
  }

  @Test(
    "what is no positive amount is none",
    arguments: ["", "many", "-1 MiB", "0", "3 days", "inf"])
  func noAmount(text: String) {
    #expect(Quantity.read(text, units: Quantity.byteUnits) == nil)
    #expect(Quantity.read(text, units: Quantity.secondUnits) == nil)
  }
}
