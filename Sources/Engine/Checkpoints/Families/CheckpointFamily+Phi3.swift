extension ModelDescription.Family {
  static let phi3 = Self(rawValue: "phi3")
}

extension CheckpointFamily {
  static let phi3 = CheckpointFamily(
    .phi3,
    types: [.init("phi3", class: "Phi3", read: description)],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "model.",
      tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm", layer: "layers",
      parts: [
        .attentionNorm: "input_layernorm", .query: "self_attn.qkv_proj",
        .key: "self_attn.qkv_proj", .value: "self_attn.qkv_proj", .output: "self_attn.o_proj",
        .feedForwardNorm: "post_attention_layernorm", .gate: "mlp.gate_up_proj",
        .up: "mlp.gate_up_proj", .down: "mlp.down_proj",
      ]),
    shapes: [
      Shape(
        name: "phi3-mini",
        configuration: JSONObject([
          "model_type": "phi3", "architectures": ["Phi3ForCausalLM"], "vocab_size": 32_064,
          "hidden_size": 3072, "num_hidden_layers": 32, "num_attention_heads": 32,
          "num_key_value_heads": 32, "intermediate_size": 8192, "hidden_act": "silu",
          "rms_norm_eps": .number(1e-5), "rope_theta": .number(10_000),
          "max_position_embeddings": 4096, "original_max_position_embeddings": 4096,
          "sliding_window": 2047, "tie_word_embeddings": false, "bos_token_id": 1,
          "eos_token_id": 32_000, "pad_token_id": 32_000,
        ]))
    ])

  /// Phi-3 and Phi-4-mini: Llama with fused matrices, a window in every layer and LongRoPE.
  ///
  /// Abdin et al. 2024, arXiv:2404.14219; fields as in Transformers' `Phi3Config`. A text is cut to the
  /// context before its extension, since longer ones turn by other angles.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try LlamaRelative(
      vocabulary: 32_064, width: 3072, feedForwardWidth: 8192, epsilon: 1e-5, positions: 4096,
      turnsPart: true, originalContext: 4096,
      rotaryNames: ["su": "longrope", "yarn": "longrope"], endToken: 32_000, padToken: 32_000
    ).description(fields, .phi3)
    if let window = try fields.optionalSize(
      "sliding_window", limit: ConfigurationLimit.positions)
    {
      model.attend(within: window, layers: Array(repeating: true, count: model.layers))
    }
    return model
  }
}
