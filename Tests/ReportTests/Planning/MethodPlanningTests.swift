import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite("Planning what methods name: grids, teachers, choices")
struct MethodPlanningTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  private func text(_ method: String) -> String {
    PlanningSamples.front + """
      ```{experiment #first}
      task: cola
      methods: [\(method)]
      shots: [4]
      seeds: [0]
      ```

      """
  }

  private func explained(_ method: String) throws -> [String] {
    try folder.planning(text(method)).diagnostics.map(\.description)
  }

  @Test("a grid is one cell, whose key its axes are in")
  func grid() throws {
    let one = try folder.plan(text("{preset: lora, grid: {rank: [2, 4], learning-rate: [1.0e-3]}}"))
    let recipe = try #require(one.cells.first).cell.recipe
    #expect(one.cells.count == 1)
    #expect(recipe.methodOptions["grid.rank"] == .list([.integer(2), .integer(4)]))
    #expect(recipe.methodOptions["grid.learning-rate"] == .list([.number(1e-3)]))
    #expect(recipe.methodOptions["validation"] == .integer(64))
    let other = try folder.keys(text("{preset: lora, grid: {rank: [2], learning-rate: [1.0e-3]}}"))
    #expect(other != one.cells.map(\.cell.key))
  }

  @Test(
    "mistakes are reported at their place",
    arguments: [
      (
        "{preset: lora, grid: [2, 4]}",
        """
        study.md:12:32: error[FT012]: 'grid' must be options with lists of values, not a list
          help: write 'grid: {learning-rate: [1.0e-4, 1.0e-3], rank: [4, 16]}'
        """
      ),
      (
        "{preset: lora, grid: {rnak: [2, 4]}}",
        """
        study.md:12:33: error[FT032]: method 'lora' has no option 'rnak'
          help: did you mean 'rank'?
        """
      ),
      (
        "{preset: lora, grid: {rank: [2, 400]}}",
        """
        study.md:12:33: error[FT032]: method 'lora': rank 400 exceeds the smallest matrix dimension 8
          help: choose a rank from 1 to 8
        """
      ),
      (
        "{preset: context-distillation, teacher: nowhere}",
        """
        study.md:12:42: error[FT040]: there is no folder 'nowhere'
          help: a model is a Hugging Face folder, named relative to the source file, or 'builtin'
        """
      ),
      (
        "{preset: lora, selection: best-held-out, validation: 100}",
        """
        study.md:13:9: error[FT036]: class 'unacceptable' has 36 training examples, 54 are needed
          help: ask for fewer shots, or use a larger training file
        """
      ),
    ])
  func mistakes(method: String, expected: String) throws {
    let found = try explained(method)
    #expect(found == [expected])
  }

  @Test("epochs chosen on the in-domain set are warned of; without that set they are a mistake")
  func inDomain() throws {
    let planning = try folder.planning(text("{preset: lora, selection: best-in-domain}"))
    #expect(planning.plan != nil)
    #expect(
      planning.diagnostics.map(\.description) == [
        """
        study.md:12:26: warning[FT032]: method 'lora' chooses epochs on 'in-domain', which \
        inflates its scores there
          help: 'selection: best-held-out' uses examples of the training pool instead
        """
      ])
    let alone = text("{preset: lora, selection: best-in-domain}").replacingOccurrences(
      of: "shots: [4]", with: "shots: [4]\nevaluate: {sets: [ood]}")
    #expect(try folder.planning(alone).plan == nil)
  }

  @Test("another checkpoint teaches by its fingerprint, wherever it lies")
  func teacher() throws {
    try ModelFixture.write(to: folder.files.file("teacher"), seed: 5)
    try ModelFixture.write(to: folder.files.file("copy"), seed: 5)
    func cell(_ name: String) throws -> Cell {
      try #require(
        folder.plan(text("{preset: context-distillation, teacher: \(name)}")).cells.first
      ).cell
    }
    let (one, same) = (try cell("teacher"), try cell("copy"))
    #expect(one.key == same.key && one.teacherPath != same.teacherPath)
    #expect(one.recipe.methodOptions["teacher"] == .text("checkpoint"))
    #expect(try cell("model").key != one.key)
  }

  @Test("a study's settings are options, and a method follows the experiment's pattern as before")
  func study() throws {
    let plan = try folder.plan(
      text("pbft, {preset: pbft, name: p, compat: paper-2024}")
        .replacingOccurrences(of: "shots: [4]", with: "shots: [4]\npattern: gpt-3"))
    let recipes = plan.cells.map(\.cell.recipe)
    #expect(recipes.map { $0.methodOptions["pattern"] } == [.text("gpt-3"), .text("paper-2024")])
    #expect(recipes.map(\.objective) == ["verbalizer", "head"])
  }
}
