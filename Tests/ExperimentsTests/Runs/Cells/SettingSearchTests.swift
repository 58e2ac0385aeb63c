import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Searching for settings", .serialized)
struct SettingSearchTests {
  private let folder: CellFolder

  init() throws { folder = try CellFolder() }

  private func method(
    _ preset: String, _ options: [String: OptionValue] = [:]
  ) throws -> Method {
    try MethodCatalog.builtin.method(preset, name: preset, overrides: options, task: .cola)
  }

  private func decision(
    _ preset: String, _ options: [String: OptionValue] = [:]
  ) throws -> Tuning.Decision {
    Tuning.Decision(try method(preset, options), fixed: Set(options.keys))
  }

  /// Runs cells one after the other, each with the results it reads.
  private func run(_ cells: [Cell]) throws -> [CellResult] {
    let runner = CellRunner()
    var results: [String: CellResult] = [:]
    return try cells.map { cell in
      let inputs = try (cell.recipe.inputs ?? []).map { try #require(results[$0]) }
      let result = try runner.run(cell, inputs: inputs) { _, _ in }
      results[cell.key] = result
      return result
    }
  }

  @Test("every trained preset gets the same trials within the budget, its own settings first")
  func equalCare() throws {
    var searches: [SettingSearch] = []
    for preset in MethodCatalog.builtin.presets where preset.name != "tapt" {
      guard case .search(let search, let leftOut) = try decision(preset.name) else { continue }
      let options = try method(preset.name).options
      #expect(search.candidates.first == [:] && search.candidates.count <= 6 && leftOut == 0)
      #expect(Tuning.cost(of: search, options) <= 3)
      searches.append(search)
    }
    #expect(searches.count > 10)
    #expect(Set(searches.map(\.candidates.count)).count == 1)
    #expect(Set(searches.map(\.rungs)).count == 1)
  }

  @Test(
    "what cannot or may not be tuned says why",
    arguments: [
      ("majority", [:], Tuning.Reason.nothingToTune), ("tfidf", [:], .nothingToTune),
      ("linear-probe", [:], .nothingToTune), ("icl", [:], .nothingToTune),
      ("lora", ["learning-rate": .number(1e-3)], .setInSource),
      ("vanilla", ["compat": .text("llmft")], .study("llmft")),
      ("lora", ["grid.rank": .list([.integer(2), .integer(4)])], .ownChoice),
      ("vanilla", ["selection": .text("best-held-out")], .ownChoice),
      // A model that is pre-trained anew for every part of every trial.
      ("tapt", [:], .budget), ("vanilla", ["epochs": .integer(1)], .budget),
    ] as [(String, [String: OptionValue], Tuning.Reason)])
  func untuned(
    preset: String, options: [String: OptionValue], reason: Tuning.Reason
  ) throws {
    #expect(try decision(preset, options) == .untuned(reason))
  }

  @Test("with few epochs, of which a rung takes at least one, fewer configurations fit")
  func budget() throws {
    guard case .search(let search, let leftOut) = try decision("lora", ["epochs": .integer(4)])
    else {
      Issue.record("not searched")
      return
    }
    #expect(search.candidates.count == 4 && leftOut == Tuning.configurations.count - 4)
  }

  @Test("half of the candidates go on, by accuracy, then by log loss, then by their order")
  func ranking() {
    func score(_ candidate: Int, _ accuracy: Double?, _ loss: Double?) -> SettingSearch.Score {
      .init(candidate: candidate, rung: 0, accuracy: accuracy, logLoss: loss)
    }
    let scores = [
      score(0, 0.5, 0.7), score(1, 0.75, 0.6), score(2, 0.75, 0.5), score(3, nil, nil),
      score(4, 0.75, 0.5), score(5, 0.5, 0.6),
      // On a second sample the best of them diverges.
      score(0, 0.5, 0.7), score(1, 0.75, 0.6), score(2, nil, nil), score(3, 1, 0),
      score(4, 0.75, 0.5), score(5, 0.5, 0.6),
    ]
    #expect(SettingSearch.ranking(scores, at: 0) == [4, 1, 5, 0, 2, 3])
    #expect(SettingSearch.ranking(scores, at: 1).isEmpty)
    let search = SettingSearch(
      candidates: Array(repeating: [:], count: 5), folds: 3, rungs: [0.1, 0.2, 0.4])
    #expect([0, 1, 2].map(search.count(at:)) == [5, 3, 2])
  }

  private let search = SettingSearch(
    candidates: [[:], ["learning-rate": .number(5e-3)], ["learning-rate": .number(1e-9)]],
    folds: 3, rungs: [0.25, 0.5])

  @Test("the chosen setting is trained on the whole sample for the epochs of the last rung")
  func refit() throws {
    let method = try method("vanilla", ["epochs": .integer(12)])
    let (refit, trials) = try folder.factory().cells(
      method, tunedBy: search, shots: 8, seed: 0)
    #expect(trials.map { $0.recipe.inputs?.count ?? 0 } == [0, 0, 0, 3, 3])
    #expect(refit.recipe.inputs == trials.map(\.key))
    let results = try run(trials + [refit])
    let tuning = try #require(results.last?.tuning)
    #expect(tuning.trials.map(\.rung) == [0, 0, 0, 1, 1])
    #expect(tuning.trials.map(\.epochs) == [3, 3, 3, 6, 6])
    #expect(tuning.trials.allSatisfy { $0.examples == 16 && $0.accuracy != nil })
    #expect(tuning.trials[1].setting == "learning-rate 0.005")
    // Each answer of a trial is to an example that its training left out.
    #expect(results[0].evaluations.map(\.count) == [16])
    let ranking = SettingSearch.ranking(tuning.scores, at: 1)
    #expect(tuning.chosen == ranking.first && ranking.count == 2)
    let rate = [1e-5, 5e-3, 1e-9][try #require(tuning.chosen)]
    let alone = try folder.run(
      "vanilla", ["epochs": .integer(6), "learning-rate": .number(rate)])
    let last = try #require(results.last)
    #expect(last.evaluations.map(\.predictions) == alone.evaluations.map(\.predictions))
    #expect(last.training?.losses == alone.training?.losses)
    #expect(last.key != alone.key)
    // Trials that ran before a crash are read, and the same bits come out.
    #expect(
      try run(trials + [refit]).map(\.withoutMeasurements)
        == results.map(\.withoutMeasurements))
    #expect(try CellResult(key: last.key, encoded: last.encoded()) == last)
  }

  @Test("a training that diverges leaves its candidate behind, and no cell fails")
  func divergence() throws {
    let wild = SettingSearch(
      candidates: [["learning-rate": .number(10)], ["learning-rate": .number(1e-3)]], folds: 3,
      rungs: [1])
    let method = try method(
      "vanilla",
      ["epochs": .integer(60), "weight-decay": .number(10), "clip-norm": .number(0)])
    let (refit, trials) = try folder.factory().cells(method, tunedBy: wild, shots: 8, seed: 0)
    let results = try run(trials + [refit])
    #expect(results.allSatisfy { $0.status == .succeeded })
    #expect(results.last?.tuning?.trials.map { $0.accuracy == nil } == [true, false])
    #expect(results.last?.tuning?.chosen == 1)
  }

  @Test("a sample that cannot be divided keeps the method's own settings")
  func smallest() throws {
    let method = try method("vanilla", ["epochs": .integer(4)])
    let (refit, trials) = try folder.factory().cells(method, tunedBy: search, shots: 1, seed: 0)
    let results = try run(trials + [refit])
    let tuning = try #require(results.last?.tuning)
    #expect(tuning.trials.allSatisfy { $0.examples == 0 && $0.accuracy == nil })
    #expect(tuning.chosen == nil)
    let alone = try folder.run("vanilla", ["epochs": .integer(4)], shots: 1)
    #expect(results.last?.training?.losses == alone.training?.losses)
  }

  @Test("other samples are searched once, for every sample that is reported")
  func otherSamples() throws {
    let method = try method("lora", ["epochs": .integer(4)])
    let elsewhere = SettingSearch(
      candidates: search.candidates, folds: 3, rungs: search.rungs, seeds: [7, 8])
    let factory = try folder.factory()
    let first = try factory.cells(method, tunedBy: elsewhere, shots: 4, seed: 0)
    let second = try factory.cells(method, tunedBy: elsewhere, shots: 4, seed: 1)
    #expect(first.trials == second.trials && first.trials.count == 10)
    #expect(first.refit.key != second.refit.key)
    let results = try run(first.trials + [first.refit])
    #expect(Set(results.last?.tuning?.trials.map(\.seed) ?? []) == [7, 8])
    // Initializations of a sample share its search.
    let own = try (0..<2).map {
      try factory.cells(method, tunedBy: search, shots: 4, seed: 0, initSeed: $0)
    }
    #expect(own[0].trials == own[1].trials && own[0].refit.key != own[1].refit.key)
  }

  @Test("a key holds the search and not its outcome; a cell outside of any has none in its recipe")
  func keys() throws {
    let method = try method("vanilla")
    let factory = try folder.factory()
    let plain = try factory.cell(method, shots: 8, seed: 0)
    #expect(try !plain.recipe.canonicalJSON().contains("search"))
    let cells = try factory.cells(method, tunedBy: search, shots: 8, seed: 0)
    #expect(cells.refit == (try factory.cells(method, tunedBy: search, shots: 8, seed: 0).refit))
    #expect(Set((cells.trials + [cells.refit, plain]).map(\.key)).count == 7)
    let finer = SettingSearch(
      candidates: search.candidates, folds: 3, rungs: [0.25, 0.75])
    let other = try factory.cells(method, tunedBy: finer, shots: 8, seed: 0)
    #expect(other.refit.key != cells.refit.key)
    #expect(
      RecipeDifference.between(cells.refit.recipe, other.refit.recipe).map(\.description)
        .contains { $0.hasPrefix("search for settings changed") })
  }
}
