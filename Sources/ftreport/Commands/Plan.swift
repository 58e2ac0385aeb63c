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

  @Flag(help: "Print what each claim and comparison could show with its seeds and items.")
  var power = false

  @Option(
    help: ArgumentHelp(
      "With --power: standard deviation over seeds of a difference, in points.",
      valueName: "points"))
  var seedDeviation = 3.0

  @Option(
    help: ArgumentHelp(
      "With --power: items that only one of two runs answers correctly, in percent.",
      valueName: "percent"))
  var disagreement = 20.0

  func validate() throws {
    guard seedDeviation >= 0, seedDeviation <= 100, (0...100).contains(disagreement) else {
      throw ValidationError("--seed-deviation and --disagreement are between 0 and 100")
    }
  }

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
          if power {
            try text.explain(
              plan.power(
                PowerAssumption(
                  seedDeviation: seedDeviation / 100, disagreement: disagreement / 100),
                in: opened.workspace))
          }
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
      let keys = Set(experiment.places.flatMap { [$0.key] + $0.trials })
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
      let trial =
        recipe.search?.trial.map { " trial \($0.place + 1) of rung \($0.rung + 1)" } ?? ""
      let time = cell.predictedSeconds.map { ", about \(ProgressDisplay.duration($0))" } ?? ""
      try show(
        "\(cell.experiment) \(cell.method)\(sample)\(trial): \(cell.reason?.description ?? "")\(time) "
          + "[\(cell.cell.key.prefix(8))]")
    }
    if plan.pending.isEmpty { try Output.print("nothing to run") }
  }

  /// One line for each claim, comparison and recommendation of accuracies.
  func explain(_ power: [PlannedPower]) throws {
    for planned in power { try show(planned.line) }
    if power.isEmpty { try Output.print("no statement about accuracies") }
  }

  private func show(_ line: String) throws(LostOutput) {
    try Output.print(VisibleText.line(line))
  }

  /// Every cell for programs.
  func json() -> String {
    let cells = plan.cells.map { cell in
      var entry: [String: JSONText] = [
        "key": .text(cell.cell.key), "experiment": .text(cell.experiment),
        "method": .text(cell.method), "task": .text(cell.cell.recipe.task),
        "shots": .integer(cell.cell.recipe.shots), "seed": .integer(cell.cell.recipe.seed),
        "cached": .flag(cell.cached != nil),
      ]
      entry["initSeed"] = cell.cell.recipe.initSeed.map(JSONText.integer)
      entry["predictedBytes"] = (cell.memory?.resident).map(JSONText.integer)
      entry["reason"] = (cell.reason?.description).map(JSONText.text)
      entry["predictedSeconds"] = cell.predictedSeconds.map { JSONText($0) }
      return JSONText.map(entry)
    }
    return JSONText.map(["cells": .list(cells)]).text
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
