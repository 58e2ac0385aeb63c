import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Experiments that repeat initializations on each sample.
@Suite("Init seeds") struct InitSeedTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  private static let study = PlanningSamples.study.replacingOccurrences(
    of: "seeds: [0, 1]", with: "seeds: [0, 1]\ninit-seeds: 0..2")

  /// Answers that depend on method, seed and initialization; class 1 is right for every other item.
  private func results(_ plan: ReportPlan) throws -> [String: CellResult] {
    let facts = try #require(facts(plan)["first"])
    return Dictionary(
      plan.cells.map { cell in
        let recipe = cell.cell.recipe
        let wrong = recipe.seed + 3 * (recipe.initSeed ?? 0)
        let evaluations = facts.labels.sorted { $0.key < $1.key }.map { set, truth in
          let answers = truth.enumerated().map { $0 < wrong ? 1 - $1 : $1 }
          return CellResult.Evaluation(
            set: set, count: truth.count,
            metrics: Metrics.all(predictions: answers, labels: truth, classNames: ["a", "b"]),
            predictions: answers, tokens: 1, seconds: 1)
        }
        return (
          cell.cell.key,
          CellResult(key: cell.cell.key, status: .succeeded, evaluations: evaluations)
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  private func facts(_ plan: ReportPlan) -> [String: TaskFacts] {
    TaskFactsReader(folder: folder.files.file("tasks")).facts(of: plan)
  }

  @Test("every sample is planned with every initialization; without them keys stay what they were")
  func places() throws {
    let before = try folder.keys(PlanningSamples.study)
    let plan = try folder.plan(Self.study)
    // zero-shot has one cell, vanilla 2 numbers of shots × 2 samples × 3 initializations.
    #expect(plan.cells.count == 1 + 2 * 2 * 3)
    #expect(plan.cells[0].cell.key == before[0])
    #expect(Set(plan.cells.dropFirst().map(\.cell.key)).isDisjoint(with: before))
    let places = plan.experiments[0].places
    #expect(places.count == 2 * 2 * 2 * 3)
    #expect(places.prefix(6).map(\.seed) == [0, 0, 0, 1, 1, 1])
    #expect(places.prefix(6).map(\.initSeed) == [0, 1, 2, 0, 1, 2])
    #expect(try folder.keys(PlanningSamples.study) == before)
  }

  @Test("a seed's value is the mean over its initializations, and a missing run is named")
  func means() throws {
    let plan = try folder.plan(Self.study)
    var results = try results(plan)
    let metric = try #require(MetricPath("ood.accuracy"))
    func sample() throws -> Sample {
      try #require(ResultFrame(plan: plan, results: results)["first"])
        .sample(of: metric, method: "vanilla", shots: 2)
    }
    // 0, 3, 6 and 1, 4, 7 of 24 are wrong.
    let values = try sample().values
    #expect(values.count == 2)
    #expect(abs(values[0] - 21.0 / 24) < 1e-15 && abs(values[1] - 20.0 / 24) < 1e-15)
    let place = try #require(
      plan.experiments[0].places.first {
        $0.method == "vanilla" && $0.shots == 2 && $0.seed == 1 && $0.initSeed == 2
      })
    results[place.key] = nil
    let partial = try sample()
    #expect(abs(partial.values[1] - 21.5 / 24) < 1e-15)
    #expect(partial.absences.map(\.reason) == ["initialization 2 not run"])
  }

  @Test("a contrast takes the runs on one sample for one observation, of values and of items")
  func contrasts() throws {
    let plan = try folder.plan(Self.study)
    var results = try results(plan)
    let facts = facts(plan)
    let metric = try #require(MetricPath("ood.accuracy"))
    func scores() -> SeededScores {
      ScoreTable(ResultFrame(plan: plan, results: results, facts: facts))
        .scores(metric, of: "vanilla", shots: 2, in: "first")
    }
    // 0, 3, 6 and 1, 4, 7 of 24 are wrong: item by item, these shares of three runs are right.
    let rows = [0, 1].map { seed in
      (0..<24).map { item in Double((0..<3).count { item >= seed + 3 * $0 }) / 3 }
    }
    let expected = Contrast(
      CrossedScores(values: [21.0 / 24, 20.0 / 24], scores: rows, of: "x"))
    let found = Contrast(try #require(scores().scores))
    #expect(abs(try #require(found?.estimate) - (try #require(expected?.estimate))) < 1e-12)
    #expect(
      abs(try #require(found?.standardError) - (try #require(expected?.standardError))) < 1e-12)
    #expect(found?.seeds == 2)
    #expect(found?.items == 24)
    let place = try #require(
      plan.experiments[0].places.first {
        $0.method == "vanilla" && $0.shots == 2 && $0.seed == 1 && $0.initSeed == 2
      })
    results[place.key] = nil
    #expect(scores().scores == nil)
    #expect(scores().absences.map(\.reason) == ["not run"])
  }

  @Test("answers and the page show initializations, with what accuracy varies with")
  func page() throws {
    let plan = try folder.plan(Self.study)
    let results = try results(plan)
    let facts = facts(plan)
    let frame = try #require(ResultFrame(plan: plan, results: results)["first"])
    let own = try #require(facts["first"])
    let table = try #require(frame.answers(of: "vanilla", shots: 2, on: "ood", facts: own))
    #expect(table.seeds.map(\.runs.count) == [3, 3])
    // Initializations 0, 1 and 2 have the first 0, 3 and 6 items wrong.
    let right = try #require(table.rightShares[0])
    #expect(right.prefix(3).allSatisfy { $0 == 1.0 / 3 })
    #expect(right[3..<6].allSatisfy { $0 == 2.0 / 3 } && right[6] == 1)
    let shares = VarianceShares.all(plan.experiments[0], frame, facts: own)
    #expect(shares.map(\.method) == ["vanilla", "vanilla", "vanilla", "vanilla"])
    let components = try #require(shares[0].components)
    #expect(components == VarianceComponents(try #require(table.scores)))
    let all = try #require(shares[0].shares)
    #expect(abs(all.sample + all.initialization + all.items - 1) < 1e-12)
    let rendered = try ReportRenderer(
      plan: plan, results: results, facts: facts, generatorVersion: "0", command: ["build"],
      chartCache: BlankPictures()
    ).rendered()
    #expect(rendered.html.contains("What the accuracy of a run varies with"))
    #expect(rendered.html.contains("<dt>Initializations</dt><dd>0 … 2 of each seed’s sample</dd>"))
    #expect(rendered.csv.hasPrefix("experiment,task,model,method,shots,seed,init-seed,status,"))
    #expect(rendered.json.contains("\"initSeeds\": [0, 1, 2]"))
    #expect(rendered.json.contains("\"initSeed\": 2"))
    #expect(rendered.json.contains("\"variance\": ["))
  }

  @Test("an initialization named twice or below 0 is a mistake", arguments: ["[1, 1]", "-1", "[]"])
  func mistakes(written: String) throws {
    let planning = try folder.planning(
      Self.study.replacingOccurrences(of: "init-seeds: 0..2", with: "init-seeds: \(written)"))
    #expect(planning.plan == nil)
    #expect(planning.diagnostics.contains { $0.message.contains("'init-seeds'") })
  }
}
