import Foundation
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
    return RecommendationGrid(
      try #require(plan.report.blocks(RecommendBlock.self).first), estimates: EstimateTable(frame))
  }

  @Test("one budget, one choice: the best mean that fits, and what may be as good")
  func single() throws {
    let grid = try grid("n: 128\nmemory: 4 GiB\nmethods: [icl, zero-shot, vanilla, lora]")
    #expect(!grid.hasChoice)
    let choice = try #require(grid.widest)
    #expect(choice.shots == 128)
    #expect(choice.candidates.map(\.method) == ["lora", "vanilla", "icl", "zero-shot"])
    #expect(choice.verdict == .clear)
    #expect(choice.best?.bestShare == 1)
    #expect(choice.candidates.dropFirst().allSatisfy { $0.test?.adjustedPValue == 2.0 / 64 })
    // Made-up accuracies stay below the made-up majority class.
    #expect(choice.isNearMajority)
    #expect(choice.majority == 0.69)
  }

  @Test("a budget of memory leaves out what needs more, and says what it needs")
  func memory() throws {
    let choice = try #require(
      try grid("n: 128\nmemory: 700 MiB\nmethods: [icl, vanilla, lora]").widest)
    #expect(choice.candidates.map(\.method) == ["lora", "icl"])
    #expect(
      choice.exclusions == [.init(method: "vanilla", reason: "needs 2.0\u{A0}GiB")])
    let nothing = try #require(try grid("n: 128\nmemory: 1 MiB\nmethods: [icl, lora]").widest)
    #expect(nothing.verdict == .nothingFits)
    #expect(nothing.exclusions.count == 2)
    let one = try #require(try grid("n: 128\nmemory: 600 MiB\nmethods: [icl, lora]").widest)
    #expect(one.verdict == .onlyOne)
    #expect(one.best?.method == "icl")
  }

  @Test("a difference that is the same on every seed is not tested, so it makes no clear choice")
  func untested() throws {
    let choice = try #require(
      try grid("n: 128\nmethods: [vanilla, lora]") { result in
        result.setMetric("accuracy", to: result.key.contains("/lora/") ? 0.9 : 0.8)
      }.widest)
    #expect(choice.candidates.map(\.method) == ["lora", "vanilla"])
    #expect(choice.candidates.map(\.isUntested) == [false, true])
    #expect(choice.verdict == .undecided)
  }

  @Test("examples between two measured numbers count as the smaller")
  func examples() throws {
    let grid = try grid("n: [20, 2]\nmemory: 8 GiB\nmethods: [lora, vanilla]")
    #expect(grid.examples == [2, 20])
    #expect(grid.cells[0].map(\.shots) == [2, 16])
  }

  @Test("a method that lost a seed is no candidate")
  func lost() throws {
    let choice = try #require(try grid("n: 16\nmethods: [pbft, lora]\nmemory: 8 GiB").widest)
    #expect(choice.candidates.map(\.method) == ["lora"])
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

  @Test("the share of being best is one half between equals and one for a sure winner")
  func bestShare() throws {
    let a = [0.1, 0.5, 0.3, 0.4]
    let even = try #require(BestShare.shares([a, a], prefersLower: false))
    #expect(even == [0.5, 0.5])
    let sure = try #require(
      BestShare.shares([a, a.map { $0 + 0.01 }], prefersLower: false))
    #expect(sure == [0, 1])
    let lower = try #require(BestShare.shares([a, a.map { $0 + 0.01 }], prefersLower: true))
    #expect(lower == [1, 0])
    #expect(BestShare.shares([[0.1], [0.2]], prefersLower: false) == nil)
    // Two seeds of opposite sign: a wins with (0,0), loses with (1,1), ties in between.
    let torn = try #require(BestShare.shares([[1, 0], [0, 1]], prefersLower: false))
    #expect(abs(torn[0] - 0.5) < 0.02)
  }
}
