import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Experiments
@testable import Report

@Suite struct TaskFactsReaderTests {
  private let folder: PlanningFolder
  private let plan: ReportPlan

  init() throws {
    folder = try PlanningFolder()
    plan = try folder.plan(PlanningSamples.study)
  }

  private var kept: [URL] {
    get throws {
      try FileManager.default.contentsOfDirectory(
        at: folder.files.file("tasks"), includingPropertiesForKeys: nil)
    }
  }

  @Test("facts are kept; a file in which a bit changed is reported and made again")
  func damage() throws {
    let damaged = Mutex<[String]>([])
    let reader = TaskFactsReader(folder: folder.files.file("tasks")) { file in
      damaged.withLock { $0.append(file.lastPathComponent) }
    }
    let facts = try #require(reader.facts(of: plan)["first"])
    #expect(facts.trainingCount == 72 && facts.labels["ood"]?.count == 24)
    #expect(facts.items(of: "ood")?.map(\.description) == (1...24).map { "ood:\($0)" })
    #expect(facts.items(of: "elsewhere") == nil)
    // What a model does not read whole is kept apart.
    let file = try #require(
      try kept.first { try Data(contentsOf: $0).range(of: Data("trainingCount".utf8)) != nil })
    let whole = try Data(contentsOf: file)
    // A count of 73 instead of 72 would be as good a file.
    let digit = try #require(whole.range(of: Data("72".utf8))).upperBound - 1
    var changed = whole
    changed[digit] ^= 1
    try changed.write(to: file)
    #expect(reader.facts(of: plan)["first"] == facts)
    #expect(damaged.withLock(\.self) == [file.lastPathComponent])
    #expect(try Data(contentsOf: file) == whole)
    // Kept facts need no data.
    try FileManager.default.removeItem(at: folder.files.file("data"))
    #expect(reader.facts(of: plan)["first"] == facts)
  }

  @Test("facts of data that changed after the plan are neither used nor kept")
  func changedData() throws {
    let file = folder.files.file("data/cola/in_domain_train.tsv")
    try Data(try Data(contentsOf: file).dropLast(30)).write(to: file)
    let reader = TaskFactsReader(folder: folder.files.file("tasks"))
    #expect(reader.facts(of: plan).isEmpty)
    #expect(throws: (any Error).self) { try kept }
  }
}
