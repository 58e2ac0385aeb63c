@testable import Engine

/// Small architectures that together reach every branch of the decoder.
enum SmallDecoders {
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

  static let all = [llama, gpt2, opt, projectedOPT, untiedLlama]
}
