import Foundation
import TestSupport

@testable import Engine
@testable import Experiments

/// A folder with a tiny model and data, whose cells run in this process.
final class CellFolder {
  let files: TemporaryFolder
  private let modelPath: String
  private let dataPath: String

  init(normWeight: Float = 1) throws {
    files = try TemporaryFolder()
    modelPath = files.file("model").path
    dataPath = files.file("data").path
    try ModelFixture.write(to: files.file("model"), normWeight: normWeight)
    try TaskFixture.write(to: files.file("data"))
  }

  /// The cell of a named method; `options` override its defaults.
  func cell(
    _ preset: String, _ options: [String: OptionValue] = [:], shots: Int = 8, seed: Int = 0,
    initSeed: Int? = nil, taskOptions: TaskOptions = TaskOptions(),
    teachers: [String: TeacherCheckpoint] = [:]
  ) throws -> Cell {
    try Self.cell(
      preset, options, shots: shots, seed: seed, initSeed: initSeed, taskOptions: taskOptions,
      model: modelPath, data: dataPath, teachers: teachers)
  }

  /// Another tiny model with the same tokenizer.
  func teacher(seed: UInt64, _ name: String) throws -> TeacherCheckpoint {
    let folder = files.file(name)
    try ModelFixture.write(to: folder, seed: seed)
    return TeacherCheckpoint(path: folder.path, model: try ModelSummary(folder, cache: nil))
  }

  static func cell(
    _ preset: String, _ options: [String: OptionValue], shots: Int, seed: Int,
    initSeed: Int? = nil, taskOptions: TaskOptions, model: String, data: String,
    teachers: [String: TeacherCheckpoint] = [:]
  ) throws -> Cell {
    let method = try MethodCatalog.builtin.method(
      preset, name: preset, overrides: options, task: .cola)
    return try factory(taskOptions, model: model, data: data, teachers: teachers)
      .cell(method, shots: shots, seed: seed, initSeed: initSeed)
  }

  /// Makes cells that read this folder.
  func factory() throws -> CellFactory {
    try Self.factory(TaskOptions(), model: modelPath, data: dataPath)
  }

  private static func factory(
    _ taskOptions: TaskOptions, model: String, data: String,
    teachers: [String: TeacherCheckpoint] = [:]
  ) throws -> CellFactory {
    let task = TaskDefinition.cola
    let folder = URL(fileURLWithPath: data)
    var factory = CellFactory(
      task: task, taskOptions: taskOptions, dataPath: data,
      data: try TaskLoader(folder: folder).fingerprints(of: task), modelPath: model,
      model: try ModelSummary(URL(fileURLWithPath: model), cache: nil), threads: 1)
    factory.teachers = teachers
    return factory
  }

  func run(
    _ preset: String, _ options: [String: OptionValue] = [:], shots: Int = 8, seed: Int = 0
  ) throws -> CellResult {
    try CellRunner().run(try cell(preset, options, shots: shots, seed: seed)) { _, _ in }
  }

  /// The model as its file has it.
  func model() throws -> Transformer<Float> {
    let folder = try ModelFolder(URL(fileURLWithPath: modelPath))
    return try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
  }

  /// A model adapted and bound to an objective as ``CellRunner`` does it.
  func prepared(
    _ preset: String, _ options: [String: OptionValue] = [:], shots: Int = 8
  ) throws -> PreparedCell {
    let recipe = try cell(preset, options, shots: shots).recipe
    let resolved = ResolvedOptions(recipe.methodOptions)
    let catalog = MethodCatalog.builtin
    let task = try TaskLoader(folder: URL(fileURLWithPath: dataPath)).load(.cola)
    let sample = try task.sample(shots: shots, seed: 0).examples
    let model = try model()
    let session = try catalog.objective(named: recipe.objective).get().init(resolved)
      .session(
        ObjectiveContext(
          model: model,
          tokenizer: try TokenizerLoader.load(from: URL(fileURLWithPath: modelPath)),
          task: task.definition, sample: sample, seed: 0, sampleSeed: 0,
          reservedPositions: 0))
    let groups =
      try catalog.adaptation(named: recipe.adaptation).get().init(resolved)
      .prepare(model, seed: 0) + session.trainable
    return PreparedCell(
      model: model, session: session, groups: groups, sample: sample, options: resolved)
  }
}

/// The parts of a running cell.
struct PreparedCell {
  let model: Transformer<Float>
  let session: any ObjectiveSession
  let groups: [AdamW<Float>.Group]
  let sample: [Example]
  let options: ResolvedOptions

  func train() -> Trainer.Outcome {
    Trainer(
      model: model, session: session, groups: groups, options: TrainingOptions(options), seed: 0
    ).run(sample.map(session.prompt(for:))) { _ in }
  }

  /// Final states of the sample's last tokens.
  func states(of model: Transformer<Float>? = nil) -> [Float] {
    let model = model ?? self.model
    return model.hiddenStates(
      PackedBatch(sample.map(session.prompt(for:))), .lastTokens,
      on: Tape<Float>(ledger: model.ledger)
    ).values
  }
}

extension CellResult {
  /// The result without what may differ from run to run: times and the process's memory.
  var withoutMeasurements: CellResult {
    var copy = self
    copy.seconds = 0
    copy.memory.residentPeak = 0
    copy.training?.seconds = 0
    for i in copy.evaluations.indices { copy.evaluations[i].seconds = 0 }
    for i in (copy.tuning?.trials ?? []).indices { copy.tuning?.trials[i].seconds = 0 }
    return copy
  }
}
