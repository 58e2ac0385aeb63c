/// The architecture of a transformer, free of any file format.
///
/// One description covers the decoders OPT (learned positions with offset 2, ReLU, pre- or post-norm,
/// an optional embedding projection), GPT-2 (learned positions, tanh GELU), GPT-NeoX (parallel
/// residual, partly rotated heads) and Llama, Mistral and Qwen2 (RMSNorm, rotary positions, SwiGLU,
/// grouped queries), and the encoders BERT, DistilBERT and RoBERTa (every token sees every other,
/// normalized embeddings, token types).
package struct ModelDescription: Codable, Hashable, Sendable {
  /// The name of a family of models whose checkpoints are laid out alike; each is declared with its
  /// layout.
  package struct Family: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
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
  /// Whether there is an output matrix at all; classifiers, reward and embedding models lack it.
  package var hasOutput = true
  var beginToken: Int?
  var endToken: Int?
  var padToken: Int?

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

extension ModelDescription {
  /// A weight of the architecture: its place and its size; biases and norms have one row.
  package struct Weight: Hashable, Sendable {
    package let slot: WeightSlot
    package let rows: Int
    package let columns: Int
  }

  /// Every weight the architecture has, from the embeddings up.
  package var weights: [Weight] {
    var all = [
      Weight(slot: .tokenEmbedding, rows: vocabularySize, columns: embeddingWidth)
    ]
    if case .learned(let offset) = positions {
      all.append(
        Weight(slot: .positionEmbedding, rows: maximumPositions + offset, columns: width))
    }
    if tokenTypes > 0 {
      all.append(Weight(slot: .tokenTypeEmbedding, rows: tokenTypes, columns: width))
    }
    if hasEmbeddingNormalization { all += norm(.embeddingNorm) }
    if embeddingWidth != width {
      all.append(Weight(slot: .projectIn, rows: width, columns: embeddingWidth))
      all.append(Weight(slot: .projectOut, rows: embeddingWidth, columns: width))
    }
    for index in 0..<layers { all += layer(index) }
    if hasFinalNormalization { all += norm(.finalNorm) }
    if !tiesEmbeddings, hasOutput {
      all.append(Weight(slot: .output, rows: vocabularySize, columns: embeddingWidth))
    }
    return all
  }

  private func layer(_ index: Int) -> [Weight] {
    let (queries, keys) = (heads * headWidth, keyValueHeads * headWidth)
    func linear(
      _ part: WeightSlot.Part, _ outputs: Int, _ inputs: Int, bias: Bool
    ) -> [Weight] {
      let slot = WeightSlot.layer(index, part)
      let weight = Weight(slot: slot, rows: outputs, columns: inputs)
      return bias ? [weight, Weight(slot: slot.bias, rows: 1, columns: outputs)] : [weight]
    }
    return norm(.layer(index, .attentionNorm))
      + linear(.query, queries, width, bias: attentionBias)
      + linear(.key, keys, width, bias: attentionBias)
      + linear(.value, keys, width, bias: attentionBias)
      + linear(.output, width, queries, bias: attentionOutputBias)
      + norm(.layer(index, .feedForwardNorm))
      + (isGated ? linear(.gate, feedForwardWidth, width, bias: feedForwardBias) : [])
      + linear(.up, feedForwardWidth, width, bias: feedForwardBias)
      + linear(.down, width, feedForwardWidth, bias: feedForwardBias)
  }

  private func norm(_ slot: WeightSlot) -> [Weight] {
    let weight = Weight(slot: slot, rows: 1, columns: width)
    guard case .layer = normalization else { return [weight] }
    return [weight, Weight(slot: slot.bias, rows: 1, columns: width)]
  }
}

extension ModelDescription {
  /// Whether the model scores the next word: a decoder with an output matrix.
  package var predictsWords: Bool { whyNoWords == nil }

  /// Why the model predicts no next word, for a message; nil where it does.
  package var whyNoWords: String? {
    if isBidirectional { return "the model is an encoder" }
    return hasOutput ? nil : "the model has no output matrix ('lm_head')"
  }

  /// Parameters of one layer.
  package var parametersPerLayer: Int {
    let (queries, keys) = (heads * headWidth, keyValueHeads * headWidth)
    let attention = width * (queries + 2 * keys) + queries * width
    let attentionBiases =
      (attentionBias ? queries + 2 * keys : 0) + (attentionOutputBias ? width : 0)
    let matrices = isGated ? 3 : 2
    let feedForward = matrices * width * feedForwardWidth
    let feedForwardBiases =
      feedForwardBias ? (matrices - 1) * feedForwardWidth + width : 0
    return attention + attentionBiases + feedForward + feedForwardBiases + 2 * normParameters
  }

  /// Parameters of the whole model; tied matrices count once.
  package var parameterCount: Int {
    var count =
      vocabularySize * embeddingWidth * (tiesEmbeddings || !hasOutput ? 1 : 2)
      + tokenTypes * width
    if hasEmbeddingNormalization { count += normParameters }
    if case .learned(let offset) = positions { count += (maximumPositions + offset) * width }
    if embeddingWidth != width { count += 2 * width * embeddingWidth }
    return count + layers * parametersPerLayer + (hasFinalNormalization ? normParameters : 0)
  }

  private var normParameters: Int {
    if case .layer = normalization { return 2 * width }
    return width
  }
}
