extension ModelDescription.Family {
  static let llama = Self(rawValue: "llama")
}

extension CheckpointFamily {
  static let llama = CheckpointFamily(
    .llama,
    types: [
      .init("llama", class: "Llama") { (fields) throws(CheckpointError) in
        try LlamaRelative(attentionBias: .stated, statesFeedForwardBias: true)
          .description(fields, .llama)
      },
      .init("mistral", class: "Mistral", read: mistralDescription),
      .init("qwen2", class: "Qwen2", read: qwen2Description),
      .qwen3, .smollm3, .granite,
    ],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "model.",
      tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm", layer: "layers",
      parts: [
        .attentionNorm: "input_layernorm", .query: "self_attn.q_proj", .key: "self_attn.k_proj",
        .value: "self_attn.v_proj", .queryNorm: "self_attn.q_norm",
        .keyNorm: "self_attn.k_norm", .output: "self_attn.o_proj",
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
      llama3(
        "llama3.1-8b", width: 4096, layers: 32, heads: 32, feedForward: 14_336, factor: 8,
        isTied: false),
      llama3(
        "llama3.2-1b", width: 2048, layers: 16, heads: 32, feedForward: 8192, factor: 32,
        isTied: true),
      llama3(
        "llama3.2-3b", width: 3072, layers: 28, heads: 24, feedForward: 8192, factor: 32,
        isTied: true),
    ] + qwen3Shapes + smollm3Shapes + graniteShapes)

  /// Mistral: a text is cut to the window that it attends through, within which the attention is the
  /// full one.
  ///
  /// Jiang et al. 2023, arXiv:2310.06825; fields as in Transformers' `MistralConfig`.
  private static func mistralDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try LlamaRelative(
      keyValueHeads: 8, feedForwardWidth: 14_336, positions: 131_072
    ).description(fields, .llama)
    // Present but null means no window; absent means Mistral 7B's.
    let standard = fields.isNull("sliding_window") ? model.maximumPositions : 4096
    let window = try fields.size(
      "sliding_window", default: standard, limit: ConfigurationLimit.positions)
    model.maximumPositions = min(model.maximumPositions, window)
    return model
  }

  /// Qwen2: biases on queries, keys and values; a window as in Mistral, if it is used.
  ///
  /// Yang et al. 2024, arXiv:2407.10671; fields as in Transformers' `Qwen2Config`.
  private static func qwen2Description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try LlamaRelative(
      vocabulary: 151_936, keyValueHeads: 32, feedForwardWidth: 22_016, positions: 32_768,
      attentionBias: .queriesKeysAndValues, beginToken: nil, endToken: nil
    ).description(fields, .llama)
    guard try fields.flag("use_sliding_window", default: false) else { return model }
    let window = try fields.size(
      "sliding_window", default: 4096, limit: ConfigurationLimit.positions)
    model.maximumPositions = min(model.maximumPositions, window)
    return model
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

  private static func llama3(
    _ name: String, width: Int, layers: Int, heads: Int, feedForward: Int, factor: Int,
    isTied: Bool
  ) -> Shape {
    let scaling = JSONObject([
      "rope_type": "llama3", "factor": .integer(factor), "low_freq_factor": 1,
      "high_freq_factor": 4, "original_max_position_embeddings": 8192,
    ])
    return Shape(
      name: name,
      configuration: JSONObject([
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 128_256,
        "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
        "num_attention_heads": .integer(heads), "num_key_value_heads": 8,
        "intermediate_size": .integer(feedForward), "hidden_act": "silu",
        "rms_norm_eps": .number(1e-5), "rope_theta": .number(500_000),
        "rope_scaling": .object(scaling), "max_position_embeddings": 131_072,
        "tie_word_embeddings": .boolean(isTied), "bos_token_id": 128_000,
        "eos_token_id": 128_001,
      ]))
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
