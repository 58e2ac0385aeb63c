import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Tasks on the real files", .enabled(if: SharedData.isPresent))
struct RealDataTests {
  private let loader = TaskLoader(folder: SharedData.data(""))

  @Test("CoLA has the published counts and the overlaps of the original release")
  func cola() throws {
    let task = try loader.load(.cola)
    #expect(task.training.count == 8551)
    #expect(task.training.count { $0.label == 1 } == 6023)
    #expect(task.evaluations.map(\.examples.count) == [527, 516])
    #expect(task.evaluations[0].majorityShare == 365.0 / 527)
    // One of the seven differs in punctuation.
    #expect(task.overlaps().map(\.count).prefix(2) == [7, 12])
    #expect(task.training[0].fields[0].hasPrefix("Our friends won't buy this analysis"))
  }

  @Test("MNLI drops neutral, and HANS splits into its heuristics")
  func mnli() throws {
    let task = try loader.load(.mnli)
    #expect(task.training.count == 3061 + 2958)
    #expect(
      task.evaluations.map(\.name) == ["in-domain", "ood", "hans-subsequence", "hans-constituent"])
    #expect(task.evaluations.map(\.examples.count) == [6692, 10000, 10000, 10000])
    #expect(task.evaluations[1].subsets.map(\.indices.count) == [5000, 5000])
    #expect(task.evaluations[1].majorityShare == 0.5)
    #expect(task.sources.last?.note?.hasPrefix("HANS (regenerated)") == true)
    let limited = task.limited(to: 200)
    #expect(limited.evaluations.map(\.examples.count) == [200, 200, 200, 200])
    #expect(limited.evaluations[1].subsets.map(\.indices.count) == [100, 100])
  }

  @Test("the other tasks load", arguments: [(TaskDefinition.rte, 277), (.qqp, 1000), (.sst2, 872)])
  func others(task: TaskDefinition, count: Int) throws {
    let loaded = try loader.load(task)
    #expect(loaded.evaluation(named: "in-domain")?.examples.count == count)
  }

  @Test("all 30,000 rows of HANS are read")
  func allRows() throws {
    let bytes = try Data(contentsOf: SharedData.data("hans/hans_regenerated_30k.tsv"))
    let file = try #require(TaskDefinition.mnli.files.last)
    let reader = TableReader(file, fields: ["premise", "hypothesis"], path: "hans")
    #expect(try bytes.withUnsafeBytes { try reader.rows(in: $0).examples.count } == 30_000)
  }
}
