extension ModelDescription.Family {
  static let gemma = Self(rawValue: "gemma")
}

extension CheckpointFamily {
  static let gemma = CheckpointFamily(
    .gemma,
    types: [
      .init("gemma2", class: "Gemma2", read: gemma2Description),
      .init("gemma3_text", class: "Gemma3Text", read: gemma3Description),
    ],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "model.",
      tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm", layer: "layers",
      parts: [
        .attentionNorm: "input_layernorm", .query: "self_attn.q_proj", .key: "self_attn.k_proj",
        .value: "self_attn.v_proj", .queryNorm: "self_attn.q_norm",
        .keyNorm: "self_attn.k_norm", .output: "self_attn.o_proj",
        .attentionOutputNorm: "post_attention_layernorm",
        .feedForwardNorm: "pre_feedforward_layernorm", .gate: "mlp.gate_proj",
        .up: "mlp.up_proj", .down: "mlp.down_proj",
        .feedForwardOutputNorm: "post_feedforward_layernorm",
      ]),
    shapes: [
      shape(
        "gemma2-2b", "gemma2", width: 2304, layers: 26, heads: 8, keyValueHeads: 4,
        feedForward: 9216, vocabulary: 256_000, positions: 8192, window: 4096),
      shape(
        "gemma2-9b", "gemma2", width: 3584, layers: 42, heads: 16, keyValueHeads: 8,
        feedForward: 14_336, vocabulary: 256_000, positions: 8192, window: 4096),
      shape(
        "gemma3-270m", "gemma3_text", width: 640, layers: 18, heads: 4, keyValueHeads: 1,
        feedForward: 2048, vocabulary: 262_144, positions: 32_768, window: 512),
      shape(
        "gemma3-1b", "gemma3_text", width: 1152, layers: 26, heads: 4, keyValueHeads: 1,
        feedForward: 6912, vocabulary: 262_144, positions: 32_768, window: 512),
    ])

  /// Gemma 2: norms around every block, windows in every other layer, bounded scores and logits.
  ///
  /// Gemma Team 2024, arXiv:2408.00118; fields as in Transformers' `Gemma2Config`.
  private static func gemma2Description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try description(
      fields, gemma(vocabulary: 256_000, positions: 8192, turnsByKind: false), caps: (50, 30))
    let windowed = try fields.windowedLayers(of: model.layers) { $0.isMultiple(of: 2) }
    if let window = try window(fields) { model.attend(within: window, layers: windowed) }
    return model
  }

  /// Gemma 3, its text part: normalized queries and keys, and two bases of the angles.
  ///
  /// Gemma Team 2025, arXiv:2503.19786; fields as in Transformers' `Gemma3TextConfig`.
  private static func gemma3Description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try description(
      fields, gemma(vocabulary: 262_208, positions: 131_072, turnsByKind: true),
      caps: (nil, nil))
    model.queryKeyNormalization = .heads
    let pattern = try fields.size("sliding_window_pattern", default: 6, limit: 1_000_000)
    let windowed = try fields.windowedLayers(of: model.layers) {
      !($0 + 1).isMultiple(of: pattern)
    }
    let rotary = try fields.rotaryByKind(
      headWidth: model.headWidth, context: model.maximumPositions,
      full: ("rope_theta", 1_000_000), windowed: ("rope_local_base_freq", 10_000),
      scalesWindowed: false)
    model.positions = .rotary(rotary.full)
    model.layerAttention = windowed.map {
      .init(window: nil, rotary: $0 ? rotary.windowed : rotary.full)
    }
    if let window = try window(fields) { model.attend(within: window, layers: windowed) }
    return model
  }

  private static func gemma(
    vocabulary: Int, positions: Int, turnsByKind: Bool
  ) -> LlamaRelative {
    LlamaRelative(
      vocabulary: vocabulary, width: 2304, layers: 26, heads: 8, keyValueHeads: 4,
      headWidth: 256, feedForwardWidth: 9216, activationName: "hidden_activation",
      activation: .geluTanh, positions: positions, turnsByKind: turnsByKind,
      attentionBias: .stated, tiesEmbeddings: true, beginToken: 2, endToken: 1, padToken: 0)
  }

  /// What Gemma 2 and 3 share.
  private static func description(
    _ fields: ConfigurationFields, _ relative: LlamaRelative, caps: (Double?, Double?)
  ) throws(CheckpointError) -> ModelDescription {
    try fields.require("use_bidirectional_attention", false, default: false)
    var model = try relative.description(fields, .gemma)
    if case .rms(let epsilon) = model.normalization {
      model.normalization = .shiftedRMS(epsilon: epsilon)
    }
    model.placement = .around
    model.multipliers.embedding = Double(model.width).squareRoot()
    let scalar = try fields.positive("query_pre_attn_scalar", default: 256)
    model.multipliers.attention = 1 / scalar.squareRoot()
    func cap(_ name: String, _ standard: Double?) throws(CheckpointError) -> Double? {
      fields.isNull(name) ? nil : try fields.optionalPositive(name) ?? standard
    }
    model.multipliers.attentionCap = try cap("attn_logit_softcapping", caps.0)
    model.multipliers.logitCap = try cap("final_logit_softcapping", caps.1)
    return model
  }

  private static func window(_ fields: ConfigurationFields) throws(CheckpointError) -> Int? {
    guard !fields.isNull("sliding_window") else { return nil }
    return try fields.size(
      "sliding_window", default: 4096, limit: ConfigurationLimit.positions)
  }

  private static func shape(
    _ name: String, _ type: String, width: Int, layers: Int, heads: Int, keyValueHeads: Int,
    feedForward: Int, vocabulary: Int, positions: Int, window: Int
  ) -> Shape {
    let `class` = type == "gemma2" ? "Gemma2ForCausalLM" : "Gemma3ForCausalLM"
    return Shape(
      name: name,
      configuration: JSONObject([
        "model_type": .string(type), "architectures": .array([.string(`class`)]),
        "vocab_size": .integer(vocabulary), "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "num_key_value_heads": .integer(keyValueHeads), "head_dim": 256,
        "intermediate_size": .integer(feedForward), "hidden_activation": "gelu_pytorch_tanh",
        "rms_norm_eps": .number(1e-6), "max_position_embeddings": .integer(positions),
        "sliding_window": .integer(window), "query_pre_attn_scalar": 256,
        "tie_word_embeddings": true, "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0,
      ]))
  }
}
