import Foundation
import TestSupport
import Testing

@testable import Experiments

/// Initializations apart from samples.
@Suite("Initializations") struct InitializationTests {
  private let folder: CellFolder

  init() throws { folder = try CellFolder() }

  private static let options: [String: OptionValue] = [
    "epochs": .integer(2), "learning-rate": .number(1e-2),
  ]

  @Test("a cell without an initialization of its own has the key and the JSON that it had")
  func keys() throws {
    let cell = try folder.cell("lora", Self.options)
    #expect(try !cell.recipe.canonicalJSON().contains("initSeed"))
    #expect(cell.recipe.trainingSeed == 0 && cell.recipe.sampleSeed == 0)
    let others = try (0..<2).map { try folder.cell("lora", Self.options, initSeed: $0) }
    #expect(Set((others + [cell]).map(\.key)).count == 3)
    #expect(try others[1].recipe.canonicalJSON().contains("\"initSeed\":1"))
  }

  @Test("initializations of a sample differ, and none recurs with another sample")
  func seeds() throws {
    var cells: [Cell] = []
    for seed in 0..<3 {
      for initSeed in 0..<3 {
        cells.append(try folder.cell("lora", Self.options, seed: seed, initSeed: initSeed))
      }
    }
    #expect(Set(cells.map(\.recipe.trainingSeed)).count == 9)
    #expect(cells.map(\.recipe.sampleSeed) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
  }

  @Test(
    "runs on one sample with other initializations read the same texts and end elsewhere",
    arguments: [
      ("lora", options), ("vanilla", options),
      ("vanilla", options.merging(["tapt-epochs": .integer(1), "tapt-texts": .integer(8)]) { $1 }),
    ])
  func runs(preset: String, options: [String: OptionValue]) throws {
    let cells = try (0..<2).map { try folder.cell(preset, options, initSeed: $0) }
    let results = try cells.map { try CellRunner().run($0) { _, _ in } }
    #expect(results[0].sampleDigest == results[1].sampleDigest)
    #expect(results[0].preparation?.texts == results[1].preparation?.texts)
    #expect(results[0].training?.losses != results[1].training?.losses)
    #expect(
      try CellRunner().run(cells[0]) { _, _ in }.withoutMeasurements
        == results[0].withoutMeasurements)
  }

  @Test(
    "what trains nothing has one cell for all initializations", arguments: ["icl", "zero-shot"])
  func untrained(preset: String) throws {
    let cells = try (0..<2).map { try folder.cell(preset, initSeed: $0) }
    #expect(cells[0] == cells[1])
    #expect(try folder.cell(preset) == cells[0])
  }
}
