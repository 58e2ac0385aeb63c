import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite struct TrainingPartsTests {
  private let folder: CellFolder

  init() throws { folder = try CellFolder() }

  private static let quick: [String: OptionValue] = [
    "epochs": .integer(4), "learning-rate": .number(1e-2),
  ]

  /// Parameters that differ from the checkpoint's.
  private func changed(_ prepared: PreparedCell) throws -> [Parameter<Float>] {
    let before = Dictionary(
      uniqueKeysWithValues: try folder.model().parameters.map { ($0.name, $0.tensor.values) })
    return prepared.model.parameters.filter { now in
      before[now.name].map { $0 != now.tensor.values } ?? false
    }
  }

  @Test("full fine-tuning moves every tensor")
  func full() throws {
    let prepared = try folder.prepared("vanilla", Self.quick)
    #expect(try changed(prepared).isEmpty)
    _ = prepared.train()
    #expect(try changed(prepared).count == prepared.model.parameters.count)
  }

  @Test("low-rank additions change nothing at the start and none of the weights later")
  func lowRank() throws {
    let prepared = try folder.prepared("lora", Self.quick)
    let base = try folder.model()
    #expect(prepared.states() == prepared.states(of: base))
    #expect(prepared.groups.count == 2 * 2 * base.layers.count + 1)
    let outcome = prepared.train()
    #expect(outcome.relativeWeightChange > 0)
    #expect(try changed(prepared).isEmpty)
    #expect(prepared.states() != prepared.states(of: base))
  }

  @Test("frozen layers stay as they were; what lies above them moves")
  func layers() throws {
    let prepared = try folder.prepared(
      "adaptive", Self.quick.merging(["frozen": .integer(1)]) { $1 })
    _ = prepared.train()
    let moved = try changed(prepared)
    #expect(moved.count == 10)
    #expect(moved.allSatisfy { $0.layer.map { $0 == 1 } ?? $0.isAboveLayers })
  }

  @Test("the paper's variant trains the embeddings as well, and every layer at the full rate")
  func likePaper() throws {
    let options: [String: OptionValue] = ["frozen": .integer(0), "compat": .text("paper-2024")]
    let paper = try folder.prepared("adaptive", options)
    #expect(paper.groups.count == paper.model.parameters.count + 1)
    #expect(paper.groups.allSatisfy { $0.rateScale == 1 })
    let ours = try folder.prepared("adaptive", ["frozen": .integer(0)])
    #expect(ours.groups.count == paper.groups.count - 1)
    #expect(Set(ours.groups.map(\.rateScale)) == [0.95, 1])
  }

  @Test(
    "a student that sees what its teacher sees has nothing to learn",
    arguments: [LossScope.labels, .vocabulary], [0.5, 2.0])
  func sameTeacher(scope: LossScope, temperature: Double) throws {
    let result = try folder.run(
      "context-distillation",
      [
        "teacher": .text("prompt-only"), "lambda": .number(1), "learning-rate": .number(0),
        "epochs": .integer(1), "over": .text(scope.rawValue), "temperature": .number(temperature),
      ])
    let loss = try #require(result.training?.losses.first)
    #expect(abs(loss) < 1e-6)
    #expect(result.demonstrations == nil && result.demonstrationsOffered == nil)
  }

  @Test("a teacher with demonstrations differs from its student, which comes closer")
  func otherTeacher() throws {
    let result = try folder.run(
      "context-distillation",
      ["lambda": .number(1), "learning-rate": .number(1e-2), "epochs": .integer(40)], shots: 2)
    let losses = try #require(result.training?.losses)
    #expect(losses[0] > 1e-4)
    #expect(losses[39] < losses[0] / 4)
    #expect(result.demonstrations == 3 && result.demonstrationsOffered == 3)
  }

  @Test("a learning rate of zero leaves the loss where it was")
  func noRate() throws {
    let result = try folder.run(
      "vanilla", ["learning-rate": .number(0), "epochs": .integer(3), "batch-size": .integer(5)])
    let training = try #require(result.training)
    #expect(training.relativeWeightChange == 0)
    #expect(training.steps == 12)
    #expect(training.losses.allSatisfy { abs($0 - training.losses[0]) < 1e-6 })
  }
}
