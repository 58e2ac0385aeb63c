/// The architecture of a transformer, free of any file format.
///
/// One description covers the decoders OPT (learned positions with offset 2, ReLU, pre- or post-norm,
/// an optional embedding projection), GPT-2 (learned positions, tanh GELU), GPT-NeoX (parallel
/// residual, partly rotated heads) and Llama, Mistral and Qwen2 (RMSNorm, rotary positions, SwiGLU,
/// grouped queries), and the encoders BERT, DistilBERT and RoBERTa (every token sees every other,
/// normalized embeddings, token types).
package struct ModelDescription: Codable, Hashable, Sendable {
  package enum Family: String, Codable, Hashable, Sendable, CaseIterable {
    case opt
    case gpt2
    case neox
    /// Also Mistral and Qwen2.
    case llama
    /// Also MiniLM.
    case bert
    case distilbert
    case roberta
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
    /// A learned table with `offset` unused leading rows (2 in OPT and RoBERTa, 0 in GPT-2 and BERT).
    case learned(offset: Int)
    /// Rotary embedding of half-split pairs in the first `width` columns of a head, the whole head
    /// in Llama and a quarter of it in Pythia; angle `position · base^(-2i/width)`.
    case rotary(base: Double, width: Int)
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
  /// Whether every token sees all tokens of its sequence (an encoder) or only those before it.
  package var isBidirectional: Bool
  /// Whether attention and feed-forward both read the layer's input and add to it (GPT-NeoX).
  package var hasParallelResidual: Bool
  /// Whether the sum of the embeddings is normalized before the first layer (encoders).
  package var hasEmbeddingNormalization: Bool
  /// Rows of the token type embedding, of which the first is added to every token; 0 for none.
  package var tokenTypes: Int
  /// Whether a last normalization follows the layers (not in post-norm OPT and encoders).
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
    placement: Placement = .before, isBidirectional: Bool = false,
    hasParallelResidual: Bool = false, hasEmbeddingNormalization: Bool = false,
    tokenTypes: Int = 0, hasFinalNormalization: Bool = true, positions: Positions,
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
    self.isBidirectional = isBidirectional
    self.hasParallelResidual = hasParallelResidual
    self.hasEmbeddingNormalization = hasEmbeddingNormalization
    self.tokenTypes = tokenTypes
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
