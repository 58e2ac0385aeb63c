/// The architecture of a transformer, free of any file format.
///
/// One description covers the decoders OPT (learned positions with offset 2, ReLU, pre- or post-norm,
/// an optional embedding projection), GPT-2 (learned positions, tanh GELU), GPT-NeoX (parallel
/// residual, partly rotated heads) and Llama with its relatives (RMSNorm, rotary positions, SwiGLU,
/// grouped queries; normalized queries and keys, windows and fixed factors in some), and the encoders
/// BERT, DistilBERT and RoBERTa (every token sees every other, normalized embeddings, token types).
package struct ModelDescription: Hashable, Sendable {
  /// The name of a family of models whose checkpoints are laid out alike; each is declared with its
  /// layout.
  package struct Family: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
  }

  package enum Normalization: Hashable, Sendable {
    case layer(epsilon: Double)
    /// Without a bias (ModernBERT).
    case layerWithoutBias(epsilon: Double)
    case rms(epsilon: Double)
    /// With the factor `1 + w` (Gemma).
    case shiftedRMS(epsilon: Double)
  }

  /// Where the attention and the feed-forward block of a layer are normalized.
  package enum Placement: String, Hashable, Sendable {
    /// What a block reads.
    case before
    /// The sum of a block's input and output.
    case after
    /// What a block adds to its input (OLMo 2).
    case output
    /// What a block reads and what it adds (Gemma 2 and 3).
    case around
  }

  package enum Positions: Hashable, Sendable {
    /// A learned table with `offset` unused leading rows (2 in OPT and RoBERTa, 0 in GPT-2 and BERT).
    case learned(offset: Int)
    case rotary(RotaryPositions)
    /// Tokens do not know where they are, only how far from others (DeBERTa-v3).
    case absent

    /// Rotary positions that are not scaled.
    package static func rotary(base: Double, width: Int) -> Positions {
      .rotary(RotaryPositions(base: base, width: width))
    }
  }

  /// What queries and keys are normalized over before they turn.
  package enum QueryKeyNormalization: Hashable, Sendable {
    /// Each head on its own, all with the same weights (Qwen3, Gemma 3).
    case heads
    /// All heads together (OLMo 2).
    case whole
  }

  /// The attention of a layer, where layers differ.
  package struct LayerAttention: Hashable, Sendable {
    /// How far a token sees: in a decoder the number of tokens up to itself, in an encoder the number
    /// on each side; nil for all.
    package var window: Int?
    /// Nil for a layer that does not know positions.
    package var rotary: RotaryPositions?
  }

  /// What stands between the last states and the output matrix: `norm(f(h Wᵀ + b))`, as wide as a token's
  /// embedding.
  package struct Readout: Hashable, Sendable {
    package var activation: Activation
    package var hasBias: Bool
    /// Whether logits have a bias too.
    package var hasOutputBias: Bool
  }

  /// Fixed factors and bounds, neutral in most families.
  package struct Multipliers: Hashable, Sendable {
    /// Of token embeddings.
    package var embedding = 1.0
    /// Of the vectors of a soft prompt.
    package var prompt = 1.0
    /// Of what a block adds to the residual stream.
    package var residual = 1.0
    /// Of attention scores; nil for `1 / √headWidth`.
    package var attention: Double?
    /// `c` of `c · tanh(s / c)`, which replaces an attention score `s`.
    package var attentionCap: Double?
    package var logits = 1.0
    /// The same bound for logits.
    package var logitCap: Double?
  }

  /// What the family's class for sequence classification puts between a text's state `h` and the scores
  /// of its classes: `W drop(norm(f(V drop(h) + a))) + b`.
  package struct Classifier: Hashable, Sendable {
    /// How a text's tokens become one state.
    package enum Pooling: Hashable, Sendable {
      /// The first one's is the text's.
      case first
      case mean
      /// What the dense layer makes of each is averaged (EuroBERT).
      case meanOfDense
    }

    package var pooling = Pooling.first
    /// Of the dense layer `V`, as wide as the model.
    package var activation: Activation
    /// Share of the state's values that a step of training leaves out; nil for a class that never does.
    package var inputDropout: Double?
    /// The same of the dense layer's.
    package var dropout: Double
    /// Of the numbers in fresh matrices; biases begin at zero.
    package var deviation: Double
    /// The same of `V`'s, where it differs.
    package var denseDeviation: Double?
    /// Whether there is an `a`.
    package var hasDenseBias = true
    /// Whether there is a normalization, of the kind that the model has (ModernBERT).
    package var isNormalized = false

    package init(
      activation: Activation, inputDropout: Double? = nil, dropout: Double, deviation: Double
    ) {
      self.activation = activation
      self.inputDropout = inputDropout
      self.dropout = dropout
      self.deviation = deviation
    }
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
  package var queryKeyNormalization: QueryKeyNormalization?
  /// The attention of each layer; empty where it is the same in all and sees everything.
  package var layerAttention: [LayerAttention] = []
  /// How attention depends on distances; only in encoders.
  package var relativePositions: RelativePositions?
  package var multipliers = Multipliers()
  /// Whether the first layer's attention reads the embeddings as they are (ModernBERT).
  package var hasPlainFirstAttention = false
  /// Nil where the output matrix reads the last states.
  package var readout: Readout?
  /// The same of an encoder that has learned to predict masked words, which ``predictingMasks`` makes its
  /// ``readout``; nil where there is none.
  package var maskedReadout: Readout?
  var beginToken: Int?
  var endToken: Int?
  var padToken: Int?
  /// Nil where a classifier is one matrix, as in decoders.
  package var classifier: Classifier?
  /// Whether embeddings keep the token's width until they are normalized, and are then projected.
  ///
  /// ELECTRA's and ALBERT's are. OPT-350M projects the token's alone, and back after the layers.
  package var projectsNormalizedEmbedding = false
  /// Whether all layers are one, computed again and again (ALBERT).
  package var sharesLayers = false
  /// Whether the model has pre-trained the dense layer of its classifier, as BERT does.
  package var hasPooler = false

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
  /// Width of the states after the last layer, as a head or the output matrix reads them.
  package var stateWidth: Int { projectsNormalizedEmbedding ? width : embeddingWidth }

  /// Layers with weights of their own.
  package var ownLayers: Int { sharesLayers ? min(1, layers) : layers }

  /// Width of the sum of the embeddings.
  var summedWidth: Int { projectsNormalizedEmbedding ? embeddingWidth : width }

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
        Weight(slot: .positionEmbedding, rows: maximumPositions + offset, columns: summedWidth))
    }
    if tokenTypes > 0 {
      all.append(Weight(slot: .tokenTypeEmbedding, rows: tokenTypes, columns: summedWidth))
    }
    if hasEmbeddingNormalization { all += norm(.embeddingNorm, width: summedWidth) }
    if projectsNormalizedEmbedding {
      all.append(Weight(slot: .projectIn, rows: width, columns: embeddingWidth))
      all.append(Weight(slot: .projectIn.bias, rows: 1, columns: width))
    } else if embeddingWidth != width {
      all.append(Weight(slot: .projectIn, rows: width, columns: embeddingWidth))
      all.append(Weight(slot: .projectOut, rows: embeddingWidth, columns: width))
    }
    if let relativePositions {
      let columns = if case .biases = relativePositions { heads } else { width }
      all.append(
        Weight(slot: .relativeEmbedding, rows: relativePositions.rows, columns: columns))
      if relativePositions.isNormalized { all += norm(.relativeNorm) }
    }
    for index in 0..<ownLayers { all += layer(index) }
    if hasFinalNormalization { all += norm(.finalNorm) }
    if let readout {
      all.append(Weight(slot: .readout, rows: embeddingWidth, columns: width))
      if readout.hasBias {
        all.append(Weight(slot: .bias(.readout), rows: 1, columns: embeddingWidth))
      }
      all += norm(.readoutNorm, width: embeddingWidth)
    }
    if hasPooler {
      all.append(Weight(slot: .pooler, rows: width, columns: width))
      if classifier?.hasDenseBias ?? true {
        all.append(Weight(slot: .pooler.bias, rows: 1, columns: width))
      }
      if classifier?.isNormalized == true { all += norm(.poolerNorm) }
    }
    if !tiesEmbeddings, hasOutput {
      all.append(Weight(slot: .output, rows: vocabularySize, columns: embeddingWidth))
    }
    if readout?.hasOutputBias == true {
      all.append(Weight(slot: .bias(.output), rows: 1, columns: vocabularySize))
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
    func norms(_ parts: [WeightSlot.Part]) -> [Weight] {
      parts.flatMap { part in
        normWidth(part, layer: index).map { norm(.layer(index, part), width: $0) } ?? []
      }
    }
    return norms([.attentionNorm])
      + linear(.query, queries, width, bias: attentionBias)
      + linear(.key, keys, width, bias: attentionBias)
      + linear(.value, keys, width, bias: attentionBias)
      + linear(.output, width, queries, bias: attentionOutputBias)
      + norms([.queryNorm, .keyNorm, .attentionOutputNorm, .feedForwardNorm])
      + (isGated ? linear(.gate, feedForwardWidth, width, bias: feedForwardBias) : [])
      + linear(.up, feedForwardWidth, width, bias: feedForwardBias)
      + linear(.down, width, feedForwardWidth, bias: feedForwardBias)
      + norms([.feedForwardOutputNorm])
  }

  /// The number of weights of a normalization in a layer; nil where the layer does not have it.
  func normWidth(_ part: WeightSlot.Part, layer: Int) -> Int? {
    switch part {
    case .attentionNorm: hasPlainFirstAttention && layer == 0 ? nil : width
    case .feedForwardNorm: width
    case .attentionOutputNorm, .feedForwardOutputNorm: placement == .around ? width : nil
    case .queryNorm: queryKeyNormalization.map { $0 == .heads ? headWidth : heads * headWidth }
    case .keyNorm:
      queryKeyNormalization.map { $0 == .heads ? headWidth : keyValueHeads * headWidth }
    case .query, .key, .value, .output, .gate, .up, .down: nil
    }
  }

  private func norm(_ slot: WeightSlot, width: Int? = nil) -> [Weight] {
    let width = width ?? self.width
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

  /// Why the model predicts no masked word, for a message; nil where it does.
  package var whyNoMaskedWords: String? {
    guard isBidirectional else { return "the model is a decoder" }
    return maskedReadout == nil
      ? "the model is an encoder whose files hold no head for masked words" : nil
  }

  /// The encoder with its head for masked words, which whatever reads no words leaves in its file.
  package var predictingMasks: ModelDescription {
    var changed = self
    if let maskedReadout { changed.readout = maskedReadout }
    return changed
  }

  /// The weight of a normalization that changes nothing.
  package var neutralNorm: Float {
    if case .shiftedRMS = normalization { 0 } else { 1 }
  }

  /// Parameters of all layers.
  package var layerParameters: Int {
    (0..<ownLayers).reduce(0) { sum, index in
      layer(index).reduce(sum) { $0 + $1.rows * $1.columns }
    }
  }

  /// Parameters of the whole model; tied matrices count once.
  package var parameterCount: Int { weights.reduce(0) { $0 + $1.rows * $1.columns } }

  /// The attention of a layer.
  package func attention(ofLayer index: Int) -> LayerAttention {
    if layerAttention.indices.contains(index) { return layerAttention[index] }
    guard case .rotary(let rotary) = positions else { return LayerAttention() }
    return LayerAttention(rotary: rotary)
  }
}
