import Testing

@testable import Engine

extension Adapter {
  /// Puts the adapter into a model, ready to be trained on.
  func attach(to model: Transformer<Float>) throws {
    let ledger = model.ledger
    func tensor(_ matrix: Matrix) -> Tensor<Float> {
      Tensor(.init(shape: [matrix.rows, matrix.columns], values: matrix.values), in: ledger)
    }
    switch self {
    case .lora(let lora):
      for part in lora.parts { try lora.attach(part, to: model) }
    case .scales(let scales):
      for scale in scales {
        let linear = try model.linear(scale.layer, scale.part)
        linear.attachRescaling(ofInputs: scale.part == .down, in: ledger)
        linear.rescaling?.factors.fill(scale.values)
      }
    case .prompt(let rows):
      model.setPrompt(tensor(rows))
    case .prefix(let layers):
      for (index, layer) in layers.enumerated() {
        model.setPrefix(
          AttentionPrefix(
            keys: tensor(layer.keys), values: tensor(layer.values), length: layer.keys.rows),
          layer: index)
      }
    }
  }
}

extension Adapter.LoRA {
  fileprivate func attach(_ part: Part, to model: Transformer<Float>) throws {
    // What comes from one module of PEFT's shares its `A` there too.
    let first = try #require(parts.first { $0.layer == part.layer && $0.a == part.a })
    let shared =
      first.part == part.part ? nil : try model.linear(first.layer, first.part).lowRank?.a
    let linear = try model.linear(part.layer, part.part)
    linear.attachLowRank(
      rank: part.a.rows, scale: Float(part.scale), dropout: dropout,
      random: RandomStream(seed: 0, purpose: "overwritten"), sharing: shared,
      withMagnitude: part.magnitude != nil, in: model.ledger)
    let added = try #require(linear.lowRank)
    added.a.fill(part.a.values)
    added.b.fill(part.b.values)
    if let magnitude = part.magnitude { added.magnitude?.lengths.fill(magnitude) }
  }
}

extension Transformer {
  /// The matrix product that plays a part in a layer.
  func linear(_ layer: Int, _ part: WeightSlot.Part) throws -> LinearLayer<Scalar> {
    try #require(layers[layer].linearLayers.first { $0.part == part }?.linear)
  }
}
