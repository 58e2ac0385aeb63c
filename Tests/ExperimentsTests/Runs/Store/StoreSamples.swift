import Foundation

@testable import Experiments

/// Cells and results for the store's tests.
enum StoreSamples {
  static func recipe(
    task: String = "cola", adaptation: String = "lora", shots: Int = 16, seed: Int = 0,
    initSeed: Int? = nil, learningRate: Double = 1e-5, inputs: [String] = [],
    change: (inout CellRecipe) -> Void = { _ in }
  ) -> CellRecipe {
    var recipe = CellRecipe(
      numericsVersion: 1, modelFingerprint: "model", task: task,
      taskOptions: ["pattern": .text("minimal")],
      dataFingerprints: ["train": "train-a", "ood": "ood-a"], objective: "head",
      adaptation: adaptation,
      methodOptions: [
        "learning-rate": .number(learningRate), "rank": .integer(8), "alpha": .number(16),
        "targets": .list([.text("q"), .text("v")]),
      ],
      shots: shots, seed: seed, initSeed: initSeed, precision: "fp32", threads: 1, inputs: inputs)
    change(&recipe)
    return recipe
  }

  static func cell(_ key: String, _ recipe: CellRecipe = recipe()) -> Cell {
    Cell(key: key, recipe: recipe, modelPath: "model", dataPath: "data")
  }

  /// A result without a default value anywhere.
  static func result(
    _ key: String, status: CellResult.Status = .succeeded, seconds: Double = 12.5,
    predictions: Int = 5
  ) -> CellResult {
    CellResult(
      key: key, status: status,
      evaluations: [
        CellResult.Evaluation(
          set: "in-domain", count: predictions,
          metrics: [
            "accuracy": 0.625, "mcc": -0.25, "macro-f1": 1.0 / 3, "majority": 0.7,
            "collapse": 0.9, "chance": 0.5, "no-label": 0.125,
          ],
          predictions: (0..<predictions).map { UInt8($0 * 7 % 5 % 2) }, tokens: 1234,
          seconds: 0.75),
        CellResult.Evaluation(
          set: "ood", count: 4, metrics: [:], predictions: [0, 2, 255, 1],
          vocabularyPredictions: [0, 2, 2, 1], tokens: 1, seconds: 2),
      ],
      training: CellResult.Training(
        steps: 40, tokens: 99_999, seconds: 3.5, losses: [0.75, 0.5, 0.25], accuracy: 0.9375,
        relativeWeightChange: 0.001, trainableParameters: 294_912),
      memory: CellResult.Memory(
        weights: 1, gradients: 2, optimizer: 3, activations: 4, workspace: 5, keyValue: 6,
        peak: 7, residentPeak: 1 << 40, predictedPeak: 8),
      seconds: seconds, sampleDigest: "abc123", demonstrations: 3,
      demonstrationsOffered: 16,
      preparation: CellResult.Preparation(texts: 9, steps: 8, tokens: 7, losses: [3.5, 3.25]),
      choice: CellResult.Choice(
        heldOut: 64, evaluationSet: "in-domain",
        candidates: [
          .init(setting: "rank 4", accuracy: 0.5), .init(setting: "rank 8", accuracy: nil),
        ], chosen: 0, epoch: 3, epochAccuracies: [0.25, 0.5, 0.75]),
      tuning: CellResult.Tuning(
        trials: [
          .init(
            candidate: 1, setting: "learning-rate 3e-5", rung: 0, epochs: 5, seed: 100,
            examples: 64, accuracy: 0.75, logLoss: 0.5, seconds: 1.25, peak: 9),
          .init(
            candidate: 2, setting: "learning-rate 1", rung: 0, epochs: 5, seed: 100, examples: 64,
            accuracy: nil, logLoss: nil, seconds: 1, peak: 9),
        ], chosen: 1),
      provenance: CellResult.Provenance(
        numericsVersion: 2, blas: "OpenBLAS", processor: "a processor", threads: 4))
  }
}

/// A folder for database files; the test that makes it removes it.
struct StoreFolder: Sendable {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(
    "store-\(UUID().uuidString)")

  var file: URL { url.appendingPathComponent("nested/results.sqlite") }

  func remove() { try? FileManager.default.removeItem(at: url) }

  func open() throws(StoreError) -> ResultStore { try ResultStore(at: file) }

  /// Overwrites bytes of the closed database.
  func patch(_ bytes: [UInt8], at offset: UInt64) throws {
    let handle = try FileHandle(forUpdating: file)
    defer { try? handle.close() }
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data(bytes))
  }

  func write(_ text: String) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
