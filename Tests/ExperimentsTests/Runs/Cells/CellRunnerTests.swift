import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite(.serialized) struct CellRunnerTests {
  private let folder: CellFolder

  init() throws { folder = try CellFolder() }

  static let trained: [(preset: String, options: [String: OptionValue])] = [
    ("vanilla", ["learning-rate": .number(5e-3), "epochs": .integer(60)]),
    ("pbft", ["learning-rate": .number(5e-3), "epochs": .integer(60)]),
    ("lora", ["learning-rate": .number(2e-2), "epochs": .integer(100), "dropout": .number(0)]),
  ]

  @Test("training learns sixteen examples by heart", arguments: trained)
  func learns(preset: String, options: [String: OptionValue]) throws {
    let result = try folder.run(preset, options)
    #expect(result.status == .succeeded)
    let training = try #require(result.training)
    #expect(training.accuracy == 1)
    let (first, last) = (try #require(training.losses.first), try #require(training.losses.last))
    #expect(last < first / 10)
    #expect(training.steps == training.losses.count)
    #expect((training.relativeWeightChange ?? 0) > 0)
    #expect(result.evaluations.map(\.set) == ["in-domain", "ood"])
    #expect(result.evaluations.allSatisfy { $0.count == 24 && $0.predictions.count == 24 })
  }

  @Test(
    "a real model learns sixteen sentences of CoLA by heart", .enabled(if: SharedData.isPresent),
    arguments: trained)
  func learnsRealData(preset: String, options: [String: OptionValue]) throws {
    let cell = try CellFolder.cell(
      preset, options, shots: 8, seed: 0, taskOptions: TaskOptions(limit: 20),
      model: SharedData.data("models/stories260K").path, data: SharedData.data("").path)
    let result = try CellRunner().run(cell) { _, _ in }
    #expect(result.training?.accuracy == 1)
  }

  @Test(
    "a cell run again gives the same bits, by the same runner or another",
    arguments: MethodCatalog.builtin.names)
  func deterministic(preset: String) throws {
    let trains = try MethodCatalog.builtin.method(
      preset, name: preset, overrides: [:], task: .cola
    ).trains
    let cell = try folder.cell(
      preset, trains ? ["epochs": .integer(3), "learning-rate": .number(1e-2)] : [:], shots: 4)
    let runner = CellRunner()
    let first = try runner.run(cell) { _, _ in }.withoutMeasurements
    #expect(try runner.run(cell) { _, _ in }.withoutMeasurements == first)
    #expect(try CellRunner().run(cell) { _, _ in }.withoutMeasurements == first)
    #expect(first.status == .succeeded)
    #expect(first.key == cell.key)
    try expectAnswers(of: first, to: cell)
  }

  /// The stored answers to every set and part give the stored metrics.
  private func expectAnswers(of result: CellResult, to cell: Cell) throws {
    let task = try TaskLoader(folder: URL(fileURLWithPath: cell.dataPath)).load(.cola)
    let truth = TaskFacts(task).labels
    #expect(Set(result.evaluations.map(\.set)) == Set(truth.keys))
    for evaluation in result.evaluations {
      let labels = try #require(truth[evaluation.set])
      func accuracy(_ answers: [UInt8]) -> Double {
        Double(zip(answers, labels).count { $0 == $1 }) / Double(labels.count)
      }
      #expect(evaluation.predictions.count == labels.count)
      #expect(evaluation.metrics[Metrics.accuracy] == accuracy(evaluation.predictions))
      #expect(
        evaluation.metrics[Metrics.vocabularyAccuracy]
          == evaluation.vocabularyPredictions.map(accuracy))
    }
  }

  @Test("bytes of the categories add up to the peak", arguments: MethodCatalog.builtin.names)
  func memory(preset: String) throws {
    let memory = try Self.training(of: preset, in: folder)
    let parts = [
      memory.weights, memory.gradients, memory.optimizer, memory.activations, memory.workspace,
      memory.keyValue,
    ]
    #expect(parts.reduce(0, +) == memory.peak)
    #expect(memory.residentPeak > memory.peak)
    #expect((memory.keyValue > 0) == (preset == "icl"))
    let method = try MethodCatalog.builtin.method(
      preset, name: preset, overrides: [:], task: .cola)
    guard method.readsModel else { return }
    #expect(memory.weights > 0 && memory.activations > 0)
    // A teacher that reads demonstrations needs more than the small student's training.
    guard !preset.hasPrefix("context-distillation") else { return }
    #expect((memory.optimizer > 0) == method.trains)
  }

  /// The memory of a cell that evaluates too little for its peak to lie there.
  private static func training(
    of preset: String, in folder: CellFolder
  ) throws -> CellResult.Memory {
    let cell = try folder.cell(preset, shots: 2, taskOptions: TaskOptions(limit: 2))
    return try CellRunner().run(cell) { _, _ in }.memory
  }

  @Test("what trains is what needs gradients and moments")
  func memoryOrder() throws {
    func memory(_ preset: String) throws -> CellResult.Memory {
      try Self.training(of: preset, in: folder)
    }
    let (full, upper, lora) = try (memory("vanilla"), memory("adaptive"), memory("lora"))
    #expect(lora.optimizer < upper.optimizer && upper.optimizer < full.optimizer)
    // Two moments a weight, but for the rows of the embedding that no example touches.
    #expect(full.optimizer < 2 * full.weights && full.optimizer > full.weights / 2)
  }

  @Test("all methods see one sample, which the seed decides")
  func samples() throws {
    let quick: [String: OptionValue] = ["epochs": .integer(1)]
    let digests = try ["vanilla", "pbft", "lora", "context-distillation"].map {
      try folder.run($0, quick, shots: 2).sampleDigest
    }
    #expect(Set(digests + [try folder.run("icl", shots: 2).sampleDigest]).count == 1)
    let other = try folder.run("vanilla", quick, shots: 2, seed: 1).sampleDigest
    #expect(!digests.contains(other))
  }

  @Test(
    "a loss that is not a number is a result that names the step", arguments: ["vanilla", "lora"])
  func diverges(preset: String) throws {
    let result = try folder.run(
      preset,
      [
        "learning-rate": .number(10), "weight-decay": .number(10), "clip-norm": .number(0),
        "epochs": .integer(200),
      ])
    guard case .diverged(let step) = result.status else {
      Issue.record("\(result.status)")
      return
    }
    let training = try #require(result.training)
    #expect(step == training.steps && step == training.losses.count + 1)
    #expect(step > 1 && training.losses.allSatisfy(\.isFinite))
    #expect(training.accuracy == nil && training.relativeWeightChange == nil)
    #expect(result.evaluations.isEmpty)
  }

  @Test("zero-shot has one cell for all shots and seeds; in-context learning one for each")
  func sampleFree() throws {
    func keys(_ preset: String) throws -> Set<String> {
      Set(try [(2, 0), (2, 1), (4, 0)].map { try folder.cell(preset, shots: $0, seed: $1).key })
    }
    #expect(try keys("zero-shot").count == 1)
    #expect(try keys("icl").count == 3)
    let result = try folder.run("zero-shot")
    #expect(result.training == nil)
    #expect(result.demonstrations == nil)
  }

  @Test("in-context learning tells how many demonstrations fitted")
  func demonstrations() throws {
    #expect(try folder.run("icl", shots: 1).demonstrations == 2)
    #expect(try folder.run("icl", ["demonstrations": .integer(3)], shots: 4).demonstrations == 3)
    let many = try folder.run("icl", shots: 32)
    #expect((3..<64).contains(try #require(many.demonstrations)))
    #expect(many.demonstrationsOffered == 64)
  }

  @Test("a limit draws fewer rows, and progress runs from 0 to 1")
  func limitAndProgress() throws {
    let cell = try folder.cell(
      "vanilla", ["epochs": .integer(3)], shots: 2,
      taskOptions: TaskOptions(limit: 10, sets: ["ood"]))
    var fractions: [Double] = []
    let result = try CellRunner().run(cell) { fraction, _ in fractions.append(fraction) }
    #expect(result.evaluations.map(\.count) == [10])
    #expect(fractions == fractions.sorted())
    #expect(fractions.first == 0 && fractions.last == 1)
  }

  @Test("scores that are not numbers are a failure, not a class", arguments: ["zero-shot", "icl"])
  func notFinite(preset: String) throws {
    let result = try CellFolder(normWeight: 1e30).run(preset)
    guard case .failed(let reason) = result.status else {
      Issue.record("\(result.status)")
      return
    }
    #expect(reason.contains("not finite"))
    #expect(result.evaluations.isEmpty)
  }

  @Test(
    "a trained method's memory is that of its training",
    arguments: ["vanilla", "adaptive", "lora", "bitfit", "prefix-tuning"])
  func trainingMemory(preset: String) throws {
    let memory = try folder.run(preset, ["epochs": .integer(2)], shots: 2).memory
    #expect(memory.gradients > 0)
    #expect(memory.optimizer == 2 * memory.gradients)
  }

  @Test("more shots than there are examples is an error, not a trap")
  func tooFewExamples() throws {
    let cell = try folder.cell("vanilla", shots: 400)
    #expect(throws: TaskError.self) { try CellRunner().run(cell) { _, _ in } }
  }
}
