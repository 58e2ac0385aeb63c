@testable import Engine

/// A small model in training, a step at a time.
struct SmallTraining {
  enum Method: CaseIterable {
    /// Every weight of the model.
    case full
    /// Everything that adaptations can add, at once.
    case additions
    /// Low-rank products with row lengths beside quantized matrices.
    case quantized
  }

  let model: Transformer<Float>
  private let optimizer: AdamW<Float>

  init(_ description: ModelDescription, _ method: Method) {
    let ledger = MemoryLedger()
    model = Transformer(
      description, from: RandomWeights(seed: 1, deviation: 0.2),
      quantization: method == .quantized ? .nf4(doubleQuantization: true) : nil, in: ledger)
    model.setTrainable(method == .full)
    switch method {
    case .full: break
    case .additions: SmallModels.adapt(model)
    case .quantized:
      for (index, layer) in model.layers.enumerated() {
        for (part, linear) in layer.linearLayers {
          linear.attachLowRank(
            rank: 2, scale: 0.5, dropout: 0.1,
            random: RandomStream(seed: 2, purpose: "\(index) \(part)"), withMagnitude: true,
            in: ledger)
        }
      }
    }
    optimizer = AdamW(
      model.parameters.filter(\.tensor.requiresGradient).map { AdamW.Group($0.tensor) },
      options: .init(weightDecay: 0.01, clipNorm: 1), in: ledger)
  }

  /// Trains on the last token of each sequence and returns the sum of the losses.
  func step(_ number: Int, _ sequences: [[Int32]], targets: [Int]) -> Float {
    let batch = PackedBatch(sequences, virtualTokens: model.prompt?.rows ?? 0)
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(
      batch, .lastTokens, dropoutStream: RandomStream(seed: 1, purpose: "step \(number)"),
      on: tape)
    let losses = tape.crossEntropy(model.logits(hidden, on: tape), targets: targets)
    let sum = losses.values.reduce(0, +)
    tape.backward(from: [(losses, 1)])
    _ = optimizer.step(learningRate: 1e-3)
    return sum
  }
}
