/// A named weight with the layer it belongs to.
package struct Parameter<Scalar: EngineScalar> {
  package let name: String
  /// Counted from the bottom; nil outside the layers.
  package let layer: Int?
  package let tensor: Tensor<Scalar>

  /// Whether the weight acts after all layers and belongs to no layer.
  package var isAboveLayers: Bool { layer == nil && WeightSlot.namesAboveLayers.contains(name) }
}

extension Transformer {
  /// Every weight, low-rank additions included, from the embedding up, in a fixed order.
  package var parameters: [Parameter<Scalar>] {
    var all: [Parameter<Scalar>] = []
    func add(_ name: String, _ tensor: Tensor<Scalar>?, layer: Int? = nil) {
      guard let tensor else { return }
      all.append(Parameter(name: name, layer: layer, tensor: tensor))
    }
    add("embedding", tokenEmbedding)
    add("positions", positionEmbedding)
    add("project-in", projectIn)
    for (index, layer) in layers.enumerated() {
      for (part, norm) in [
        ("attention-norm", layer.attentionNorm), ("feed-forward-norm", layer.feedForwardNorm),
      ] {
        add("layers.\(index).\(part).weight", norm.weight, layer: index)
        add("layers.\(index).\(part).bias", norm.bias, layer: index)
      }
      for (part, linear) in layer.linearLayers {
        add("layers.\(index).\(part.rawValue).weight", linear.weight, layer: index)
        add("layers.\(index).\(part.rawValue).bias", linear.bias, layer: index)
        add("layers.\(index).\(part.rawValue).lora-a", linear.lowRank?.a, layer: index)
        add("layers.\(index).\(part.rawValue).lora-b", linear.lowRank?.b, layer: index)
      }
    }
    add("final-norm.weight", finalNorm?.weight)
    add("final-norm.bias", finalNorm?.bias)
    add("project-out", projectOut)
    add("output", untiedOutput)
    return all
  }

  /// Stops or starts the training of every weight.
  package func setTrainable(_ trains: Bool) {
    for parameter in parameters { parameter.tensor.requiresGradient = trains }
  }
}

extension WeightSlot {
  static let namesAboveLayers: Set = [
    "final-norm.weight", "final-norm.bias", "project-out", "output",
  ]
}

extension Transformer.Layer {
  /// The matrix products of the layer by the part they play.
  package var linearLayers: [(part: WeightSlot.Part, linear: LinearLayer<Scalar>)] {
    var all: [(part: WeightSlot.Part, linear: LinearLayer<Scalar>)] = [
      (.query, query), (.key, key), (.value, value), (.output, output),
    ]
    if let gate { all.append((.gate, gate)) }
    return all + [(.up, up), (.down, down)]
  }
}
