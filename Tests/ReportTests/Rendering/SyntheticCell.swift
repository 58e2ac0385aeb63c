import Foundation

@testable import Experiments
@testable import Report

/// One made-up result, the same every time: a learning curve with noise by seed.
struct SyntheticCell {
  private let cell: PlannedCell
  private let experiment: PlannedExperiment

  init(_ cell: PlannedCell, experiment: PlannedExperiment) {
    self.cell = cell
    self.experiment = experiment
  }

  var result: CellResult {
    let recipe = cell.cell.recipe
    let isTrained = recipe.adaptation != "none"
    let start = 0.69 + 0.02 * noise("start")
    let drop = cell.method == "adaptive" && recipe.shots == 2 ? 0.001 : 0.2 + 0.1 * strength
    return CellResult(
      key: cell.cell.key, status: .succeeded, evaluations: evaluations,
      training: isTrained
        ? CellResult.Training(
          steps: 40 * max(1, recipe.shots / 16), tokens: 900 * recipe.shots,
          seconds: round(100 * (2 + 0.1 * Double(recipe.shots) + noise("time"))) / 100,
          losses: [start, start * (1 - drop / 2), start * (1 - drop)],
          accuracy: 0.6 + 0.3 * strength,
          relativeWeightChange: 0.01 + 0.001 * noise("change"),
          trainableParameters: cell.method == "lora" ? 294_912 : 125_239_296)
        : nil,
      memory: memory(isTrained: isTrained), seconds: round(100 * (9 + 2 * noise("cell"))) / 100,
      sampleDigest: recipe.shots == 0 ? "" : "sample-\(recipe.task)-\(recipe.shots)-\(recipe.seed)",
      demonstrations: cell.method == "icl" ? min(2 * recipe.shots, 45) : nil,
      provenance: .init(
        numericsVersion: 1, blas: "OpenBLAS 0.3.26", processor: "AMD EPYC", threads: 1))
  }

  private var evaluations: [CellResult.Evaluation] {
    experiment.shape.sets.enumerated().map { index, set in
      let isCollapsed = cell.method == "vanilla" && cell.cell.recipe.shots == 2
      let majority = experiment.task.name == "cola" ? 0.69 : 0.5
      let ceiling = set == "in-domain" ? 0.34 : 0.22
      let score = 0.47 + ceiling * strength + 0.035 * noise("score \(set)")
      let accuracy = isCollapsed ? majority : round(527 * score) / 527
      return CellResult.Evaluation(
        set: set, count: [527, 516, 258, 258, 500, 500][min(index, 5)],
        metrics: [
          "accuracy": accuracy, "majority": majority, "chance": 0.5,
          "macro-f1": accuracy - 0.05, "mcc": 2 * accuracy - 1, "no-label": 0,
          "collapse": isCollapsed ? 1 : 0.7 + 0.05 * noise("collapse"),
        ], predictions: [], tokens: 8000, seconds: 1)
    }
  }

  /// How much the method learns from its examples, in about 0 … 1.
  private var strength: Double {
    let ranks = [
      "lora": 1.0, "pbft": 0.9, "context-distillation": 0.55, "vanilla": 0.7,
      "adaptive": 0.6, "icl": 0.5,
    ]
    let shots = Double(max(1, cell.cell.recipe.shots))
    return (ranks[cell.method] ?? 0.2) * (0.15 + 0.85 * log2(shots) / 7)
  }

  private func memory(isTrained: Bool) -> CellResult.Memory {
    let weights = 500_957_184
    let trained =
      !isTrained
      ? 0 : cell.method == "lora" ? 1_179_648 : cell.method == "adaptive" ? 57_000_000 : weights
    let activations = isTrained ? 160_000_000 + 1000 * cell.cell.recipe.shots : 21_000_000
    let keyValue = cell.method == "icl" ? 38_000_000 : 0
    let workspace = 12_582_912
    return CellResult.Memory(
      weights: weights, gradients: trained, optimizer: 2 * trained, activations: activations,
      workspace: workspace, keyValue: keyValue,
      peak: weights + 3 * trained + activations + workspace + keyValue, residentPeak: 1_900_000_000,
      predictedPeak: 1 << 30)
  }

  /// About −1 … 1 and the same on every machine: a hash (FNV-1a) of the cell and a word.
  private func noise(_ word: String) -> Double {
    let hash = "\(cell.cell.key) \(word)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    return Double((hash ^ (hash >> 29)) % 20_001) / 10_000 - 1
  }
}
