/// Twenty recorded training steps of a method: its settings and what came of them.
struct ParityCourse: Decodable, Sendable {
  /// A matrix of a layer; `joint` is the one for query, key and value of GPT-2 and GPT-NeoX.
  enum Target: String, Decodable, Sendable {
    case query, key, value, joint, output, gate, up, down
  }

  /// `full`, `head`, `frozen`, `distillation`, `probe`, `tapt`, `bitfit`, `lora`, `lora-all`,
  /// `lora-plus`, `rslora`, `dora`, `ia3`, `prompt` or `prefix`.
  let name: String

  // MARK: What the method is

  /// The matrices with a low-rank addition or a scale.
  let targets: [Target]?
  let rank: Int?
  let alpha: Double?
  /// How much faster `B` learns than `A`.
  let rateFactor: Double?
  /// Prompt vectors before the first token, or keys and values of every layer.
  let virtualTokens: Int?
  /// What the model takes for the positions of the first batch's longest sequence, virtual tokens
  /// included where they pass through the layers.
  let positions: [Int]?
  /// Lowest layers that do not train, nor do the embeddings.
  let frozenLayers: Int?
  /// The factor of the learning rate a layer down from the topmost.
  let layerDecay: Double?
  let temperature: Double?
  /// `λ` of the loss `λ T² KL + (1 − λ) CE`, which is over all words.
  let teacherShare: Double?
  /// Whether a linear head answers, which trains too; elsewhere the loss is over the label words.
  let head: Bool?

  // MARK: How it is trained

  let trainedParameters: Int
  let weightDecay: Double
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  /// The largest norm of the gradient; nil for no clipping.
  let clipNorm: Double?
  /// Of every step: a warm-up of 4 steps and a linear decay to zero.
  let learningRates: [Double]

  // MARK: What came of it

  let losses: [Double]
  /// Of the whole gradient before clipping.
  let norms: [Double]
}
