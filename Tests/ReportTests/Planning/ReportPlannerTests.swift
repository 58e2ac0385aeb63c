import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Report

@Suite struct ReportPlannerTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  @Test("a method that reads no sample has one cell for all shots and seeds")
  func cells() throws {
    let plan = try folder.plan(PlanningSamples.study)
    #expect(plan.cells.map(\.method) == ["zero-shot"] + Array(repeating: "vanilla", count: 4))
    #expect(plan.experiments.map(\.places.count) == [8])
    #expect(plan.cells.map(\.cell.recipe.shots) == [0, 2, 2, 4, 4])
    #expect(plan.cells.map(\.cell.recipe.seed) == [0, 0, 1, 0, 1])
    #expect(plan.cells.allSatisfy { $0.reason == .neverRun && ($0.memory?.peak ?? 0) > 0 })
  }

  @Test(
    "prose, titles, labels, paths and orders are no part of a key",
    arguments: [
      ("this is prose", "this is other prose"), ("title: A study", "title: Another"),
      ("#first", "#renamed"), ("model: model", "model: ./model/"), ("data: data", "data: ../"),
      ("who: reader", "who: nobody"), ("task: cola", "title: Named\ntask: cola"),
      ("{preset: vanilla,", "{preset: vanilla, name: renamed,"),
    ])
  func keysStay(old: String, new: String) throws {
    let text = PlanningSamples.study
    try #require(text.contains(old))
    // `..` holds the data under another path.
    let changed = text.replacingOccurrences(
      of: old,
      with: new == "data: ../" ? "data: ../\(folder.files.url.lastPathComponent)/data" : new)
    #expect(try folder.keys(changed) == folder.keys(text))
  }

  @Test("what changes a result changes keys, of the cells it reaches alone")
  func keysChange() throws {
    let keys = try folder.keys(PlanningSamples.study)
    func kept(_ old: String, _ new: String) throws -> Int {
      let changed = PlanningSamples.study.replacingOccurrences(of: old, with: new)
      return Set(try folder.keys(changed)).intersection(keys).count
    }
    #expect(try kept("rate: 1.0e-3", "rate: 2.0e-3") == 1)
    #expect(try kept("epochs: 2", "epochs: 3") == 1)
    #expect(try kept("shots: [2, 4]", "shots: [2, 8]") == 3)
    #expect(try kept("seeds: [0, 1]", "seeds: [1, 2]") == 3)
    #expect(try kept("task: cola", "task: cola\nthreads: 2") == 0)
    #expect(try kept("task: cola", "task: cola\nevaluate: {limit: 5}") == 0)
    #expect(try kept("task: cola", "task: cola\nevaluate: {sets: [ood]}") == 0)
    #expect(try kept("task: cola", "task: cola\npattern: gpt-3") == 4)
  }

  @Test("data and model moved elsewhere keep their keys")
  func moved() throws {
    let keys = try folder.keys(PlanningSamples.study)
    for name in ["data", "model"] {
      try FileManager.default.createDirectory(
        at: folder.files.file("far"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        at: folder.files.file(name), to: folder.files.file("far/\(name)"))
    }
    let text = PlanningSamples.study
      .replacingOccurrences(of: "model: model", with: "model: far/model")
      .replacingOccurrences(of: "data: data", with: "data: far/data")
    #expect(try folder.keys(text) == keys)
  }

  @Test("a changed data file or model changes every key")
  func changedFiles() throws {
    let keys = Set(try folder.keys(PlanningSamples.study))
    try folder.files.replace(
      "the big man", with: "the red man", in: "data/cola/out_of_domain_dev.tsv")
    let later = Set(try folder.keys(PlanningSamples.study))
    #expect(keys.isDisjoint(with: later))
    try ModelFixture.write(to: folder.files.file("model"), seed: 2)
    #expect(later.isDisjoint(with: try folder.keys(PlanningSamples.study)))
  }

  @Test("cells that two experiments share are planned once, for the first")
  func shared() throws {
    let second = """
      ```{experiment #second}
      task: cola
      methods: [{preset: vanilla, name: again, learning-rate: 1.0e-3, epochs: 2}]
      shots: [4, 8]
      seeds: [1]
      ```

      """
    let plan = try folder.plan(PlanningSamples.study + second)
    #expect(plan.cells.count == 6)
    #expect(plan.cells.map(\.experiment).filter { $0 == "second" }.count == 1)
    let places = plan.experiments[1].places
    #expect(places.map(\.method) == ["again", "again"])
    #expect(plan.experiments[0].places.map(\.key).contains(places[0].key))
  }

  @Test("stored results are known; what failed, changed or is refreshed runs with its reason")
  func reasons() throws {
    let cells = try folder.plan(PlanningSamples.study).cells
    for cell in cells.dropLast() { try folder.store(cell) }
    try folder.store(cells[4], status: .failed(reason: "no memory"))
    let plan = try folder.plan(PlanningSamples.study)
    #expect(plan.pending.map(\.reason) == [.failed("no memory")])
    #expect(plan.known.count == 4)
    // Known cells need no memory.
    #expect(plan.cells.allSatisfy { ($0.memory == nil) == ($0.cached != nil) })

    let edited = try folder.plan(PlanningSamples.study, parameters: ["rate=2.0e-3"])
    #expect(
      edited.pending.map(\.reason)
        == Array(repeating: .changed("learning-rate 0.001 → 0.002"), count: 4))

    let refreshed = try folder.planning(PlanningSamples.study) { place, label in
      label == "first" && place.method == "vanilla" && place.seed == 0
    }
    #expect(
      refreshed.plan?.pending.map(\.reason)
        == [.requestedAgain, .requestedAgain, .failed("no memory")])
  }

  @Test("a report without experiments has an empty plan")
  func empty() throws {
    let plan = try folder.plan("---\ntitle: T\n---\n# Nothing\n\nto run")
    #expect(plan.cells.isEmpty)
    #expect(plan.experiments.isEmpty)
  }
}
