import Engine
import Foundation

/// How a pre-training went, written beside the model as `training.json` and `training.csv`.
package struct PretrainingRecord: Codable, Hashable, Sendable {
  /// A point of the loss curve.
  package struct Point: Codable, Hashable, Sendable {
    package let step: Int
    /// Read so far.
    package let tokens: Int
    package let learningRate: Double
    /// Mean over the steps since the last point, in nats a token.
    package let loss: Double
    /// Of all held-out text.
    package let heldOutLoss: Double
    /// By kind of document.
    package let heldOutLosses: [String: Double]
  }

  package let recipe: PretrainingRecipe
  package let corpus: String
  package let numericsVersion: String
  package let parameters: Int
  /// SHA-256 of `model.safetensors`.
  package let weights: String
  package let steps: Int
  package let tokens: Int
  /// Time taken, what came before a stop included.
  package let seconds: Double
  package let processor: String
  package let blas: String
  package let curve: [Point]

  static let name = "training.json"

  /// Writes both files.
  ///
  /// - Parameter folder: The model's.
  /// - Throws: `CheckpointError` when a file cannot be written.
  func write(to folder: URL) throws(CheckpointError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let url = folder.appendingPathComponent(Self.name)
    do {
      try encoder.encode(self).write(to: url, options: .atomic)
      try Data(table.utf8).write(
        to: folder.appendingPathComponent("training.csv"), options: .atomic)
    } catch {
      throw PretrainingState.unwritable(url, error)
    }
  }

  /// The loss curve as CSV, a column a kind of document.
  private var table: String {
    let kinds = Set(curve.flatMap(\.heldOutLosses.keys)).sorted()
    let head = ["step", "tokens", "learning-rate", "loss", "held-out"] + kinds
    let rows = curve.map { point in
      [
        "\(point.step)", "\(point.tokens)", "\(point.learningRate)", "\(point.loss)",
        "\(point.heldOutLoss)",
      ] + kinds.map { point.heldOutLosses[$0].map { "\($0)" } ?? "" }
    }
    return ([head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
