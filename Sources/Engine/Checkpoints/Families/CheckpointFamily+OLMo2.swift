extension ModelDescription.Family {
  static let olmo2 = Self(rawValue: "olmo2")
}

extension CheckpointFamily {
  static let olmo2 = CheckpointFamily(
    .olmo2,
    types: [.init("olmo2", class: "Olmo2", read: description)],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "model.",
      tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm", layer: "layers",
      parts: [
        .attentionNorm: "post_attention_layernorm", .query: "self_attn.q_proj",
        .key: "self_attn.k_proj", .value: "self_attn.v_proj", .queryNorm: "self_attn.q_norm",
        .keyNorm: "self_attn.k_norm", .output: "self_attn.o_proj",
        .feedForwardNorm: "post_feedforward_layernorm", .gate: "mlp.gate_proj",
        .up: "mlp.up_proj", .down: "mlp.down_proj",
      ]),
    shapes: [
      shape("1b", width: 2048, layers: 16, heads: 16, feedForward: 8192),
      shape("7b", width: 4096, layers: 32, heads: 32, feedForward: 11_008),
    ])

  /// OLMo 2: Llama that normalizes what each block adds, and queries and keys over all heads together.
  ///
  /// Walsh et al. 2025, arXiv:2501.00656; fields as in Transformers' `Olmo2Config`.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try LlamaRelative(
      vocabulary: 50_304, epsilon: 1e-5, attentionBias: .stated, beginToken: nil,
      endToken: 50_279, padToken: 1
    ).description(fields, .olmo2)
    model.placement = .output
    model.queryKeyNormalization = .whole
    return model
  }

  private static func shape(
    _ size: String, width: Int, layers: Int, heads: Int, feedForward: Int
  ) -> Shape {
    Shape(
      name: "olmo2-\(size)",
      configuration: JSONObject([
        "model_type": "olmo2", "architectures": ["Olmo2ForCausalLM"], "vocab_size": 100_352,
        "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
        "num_attention_heads": .integer(heads), "intermediate_size": .integer(feedForward),
        "hidden_act": "silu", "rms_norm_eps": .number(1e-6), "rope_theta": .number(500_000),
        "max_position_embeddings": 4096, "tie_word_embeddings": false, "eos_token_id": 100_257,
        "pad_token_id": 100_277,
      ]))
  }
}
