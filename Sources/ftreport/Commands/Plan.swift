import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Prints which cells a build would run, why, for how long and in how much memory.
struct Plan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a build would run, and why.")

  @OptionGroup var source: SourceOptions

  @Flag(help: "List every cell with its reason.")
  var explain = false

  func run() async throws {
    for path in source.sources {
      try await Diagnostics.guarding(json: source.parameters.json) {
        let opened = try OpenSource(path, source.parameters, isTransient: true)
        let plan = try opened.plan(json: source.parameters.json)
        let text = PlanText(plan)
        if source.parameters.json {
          try Output.print(text.json())
        } else {
          try text.summarize()
          if explain { try text.explain() }
        }
      }
    }
  }
}

/// Reads and plans, and runs nothing.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report every mistake with file, line and column; run nothing.")

  @OptionGroup var source: SourceOptions

  func run() async throws {
    var diagnostics: [Diagnostic] = []
    for path in source.sources {
      try await Diagnostics.guarding(json: source.parameters.json) {
        let opened = try OpenSource(path, source.parameters, isTransient: true)
        diagnostics += try ReportPlanner(workspace: opened.workspace, store: opened.store)
          .plan(opened.reading).diagnostics
      }
    }
    try Diagnostics.show(diagnostics, json: source.parameters.json)
    let errors = diagnostics.count { $0.severity == .error }
    guard errors == 0 else { throw ExitCode(2) }
    if !source.parameters.json {
      Terminal.complain("\(source.sources.joined(separator: ", ")): no mistakes")
    }
  }
}

/// A plan written out.
struct PlanText {
  private let plan: ReportPlan

  init(_ plan: ReportPlan) {
    self.plan = plan
  }

  /// One line an experiment and a total.
  func summarize() throws {
    for experiment in plan.experiments {
      let keys = Set(experiment.places.map(\.key))
      let cells = plan.cells.filter { keys.contains($0.cell.key) }
      let pending = cells.filter { $0.cached == nil }
      try show(
        "\(experiment.block.label): \(Wording.count(cells.count, "cell")), "
          + "\(cells.count - pending.count) known, "
          + "\(pending.count) to run\(Self.time(pending))\(Self.memory(pending))")
    }
    try Output.print(
      "\(Wording.count(plan.cells.count, "cell")) in all, \(plan.pending.count) to run")
  }

  /// One line a cell that must run, with the reason.
  func explain() throws {
    for cell in plan.pending {
      let recipe = cell.cell.recipe
      let initialization = recipe.initSeed.map { " init-seed=\($0)" } ?? ""
      let sample =
        recipe.shots > 0 ? " n=\(recipe.shots) seed=\(recipe.seed)\(initialization)" : ""
      let time = cell.predictedSeconds.map { ", about \(ProgressDisplay.duration($0))" } ?? ""
      try show(
        "\(cell.experiment) \(cell.method)\(sample): \(cell.reason?.description ?? "")\(time) "
          + "[\(cell.cell.key.prefix(8))]")
    }
    if plan.pending.isEmpty { try Output.print("nothing to run") }
  }

  private func show(_ line: String) throws(LostOutput) {
    try Output.print(VisibleText.line(line))
  }

  /// Every cell for programs.
  func json() throws -> String {
    let cells = plan.cells.map { cell -> [String: Any] in
      var entry: [String: Any] = [
        "key": cell.cell.key, "experiment": cell.experiment, "method": cell.method,
        "task": cell.cell.recipe.task, "shots": cell.cell.recipe.shots,
        "seed": cell.cell.recipe.seed, "cached": cell.cached != nil,
      ]
      entry["initSeed"] = cell.cell.recipe.initSeed
      entry["predictedBytes"] = cell.memory?.resident
      entry["reason"] = cell.reason?.description
      entry["predictedSeconds"] = cell.predictedSeconds
      return entry
    }
    let data = try JSONSerialization.data(
      withJSONObject: ["cells": cells],
      options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private static func time(_ cells: [PlannedCell]) -> String {
    let known = cells.compactMap(\.predictedSeconds)
    guard !known.isEmpty else { return "" }
    return ", about \(ProgressDisplay.duration(known.reduce(0, +))) of one core"
  }

  private static func memory(_ cells: [PlannedCell]) -> String {
    cells.compactMap(\.memory?.resident).max().map { ", up to \(size($0)) each" } ?? ""
  }

  static func size(_ bytes: Int) -> String {
    ValueFormat(.bytes).string(Double(bytes))
  }
}
