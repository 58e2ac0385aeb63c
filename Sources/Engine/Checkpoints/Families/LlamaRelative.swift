/// A configuration of Llama's kind, and the defaults of the class in Transformers that reads it.
///
/// RMSNorm, rotary positions, a gated feed-forward block and grouped queries (Touvron et al. 2023,
/// arXiv:2302.13971). What a relative computes besides, its own file sets in the description.
struct LlamaRelative: Sendable {
  /// Which matrices of the attention have a bias.
  enum AttentionBias: Sendable {
    case none
    /// All or none, as `attention_bias` says.
    case stated
    case queriesKeysAndValues
  }

  var vocabulary = 32_000
  var width = 4096
  var layers = 32
  var heads = 32
  /// Nil for as many as heads.
  var keyValueHeads: Int?
  /// Nil for a share of the width.
  var headWidth: Int?
  var feedForwardWidth = 11_008
  var activationName = "hidden_act"
  var activation = Activation.silu
  var epsilon = 1e-6
  var positions = 2048
  var rotaryBase = 10_000.0
  /// Whether `partial_rotary_factor` is read.
  var turnsPart = false
  /// Whether the kinds of layers turn differently, which the relative's own file then reads.
  var turnsByKind = false
  /// The context before it was extended, where no field says it; nil for the context.
  var originalContext: Int?
  /// Types of rotary scaling that the class takes for another.
  var rotaryNames: [String: String] = [:]
  var attentionBias = AttentionBias.none
  /// Whether `mlp_bias` is read.
  var statesFeedForwardBias = false
  var tiesEmbeddings = false
  var beginToken: Int? = 1
  var endToken: Int? = 2
  var padToken: Int?

  /// Reads the fields that all relatives have.
  func description(
    _ fields: ConfigurationFields, _ family: ModelDescription.Family
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: vocabulary, limit: Limit.vocabulary)
    let width = try fields.size("hidden_size", default: width, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: heads, limit: Limit.heads)
    let headWidth = try headWidth(fields, width: width, heads: heads)
    let context = try fields.size(
      "max_position_embeddings", default: positions, limit: Limit.positions)
    let rotary =
      turnsByKind
      ? .init(
        positions: RotaryPositions(base: rotaryBase, width: headWidth), part: 1, context: context)
      : try fields.rotary(
        headWidth: headWidth, context: context, base: rotaryBase,
        originalContext: originalContext, readingAs: rotaryNames)
    guard turnsPart || rotary.part == 1 else {
      throw fields.unsupported("partial_rotary_factor", "\(rotary.part)")
    }
    let standardKeyValueHeads =
      fields.isNull("num_key_value_heads") ? heads : keyValueHeads ?? heads
    let hasBias =
      attentionBias == .stated ? try fields.flag("attention_bias", default: false) : false
    return ModelDescription(
      family: family,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: layers, limit: Limit.layers),
      heads: heads,
      keyValueHeads: try fields.size(
        "num_key_value_heads", default: standardKeyValueHeads, limit: Limit.heads),
      headWidth: headWidth,
      feedForwardWidth: try fields.size(
        "intermediate_size", default: feedForwardWidth, limit: Limit.width),
      isGated: true,
      activation: try fields.activation(activationName, default: activation),
      normalization: .rms(epsilon: try fields.positive("rms_norm_eps", default: epsilon)),
      positions: .rotary(rotary.positions),
      maximumPositions: rotary.context,
      attentionBias: hasBias || attentionBias == .queriesKeysAndValues,
      attentionOutputBias: hasBias,
      feedForwardBias: statesFeedForwardBias
        ? try fields.flag("mlp_bias", default: false) : false,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: tiesEmbeddings),
      beginToken: try fields.token(
        "bos_token_id", default: beginToken, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: endToken, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: padToken, vocabularySize: vocabulary))
  }

  private func headWidth(
    _ fields: ConfigurationFields, width: Int, heads: Int
  ) throws(CheckpointError) -> Int {
    let stated = try fields.optionalSize("head_dim", limit: ConfigurationLimit.width)
    if let known = stated ?? headWidth { return known }
    return try ModelConfiguration.evenHeadWidth(width, heads: heads, fields)
  }
}

extension ConfigurationFields {
  /// Which layers attend through a window, as `layer_types` says.
  ///
  /// - Parameters:
  ///   - layers: How many there are.
  ///   - standard: Of a layer, where the field is absent.
  /// - Returns: Layer by layer.
  /// - Throws: ``CheckpointError`` for a list of another length or with other kinds of layers.
  func windowedLayers(
    of layers: Int, default standard: (Int) -> Bool
  ) throws(CheckpointError) -> [Bool] {
    guard let value = object["layer_types"] else { return (0..<layers).map(standard) }
    guard let types = value.array, types.count >= layers else {
      throw inconsistent("'layer_types' is not a list of the \(layers) layers' kinds")
    }
    var windowed: [Bool] = []
    for type in types.prefix(layers) {
      switch type.string {
      case "full_attention": windowed.append(false)
      case "sliding_attention": windowed.append(true)
      default:
        throw unsupported(
          "layer_types", "a list with \(type.summary)",
          help: "known: full_attention and sliding_attention")
      }
    }
    return windowed
  }
}

extension ModelDescription {
  /// Gives some layers a window, unless it is as long as the longest text.
  mutating func attend(within window: Int, layers windowed: [Bool]) {
    guard windowed.contains(true), window < maximumPositions else { return }
    layerAttention = (0..<layers).map { index in
      var attention = attention(ofLayer: index)
      if windowed[index] { attention.window = window }
      return attention
    }
  }
}
