import Foundation

@testable import Engine

/// The recorded numbers of ``RecordedReference`` with their names.
struct Reference: Decodable, Sendable {
  /// What every model was asked.
  struct Inputs: Decodable, Sendable {
    let sequences: [[Int32]]
    let secondSequences: [[Int32]]
    /// The words to follow `sequences`.
    let targets: [Int]
    /// The classes of `sequences` and of `secondSequences`.
    let labels: [[Int]]
    /// The columns of the logits that are recorded.
    let recordedColumns: [Int]
    let warmup: Int
    let rate: Double
    let rank: Int
    let alpha: Double
  }

  /// A gradient in short.
  struct Gradient: Decodable, Sendable {
    let name: String
    let norm: Double
    /// Its inner product with the formula's values of `probe of <name>`.
    let product: Double
  }

  /// The course of ten training steps.
  struct Trajectory: Decodable, Sendable {
    let losses: [Double]
    /// Of the whole gradient before clipping.
    let norms: [Double]
    var weightDecay: Double?
    var rslora: Bool?
    /// The classifier's before the first step, example by example.
    var logits: [Float]?
  }

  /// `λ T² KL(p ‖ q) + (1 − λ) CE` of the formula's logits.
  struct Distillation: Decodable, Sendable {
    let temperature: Float
    let share: Float
    let loss: Double
    let gradient: [Float]
  }

  /// A continuation by `generate()`.
  struct Greedy: Decodable, Sendable {
    let prompt: String
    let added: [Int32]
  }

  struct Stories: Decodable, Sendable {
    let greedy: [Greedy]
    /// Of each sentence: its tokens, logits 3, 261 and 400 after the last one, and their log-sum-exp.
    let sentences: [[Double]]
  }

  let inputs: Inputs
  let models: [ReferenceModel]
  let distillation: [Distillation]
  let stories: Stories

  /// Nil, and a failed test, when the recorded text cannot be read.
  static let recorded = try? JSONDecoder().decode(
    Reference.self, from: Data(RecordedReference.json.utf8))
}
