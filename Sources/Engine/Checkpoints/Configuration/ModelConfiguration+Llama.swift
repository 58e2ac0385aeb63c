extension ModelConfiguration {
  /// What Llama's relatives do differently: the defaults of their configuration classes.
  enum LlamaVariant {
    case llama
    case mistral
    case qwen2
  }

  /// Llama and the models built like it: RMSNorm, rotary positions, SwiGLU, grouped queries.
  ///
  /// Touvron et al. 2023, arXiv:2302.13971; fields as in Transformers' `LlamaConfig`, `MistralConfig`
  /// and `Qwen2Config`. Where a model attends through a sliding window, its longest sequence is cut
  /// to the window, within which the attention is the full one.
  static func llama(
    _ fields: ConfigurationFields, _ variant: LlamaVariant
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let isQwen = variant == .qwen2
    let vocabulary = try fields.size(
      "vocab_size", default: isQwen ? 151_936 : 32_000, limit: Limit.vocabulary)
    let width = try fields.size("hidden_size", default: 4096, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: 32, limit: Limit.heads)
    let headWidth = try headWidth(fields, width: width, heads: heads)
    let rotary = try fields.rotary(bases: ["rope_theta"], parts: [], defaultPart: 1)
    guard rotary.part == 1 else {
      throw fields.unsupported("partial_rotary_factor", "\(rotary.part)")
    }
    // Only Llama itself reads these two flags; Qwen2 always has a bias on queries, keys and values.
    let isLlama = variant == .llama
    let attentionBias = isLlama ? try fields.flag("attention_bias", default: false) : isQwen
    let begin = isQwen ? nil : 1
    let end = isQwen ? nil : 2
    return ModelDescription(
      family: .llama,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: 32, limit: Limit.layers),
      heads: heads,
      keyValueHeads: try fields.size(
        "num_key_value_heads", default: defaultKeyValueHeads(variant, heads: heads),
        limit: Limit.heads),
      headWidth: headWidth,
      feedForwardWidth: try fields.size(
        "intermediate_size", default: defaultFeedForwardWidth(variant), limit: Limit.width),
      isGated: true,
      activation: try fields.activation("hidden_act", default: .silu),
      normalization: .rms(epsilon: try fields.positive("rms_norm_eps", default: 1e-6)),
      positions: .rotary(base: rotary.base, width: headWidth),
      maximumPositions: try maximumPositions(fields, variant),
      attentionBias: attentionBias,
      attentionOutputBias: isLlama && attentionBias,
      feedForwardBias: isLlama ? try fields.flag("mlp_bias", default: false) : false,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: false),
      beginToken: try fields.token("bos_token_id", default: begin, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: end, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: nil, vocabularySize: vocabulary))
  }

  private static func defaultKeyValueHeads(_ variant: LlamaVariant, heads: Int) -> Int {
    switch variant {
    case .llama: heads
    case .mistral: 8
    case .qwen2: 32
    }
  }

  private static func defaultFeedForwardWidth(_ variant: LlamaVariant) -> Int {
    switch variant {
    case .llama: 11_008
    case .mistral: 14_336
    case .qwen2: 22_016
    }
  }

  private static func maximumPositions(
    _ fields: ConfigurationFields, _ variant: LlamaVariant
  ) throws(CheckpointError) -> Int {
    typealias Limit = ConfigurationLimit
    let names = "max_position_embeddings"
    switch variant {
    case .llama:
      return try fields.size(names, default: 2048, limit: Limit.positions)
    case .mistral:
      let all = try fields.size(names, default: 131_072, limit: Limit.positions)
      // Present but null means no window; absent means Mistral 7B's.
      let isNull = fields.object.members.contains { $0.key == "sliding_window" && $0.value.isNull }
      let window = try fields.size(
        "sliding_window", default: isNull ? all : 4096, limit: Limit.positions)
      return min(all, window)
    case .qwen2:
      let all = try fields.size(names, default: 32_768, limit: Limit.positions)
      guard try fields.flag("use_sliding_window", default: false) else { return all }
      return min(all, try fields.size("sliding_window", default: 4096, limit: Limit.positions))
    }
  }

  private static func headWidth(
    _ fields: ConfigurationFields, width: Int, heads: Int
  ) throws(CheckpointError) -> Int {
    if let stated = try fields.optionalSize("head_dim", limit: ConfigurationLimit.width) {
      return stated
    }
    return try evenHeadWidth(width, heads: heads, fields)
  }
}
