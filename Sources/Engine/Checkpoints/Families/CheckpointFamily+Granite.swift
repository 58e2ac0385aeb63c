extension CheckpointFamily.ModelType {
  /// Granite 3 and 4, dense: Llama with four fixed factors.
  ///
  /// Fields as in Transformers' `GraniteConfig`; factors after Yang et al. 2022, "Tensor Programs V",
  /// arXiv:2203.03466.
  static let granite = Self("granite", class: nil) { (fields) throws(CheckpointError) in
    var model = try LlamaRelative(attentionBias: .stated, statesFeedForwardBias: true)
      .description(fields, .llama)
    model.multipliers.embedding = try fields.positive("embedding_multiplier", default: 1)
    // The embeddings of a prompt are multiplied as those of words.
    model.multipliers.prompt = model.multipliers.embedding
    model.multipliers.residual = try fields.positive("residual_multiplier", default: 1)
    model.multipliers.attention = try fields.positive("attention_multiplier", default: 1)
    model.multipliers.logits = 1 / (try fields.positive("logits_scaling", default: 1))
    return model
  }
}

extension CheckpointFamily {
  static let graniteShapes = [
    granite("2b", width: 2048, feedForward: 8192, attention: 0.015625, logits: 8),
    granite("8b", width: 4096, feedForward: 12_800, attention: 0.0078125, logits: 16),
  ]

  private static func granite(
    _ size: String, width: Int, feedForward: Int, attention: Double, logits: Int
  ) -> Shape {
    Shape(
      name: "granite3.1-\(size)",
      configuration: JSONObject([
        "model_type": "granite", "architectures": ["GraniteForCausalLM"], "vocab_size": 49_152,
        "hidden_size": .integer(width), "num_hidden_layers": 40, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": .integer(feedForward),
        "hidden_act": "silu", "rms_norm_eps": .number(1e-5), "rope_theta": .number(5_000_000),
        "max_position_embeddings": 131_072, "embedding_multiplier": 12,
        "residual_multiplier": .number(0.22), "attention_multiplier": .number(attention),
        "logits_scaling": .integer(logits), "tie_word_embeddings": true, "bos_token_id": 0,
        "eos_token_id": 0, "pad_token_id": 0,
      ]))
  }
}
