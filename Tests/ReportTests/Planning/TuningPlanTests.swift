import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Experiments whose settings are searched for.
@Suite("Tuned experiments") struct TuningPlanTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  private static func study(_ tune: String, methods: String = "[zero-shot, vanilla]") -> String {
    PlanningSamples.study.replacingOccurrences(
      of: #"[zero-shot, {preset: vanilla, learning-rate: "{{params.rate}}", epochs: 2}]"#,
      with: methods
    ).replacingOccurrences(of: "seeds: [0, 1]", with: "seeds: [0, 1]\n\(tune)")
  }

  @Test("without 'tune' and with 'none' every cell keeps its key")
  func none() throws {
    let plain = try folder.keys(Self.study(""))
    #expect(try folder.keys(Self.study("tune: none")) == plain)
    #expect(plain.count == 1 + 4)
  }

  @Test("every sample has nine trials before its cell, and what trains nothing has none")
  func auto() throws {
    let plan = try folder.plan(Self.study("tune: auto"))
    #expect(plan.cells.count == 1 + 2 * 2 * (6 + 3 + 1))
    #expect(plan.cells.count { $0.isTrial } == 2 * 2 * 9)
    let places = plan.experiments[0].places
    #expect(places.filter { $0.method == "vanilla" }.allSatisfy { $0.trials.count == 9 })
    #expect(places.filter { $0.method == "zero-shot" }.allSatisfy { $0.trials.isEmpty })
    // Whoever wants a cell wants its trials.
    let options = BuildOptions(
      output: nil, filter: CellFilter(experiment: "first", method: "vanilla", shots: 2, seed: 0))
    #expect(plan.wantedKeys(options).count == 10)
  }

  @Test("samples that no page reports are searched once for all samples")
  func elsewhere() throws {
    let plan = try folder.plan(Self.study("tune: {on: [100, 101]}"))
    #expect(plan.cells.count { $0.isTrial } == 2 * 2 * 9)
    #expect(
      Set(plan.cells.filter(\.isTrial).map(\.cell.recipe.seed)) == [100, 101])
  }

  @Test("a stored result needs no trials, and stored trials are not run again")
  func stored() throws {
    let source = Self.study("tune: auto")
    let plan = try folder.plan(source)
    let one = try #require(plan.cells.first { !$0.isTrial && $0.method == "vanilla" })
    let trial = try #require(plan.cells.last { $0.isTrial })
    try folder.store(one)
    try folder.store(trial)
    let again = try folder.plan(source)
    #expect(again.cells.count == plan.cells.count - 9)
    #expect(again.pending.count == again.cells.count - 2)
    #expect(again.known.keys.sorted() == [one.cell.key, trial.cell.key].sorted())
    // Asked for again, it runs with its trials.
    let refreshed = try folder.planning(source) { place, _ in place.key == one.cell.key }
    #expect(refreshed.plan?.cells.count == plan.cells.count)
  }

  @Test(
    "mistakes are at their column",
    arguments: [
      ("tune: {on: [100, 1]}", "settings would be searched on sample 1, which 'first' reports", 18),
      ("tune: always", "'tune' must be auto, none or a map, not 'always'", 7),
      ("tune: {at: 3}", "unknown key 'at' in the 'tune' map", 8),
    ])
  func mistakes(tune: String, message: String, column: Int) throws {
    let error = #expect(throws: PlanningFailure.self) { try folder.plan(Self.study(tune)) }
    let diagnostics = error?.diagnostics ?? []
    #expect(diagnostics.contains { $0.message == message && $0.position.column == column })
    if !diagnostics.contains(where: { $0.message == message && $0.position.column == column }) {
      Issue.record("\(diagnostics.map { ($0.message, $0.position.column) })")
    }
  }

  @Test("a cross-validation has no other samples")
  func folds() throws {
    let source = Self.study("").replacingOccurrences(
      of: "seeds: [0, 1]\n", with: "validation: {folds: 3}\ntune: {on: [100]}")
    let error = #expect(throws: PlanningFailure.self) { try folder.plan(source) }
    #expect(
      error?.diagnostics.first?.message
        == "a cross-validation has no samples besides those that it reports")
  }

  /// Every cell with a result; a tuned one took 3 s, and its trials 1.5 s each.
  private func results(_ plan: ReportPlan) -> [String: CellResult] {
    Dictionary(
      plan.cells.map { cell in
        let tuning = CellResult.Tuning(
          trials: (0..<3).map { index in
            .init(
              candidate: index / 2, setting: "learning-rate \(index / 2)", rung: index / 2,
              epochs: 4 * (1 + index / 2), seed: 0, examples: 8, accuracy: 0.5 + Double(index) / 8,
              logLoss: 0.5, seconds: 1.5, peak: 4096)
          }, chosen: 1)
        let isTuned = cell.cell.recipe.search != nil && !cell.isTrial
        return (
          cell.cell.key,
          CellResult(
            key: cell.cell.key, status: .succeeded,
            training: CellResult.Training(
              steps: 1, tokens: 1, seconds: 2, losses: [1, 0.1], accuracy: 1,
              relativeWeightChange: 0.1, trainableParameters: 1),
            memory: CellResult.Memory(peak: 1024), seconds: 3, tuning: isTuned ? tuning : nil)
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test("choosing is part of the price, and page and files have the trials")
  func price() throws {
    let plan = try folder.plan(
      Self.study(
        "tune: auto", methods: "[lora, vanilla, {preset: lora, name: own, learning-rate: 0.1}]"))
    let results = results(plan)
    let frame = ResultFrame(plan: plan, results: results)
    let tuned = try #require(
      frame["first"]?.result(method: "lora", shots: 2, seed: 0))
    #expect(tuned.measurement(of: .quantity(.seconds)) == .value(7.5))
    #expect(tuned.measurement(of: .quantity(.trainSeconds)) == .value(6.5))
    #expect(tuned.measurement(of: .quantity(.memoryPeak)) == .value(4096))
    let own = try #require(frame["first"]?.result(method: "own", shots: 2, seed: 0))
    #expect(own.measurement(of: .quantity(.seconds)) == .value(3))
    let report = try ReportRenderer(
      plan: plan, results: results, generatorVersion: "1", command: ["build"]
    ).rendered()
    for text in [
      "searched within each sample for lora and vanilla: 3 folds", "Which settings were tried",
      "own not tuned: the source sets the learning rate", "learning-rate 1 in 4 of 4",
      "own was compared untuned",
    ] { #expect(report.html.contains(text), "\(text)") }
    #expect(report.json.contains(#""setting": "learning-rate 1""#))
    #expect(report.csv.contains("tuning,trials,3"))
    let failed = EvaluatedReport(plan: plan, results: [:])
    #expect(failed.counts.missing == plan.cells.count { !$0.isTrial })
  }
}
