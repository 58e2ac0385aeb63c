extension ModelDescription.Family {
  static let llama = Self(rawValue: "llama")
}

extension CheckpointFamily {
  static let llama = CheckpointFamily(
    .llama,
    types: [
      .init("llama", class: "Llama") { (fields) throws(CheckpointError) in
        try description(fields, .llama)
      },
      .init("mistral", class: "Mistral") { (fields) throws(CheckpointError) in
        try description(fields, .mistral)
      },
      .init("qwen2", class: "Qwen2") { (fields) throws(CheckpointError) in
        try description(fields, .qwen2)
      },
    ],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "model.",
      tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm", layer: "layers",
      parts: [
        .attentionNorm: "input_layernorm", .query: "self_attn.q_proj", .key: "self_attn.k_proj",
        .value: "self_attn.v_proj", .output: "self_attn.o_proj",
        .feedForwardNorm: "post_attention_layernorm", .gate: "mlp.gate_proj", .up: "mlp.up_proj",
        .down: "mlp.down_proj",
      ]),
    shapes: [
      shape(
        "llama-7b", width: 4096, layers: 32, heads: 32, keyValueHeads: 32, feedForward: 11_008,
        positions: 2048, epsilon: 1e-6),
      shape(
        "llama-13b", width: 5120, layers: 40, heads: 40, keyValueHeads: 40, feedForward: 13_824,
        positions: 2048, epsilon: 1e-6),
      shape(
        "llama-30b", width: 6656, layers: 60, heads: 52, keyValueHeads: 52, feedForward: 17_920,
        positions: 2048, epsilon: 1e-6),
      shape(
        "llama-65b", width: 8192, layers: 80, heads: 64, keyValueHeads: 64, feedForward: 22_016,
        positions: 2048, epsilon: 1e-5),
      shape(
        "llama2-7b", width: 4096, layers: 32, heads: 32, keyValueHeads: 32, feedForward: 11_008,
        positions: 4096, epsilon: 1e-5),
      shape(
        "llama2-13b", width: 5120, layers: 40, heads: 40, keyValueHeads: 40, feedForward: 13_824,
        positions: 4096, epsilon: 1e-5),
      shape(
        "llama2-70b", width: 8192, layers: 80, heads: 64, keyValueHeads: 8, feedForward: 28_672,
        positions: 4096, epsilon: 1e-5),
      shape(
        "tinyllama-1.1b", width: 2048, layers: 22, heads: 32, keyValueHeads: 4, feedForward: 5632,
        positions: 2048, epsilon: 1e-5),
      shape(
        "mistral-7b", type: "mistral", class: "MistralForCausalLM", width: 4096, layers: 32,
        heads: 32, keyValueHeads: 8, feedForward: 14_336, positions: 32_768, epsilon: 1e-5),
      qwen2("0.5b", width: 896, layers: 24, heads: 14, keyValueHeads: 2, feedForward: 4864),
      qwen2("1.5b", width: 1536, layers: 28, heads: 12, keyValueHeads: 2, feedForward: 8960),
      qwen2(
        "7b", width: 3584, layers: 28, heads: 28, keyValueHeads: 4, feedForward: 18_944,
        vocabulary: 152_064, isTied: false),
      qwen2(
        "72b", width: 8192, layers: 80, heads: 64, keyValueHeads: 8, feedForward: 29_568,
        vocabulary: 152_064, isTied: false),
    ])

  /// What Llama's relatives do differently: the defaults of their configuration classes.
  private enum LlamaVariant {
    case llama
    case mistral
    case qwen2
  }

  /// Llama and the models built like it: RMSNorm, rotary positions, SwiGLU, grouped queries.
  ///
  /// Touvron et al. 2023, arXiv:2302.13971; fields as in Transformers' `LlamaConfig`, `MistralConfig`
  /// and `Qwen2Config`. Where a model attends through a sliding window, its longest sequence is cut
  /// to the window, within which the attention is the full one.
  private static func description(
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
    return try ModelConfiguration.evenHeadWidth(width, heads: heads, fields)
  }
}

extension CheckpointFamily {
  private static func shape(
    _ name: String, type: String = "llama", class: String = "LlamaForCausalLM", width: Int,
    layers: Int, heads: Int, keyValueHeads: Int, feedForward: Int, positions: Int, epsilon: Double
  ) -> Shape {
    let configuration = JSONObject([
      "model_type": .string(type), "architectures": .array([.string(`class`)]),
      "vocab_size": 32_000, "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
      "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(keyValueHeads),
      "intermediate_size": .integer(feedForward), "hidden_act": "silu",
      "rms_norm_eps": .number(epsilon), "rope_theta": .number(10_000),
      "max_position_embeddings": .integer(positions), "tie_word_embeddings": false,
      "bos_token_id": 1, "eos_token_id": 2,
    ])
    return Shape(
      name: name,
      configuration: type == "mistral"
        ? configuration.replacing("sliding_window", with: 4096) : configuration)
  }

  private static func qwen2(
    _ size: String, width: Int, layers: Int, heads: Int, keyValueHeads: Int, feedForward: Int,
    vocabulary: Int = 151_936, isTied: Bool = true
  ) -> Shape {
    Shape(
      name: "qwen2-\(size)",
      configuration: JSONObject([
        "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"],
        "vocab_size": .integer(vocabulary), "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "num_key_value_heads": .integer(keyValueHeads), "intermediate_size": .integer(feedForward),
        "hidden_act": "silu", "rms_norm_eps": .number(1e-6), "rope_theta": .number(1_000_000),
        "max_position_embeddings": 131_072, "tie_word_embeddings": .boolean(isTied),
        "bos_token_id": 151_643, "eos_token_id": 151_643,
      ]))
  }
}
