/// A named weight with the layer it belongs to.
package struct Parameter<Scalar: EngineScalar> {
  package let name: String
  /// Counted from the bottom; nil outside the layers.
  package let layer: Int?
  package let tensor: Tensor<Scalar>
  /// Whether the weight acts after all layers and belongs to no layer.
  package let isAboveLayers: Bool

  /// Whether this is a bias, of a matrix or of a normalization.
  package var isBias: Bool { name.hasSuffix(".bias") }
}

extension Transformer {
  /// Everything that can train, what adaptations added included, from the embedding up.
  package var parameters: [Parameter<Scalar>] {
    var all: [Parameter<Scalar>] = []
    func add(_ name: String, _ tensor: Tensor<Scalar>?, layer: Int? = nil, above: Bool = false) {
      // Parts that share a tensor name it once.
      guard let tensor, !all.contains(where: { $0.tensor === tensor }) else { return }
      all.append(Parameter(name: name, layer: layer, tensor: tensor, isAboveLayers: above))
    }
    func add(_ name: String, _ linear: LinearLayer<Scalar>, layer: Int) {
      for (part, tensor) in linear.trainable { add("\(name).\(part)", tensor, layer: layer) }
    }
    add("embedding", tokenEmbedding)
    add("positions", positionEmbedding)
    add("token-types", tokenTypeEmbedding)
    add("embedding-norm.weight", embeddingNorm?.weight)
    add("embedding-norm.bias", embeddingNorm?.bias)
    add("project-in", projectIn)
    add("project-in.bias", projectInBias)
    add("relative", relativeEmbedding)
    add("relative-norm.weight", relativeNorm?.weight)
    add("relative-norm.bias", relativeNorm?.bias)
    add("prompt", prompt)
    for (index, layer) in layers.enumerated() {
      let prefix = "layers.\(index)"
      for (part, norm) in layer.norms {
        add("\(prefix).\(part.parameterName).weight", norm.weight, layer: index)
        add("\(prefix).\(part.parameterName).bias", norm.bias, layer: index)
      }
      for (part, linear) in layer.linearLayers {
        add("\(prefix).\(part.rawValue)", linear, layer: index)
      }
      for (name, adapter) in [
        ("attention-adapter", layer.attentionAdapter),
        ("feed-forward-adapter", layer.feedForwardAdapter),
      ] {
        guard let adapter else { continue }
        add("\(prefix).\(name).down", adapter.down, layer: index)
        add("\(prefix).\(name).up", adapter.up, layer: index)
      }
      add("\(prefix).prefix-keys", layer.prefix?.keys, layer: index)
      add("\(prefix).prefix-values", layer.prefix?.values, layer: index)
    }
    add("final-norm.weight", finalNorm?.weight, above: true)
    add("final-norm.bias", finalNorm?.bias, above: true)
    add("project-out", projectOut, above: true)
    add("readout.weight", readout?.weight, above: true)
    add("readout.bias", readout?.bias, above: true)
    add("readout-norm.weight", readout?.norm.weight, above: true)
    add("readout-norm.bias", readout?.norm.bias, above: true)
    add("pooler.weight", pooler?.weight, above: true)
    add("pooler.bias", pooler?.bias, above: true)
    add("pooler-norm.weight", poolerNorm?.weight, above: true)
    add("pooler-norm.bias", poolerNorm?.bias, above: true)
    add("output", untiedOutput, above: true)
    add("output.bias", outputBias, above: true)
    return all
  }

  /// Stops or starts the training of every weight.
  package func setTrainable(_ trains: Bool) {
    for parameter in parameters { parameter.tensor.requiresGradient = trains }
  }

  /// The weights of the model itself, by the slot each fills, from the embedding up.
  package var weights: [(slot: WeightSlot, tensor: Tensor<Scalar>)] {
    var all: [(slot: WeightSlot, tensor: Tensor<Scalar>)] = []
    func add(_ slot: WeightSlot, _ tensor: Tensor<Scalar>?) {
      if let tensor { all.append((slot, tensor)) }
    }
    func add(_ slot: WeightSlot, _ norm: Norm?) {
      add(slot, norm?.weight)
      add(slot.bias, norm?.bias)
    }
    add(.tokenEmbedding, tokenEmbedding)
    add(.positionEmbedding, positionEmbedding)
    add(.tokenTypeEmbedding, tokenTypeEmbedding)
    add(.embeddingNorm, embeddingNorm)
    add(.projectIn, projectIn)
    add(.projectIn.bias, projectInBias)
    add(.relativeEmbedding, relativeEmbedding)
    add(.relativeNorm, relativeNorm)
    for (index, layer) in ownLayers.enumerated() {
      for (part, norm) in layer.norms { add(.layer(index, part), norm) }
      for (part, linear) in layer.linearLayers {
        add(.layer(index, part), linear.weight)
        add(WeightSlot.layer(index, part).bias, linear.bias)
      }
    }
    add(.finalNorm, finalNorm)
    add(.projectOut, projectOut)
    add(.readout, readout?.weight)
    add(.bias(.readout), readout?.bias)
    add(.readoutNorm, readout?.norm)
    add(.pooler, pooler?.weight)
    add(.pooler.bias, pooler?.bias)
    add(.poolerNorm, poolerNorm)
    add(.output, untiedOutput)
    add(.bias(.output), outputBias)
    return all
  }
}

extension WeightSlot.Part {
  /// `feed-forward-norm` for `feedForwardNorm`.
  fileprivate var parameterName: String {
    rawValue.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
  }
}

extension Transformer.Layer {
  /// The normalizations of the layer by the part they play.
  var norms: [(part: WeightSlot.Part, norm: Transformer.Norm)] {
    let all: [(WeightSlot.Part, Transformer.Norm?)] = [
      (.attentionNorm, attentionNorm), (.feedForwardNorm, feedForwardNorm),
      (.queryNorm, queryNorm), (.keyNorm, keyNorm), (.attentionOutputNorm, attentionOutputNorm),
      (.feedForwardOutputNorm, feedForwardOutputNorm),
    ]
    return all.compactMap { part, norm in norm.map { (part, $0) } }
  }

  /// The matrix products of the layer by the part they play.
  package var linearLayers: [(part: WeightSlot.Part, linear: LinearLayer<Scalar>)] {
    var all: [(part: WeightSlot.Part, linear: LinearLayer<Scalar>)] = [
      (.query, query), (.key, key), (.value, value), (.output, output),
    ]
    if let gate { all.append((.gate, gate)) }
    return all + [(.up, up), (.down, down)]
  }
}
