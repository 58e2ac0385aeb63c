/// The architecture of a decoder-only transformer, free of any file format.
///
/// One description covers OPT (learned positions with offset 2, ReLU, pre- or post-norm, an optional
/// embedding projection), GPT-2 (learned positions, tanh GELU) and Llama (RMSNorm, rotary positions,
/// SwiGLU, grouped queries).
package struct DecoderDescription: Codable, Hashable, Sendable {
  package enum Family: String, Codable, Hashable, Sendable, CaseIterable {
    case opt
    case gpt2
    case llama
  }

  package enum Normalization: Codable, Hashable, Sendable {
    case layer(epsilon: Double)
    case rms(epsilon: Double)
  }

  package enum Placement: String, Codable, Hashable, Sendable {
    case before
    case after
  }

  package enum Positions: Codable, Hashable, Sendable {
    /// A learned table with `offset` unused leading rows (2 in OPT, 0 in GPT-2).
    case learned(offset: Int)
    /// Rotary embedding of half-split pairs; angle `position · base^(-2i/headWidth)`.
    case rotary(base: Double)
  }

  package enum Activation: String, Codable, Hashable, Sendable {
    case relu
    /// The tanh approximation GPT-2 calls `gelu_new`.
    case geluTanh
    case gelu
    case silu
  }

  package var family: Family
  package var vocabularySize: Int
  /// Width of the residual stream.
  package var width: Int
  /// Width of the token embedding; differs from `width` only in OPT-350M, which projects in and out.
  package var embeddingWidth: Int
  package var layers: Int
  package var heads: Int
  /// Equal to `heads` unless queries are grouped.
  package var keyValueHeads: Int
  package var headWidth: Int
  package var feedForwardWidth: Int
  /// Whether the feed-forward block multiplies by an activated gate (SwiGLU).
  package var isGated: Bool
  package var activation: Activation
  package var normalization: Normalization
  package var placement: Placement
  /// Whether a last normalization follows the layers (not in post-norm OPT).
  package var hasFinalNormalization: Bool
  package var positions: Positions
  /// Longest sequence the model was trained for, in tokens.
  package var maximumPositions: Int
  package var attentionBias: Bool
  package var attentionOutputBias: Bool
  package var feedForwardBias: Bool
  /// Whether the output matrix is the token embedding.
  package var tiesEmbeddings: Bool
  package var beginToken: Int?
  package var endToken: Int?
  package var padToken: Int?

  package init(
    family: Family, vocabularySize: Int, width: Int, embeddingWidth: Int? = nil, layers: Int,
    heads: Int, keyValueHeads: Int? = nil, headWidth: Int? = nil, feedForwardWidth: Int,
    isGated: Bool, activation: Activation, normalization: Normalization,
    placement: Placement = .before, hasFinalNormalization: Bool = true, positions: Positions,
    maximumPositions: Int, attentionBias: Bool, attentionOutputBias: Bool, feedForwardBias: Bool,
    tiesEmbeddings: Bool, beginToken: Int? = nil, endToken: Int? = nil, padToken: Int? = nil
  ) {
    self.family = family
    self.vocabularySize = vocabularySize
    self.width = width
    self.embeddingWidth = embeddingWidth ?? width
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headWidth = headWidth ?? width / max(heads, 1)
    self.feedForwardWidth = feedForwardWidth
    self.isGated = isGated
    self.activation = activation
    self.normalization = normalization
    self.placement = placement
    self.hasFinalNormalization = hasFinalNormalization
    self.positions = positions
    self.maximumPositions = maximumPositions
    self.attentionBias = attentionBias
    self.attentionOutputBias = attentionOutputBias
    self.feedForwardBias = feedForwardBias
    self.tiesEmbeddings = tiesEmbeddings
    self.beginToken = beginToken
    self.endToken = endToken
    self.padToken = padToken
  }
}
