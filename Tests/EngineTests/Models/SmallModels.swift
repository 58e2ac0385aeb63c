@testable import Engine

/// Small architectures that together reach every branch of the transformer.
enum SmallModels {
  static let llama = ModelDescription(
    family: .llama, vocabularySize: 11, width: 8, layers: 2, heads: 4, keyValueHeads: 2,
    headWidth: 2, feedForwardWidth: 12, isGated: true, activation: .silu,
    normalization: .rms(epsilon: 1e-3), positions: .rotary(base: 10_000, width: 2),
    maximumPositions: 32,
    attentionBias: false, attentionOutputBias: false, feedForwardBias: false, tiesEmbeddings: true)

  static let gpt2 = ModelDescription(
    family: .gpt2, vocabularySize: 11, width: 8, layers: 2, heads: 2, feedForwardWidth: 12,
    isGated: false, activation: .geluTanh, normalization: .layer(epsilon: 1e-3),
    positions: .learned(offset: 0), maximumPositions: 32, attentionBias: true,
    attentionOutputBias: true, feedForwardBias: true, tiesEmbeddings: true)

  static let opt = ModelDescription(
    family: .opt, vocabularySize: 11, width: 8, layers: 2, heads: 2, feedForwardWidth: 12,
    isGated: false, activation: .relu, normalization: .layer(epsilon: 1e-3),
    positions: .learned(offset: 2), maximumPositions: 32, attentionBias: true,
    attentionOutputBias: true, feedForwardBias: true, tiesEmbeddings: true)

  /// OPT-350M's shape: normalization after each block and a projected embedding.
  static let projectedOPT: ModelDescription = {
    var description = opt
    description.embeddingWidth = 6
    description.placement = .after
    description.hasFinalNormalization = false
    return description
  }()

  static let untiedLlama: ModelDescription = {
    var description = llama
    description.tiesEmbeddings = false
    return description
  }()

  /// Attention and feed-forward side by side; a part of each head is rotated.
  static let neox = ModelDescription(
    family: .neox, vocabularySize: 11, width: 12, layers: 2, heads: 2, feedForwardWidth: 10,
    isGated: false, activation: .gelu, normalization: .layer(epsilon: 1e-3),
    hasParallelResidual: true, positions: .rotary(base: 10_000, width: 4), maximumPositions: 32,
    attentionBias: true, attentionOutputBias: true, feedForwardBias: true, tiesEmbeddings: false)

  static let bert = ModelDescription(
    family: .bert, vocabularySize: 11, width: 8, layers: 2, heads: 2, feedForwardWidth: 12,
    isGated: false, activation: .gelu, normalization: .layer(epsilon: 1e-3), placement: .after,
    isBidirectional: true, hasEmbeddingNormalization: true, tokenTypes: 2,
    hasFinalNormalization: false, positions: .learned(offset: 0), maximumPositions: 32,
    attentionBias: true, attentionOutputBias: true, feedForwardBias: true, tiesEmbeddings: true)

  /// Normalized heads, and a second layer with a window and without positions.
  static let qwen3: ModelDescription = {
    var description = llama
    description.queryKeyNormalization = .heads
    description.layerAttention = [
      description.attention(ofLayer: 0), .init(window: 2, rotary: nil),
    ]
    return description
  }()

  /// What blocks add is normalized, and queries and keys over all heads; fixed factors as in Granite.
  static let olmo2: ModelDescription = {
    var description = untiedLlama
    description.placement = .output
    description.queryKeyNormalization = .whole
    description.multipliers = .init(
      embedding: 2, prompt: 2, residual: 0.7, attention: 0.4, logits: 0.5)
    return description
  }()

  /// Norms around blocks whose weights count from one, bounds, and a window in the first layer.
  static let gemma: ModelDescription = {
    var description = llama
    description.placement = .around
    description.normalization = .shiftedRMS(epsilon: 1e-3)
    description.queryKeyNormalization = .heads
    description.multipliers = .init(
      embedding: 2, attention: 0.6, attentionCap: 1.5, logitCap: 2)
    description.layerAttention = [
      .init(window: 3, rotary: RotaryPositions(base: 100, width: 2, scaling: .linear(factor: 2))),
      description.attention(ofLayer: 1),
    ]
    return description
  }()

  /// An encoder with norms before its blocks, one fewer in the first layer, and a window in the second.
  static let modernBERT: ModelDescription = {
    var description = llama
    description.isBidirectional = true
    description.normalization = .layerWithoutBias(epsilon: 1e-3)
    description.activation = .gelu
    description.hasEmbeddingNormalization = true
    description.hasPlainFirstAttention = true
    description.layerAttention = [
      description.attention(ofLayer: 0),
      .init(window: 1, rotary: RotaryPositions(base: 100, width: 2)),
    ]
    return description
  }()

  /// Its decoder, with a layer before the output.
  static let ettin: ModelDescription = {
    var description = modernBERT
    description.family = .modernbertDecoder
    description.isBidirectional = false
    description.layerAttention[1].window = 2
    description.readout = .init(activation: .gelu, hasBias: true, hasOutputBias: true)
    return description
  }()

  /// An encoder whose attention has biases for distances.
  static let mpnet: ModelDescription = {
    var description = bert
    description.tokenTypes = 0
    description.relativePositions = .biases(rows: 32)
    return description
  }()

  /// One that makes keys and queries of distances, and whose tokens have no positions.
  static let deberta: ModelDescription = {
    var description = bert
    description.tokenTypes = 0
    description.positions = .absent
    description.relativePositions = .disentangled(.init(span: 4, bucketedUpTo: 8))
    description.multipliers.attention = 0.3
    return description
  }()

  static let decoders = [
    llama, gpt2, opt, projectedOPT, untiedLlama, neox, qwen3, olmo2, gemma, ettin,
  ]
  static let all = decoders + [bert, modernBERT, mpnet, deberta]

  /// Adds low-rank products, factors, small networks, a prefix and a soft prompt, none of them neutral.
  static func adapt<Scalar: EngineScalar>(_ model: Transformer<Scalar>) {
    let (ledger, description) = (model.ledger, model.description)
    func random(_ tensor: Tensor<Scalar>, _ purpose: String) {
      var stream = RandomStream(seed: 5, purpose: purpose)
      for i in 0..<tensor.count { tensor.elements[i] += Scalar(0.3 * stream.normal()) }
    }
    func fresh(_ rows: Int, _ columns: Int) -> Tensor<Scalar> {
      let tensor = Tensor<Scalar>(
        rows: rows, columns: columns, category: .weights, requiresGradient: true, in: ledger)
      for i in 0..<tensor.count { tensor.elements[i] = 0 }
      return tensor
    }
    for (index, layer) in model.layers.enumerated() {
      let stream = RandomStream(seed: 4, purpose: "low rank \(index)")
      layer.query.attachLowRank(rank: 2, scale: 0.7, dropout: 0, random: stream, in: ledger)
      layer.value.attachLowRank(
        rank: 2, scale: 0.7, dropout: 0, random: stream, sharing: layer.query.lowRank?.a,
        in: ledger)
      layer.up.attachLowRank(rank: 1, scale: 2, dropout: 0, random: stream, in: ledger)
      layer.key.attachRescaling(ofInputs: false, in: ledger)
      layer.output.attachRescaling(ofInputs: false, in: ledger)
      layer.down.attachRescaling(ofInputs: true, in: ledger)
      func bottleneck() -> Bottleneck<Scalar> {
        Bottleneck(
          width: description.width, size: 3, activation: .silu, deviation: 0.3, random: stream,
          in: ledger)
      }
      model.setAdapters(
        attention: bottleneck(), feedForward: index == 0 ? nil : bottleneck(), layer: index)
      let width = description.keyValueHeads * description.headWidth
      model.setPrefix(
        AttentionPrefix(keys: fresh(2, width), values: fresh(2, width), length: 2), layer: index)
    }
    model.setPrompt(fresh(2, description.embeddingWidth))
    for parameter in model.parameters where parameter.tensor.requiresGradient {
      random(parameter.tensor, parameter.name)
    }
  }
}
