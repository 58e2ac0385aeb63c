extension CheckpointFamily.ModelType {
  /// Qwen3: Llama with queries and keys normalized head by head; windows in upper layers, if used.
  ///
  /// Yang et al. 2025, arXiv:2505.09388; fields as in Transformers' `Qwen3Config`.
  static let qwen3 = Self("qwen3", class: "Qwen3") { (fields) throws(CheckpointError) in
    var model = try LlamaRelative(
      vocabulary: 151_936, keyValueHeads: 32, headWidth: 128, feedForwardWidth: 22_016,
      positions: 32_768, attentionBias: .stated, beginToken: nil, endToken: nil
    ).description(fields, .llama)
    model.queryKeyNormalization = .heads
    guard try fields.flag("use_sliding_window", default: false) else {
      let windowed = try fields.windowedLayers(of: model.layers) { _ in false }
      guard !windowed.contains(true) else {
        throw fields.inconsistent(
          "'layer_types' has windows, but 'use_sliding_window' is false")
      }
      return model
    }
    let limit = ConfigurationLimit.positions
    let standard = fields.isNull("sliding_window") ? model.maximumPositions : 4096
    let window = try fields.size("sliding_window", default: standard, limit: limit)
    let first = fields.object["max_window_layers"]?.integer ?? 28
    model.attend(
      within: window, layers: try fields.windowedLayers(of: model.layers) { $0 >= first })
    return model
  }
}

extension CheckpointFamily {
  static let qwen3Shapes = [
    qwen3("0.6b", width: 1024, layers: 28, heads: 16, feedForward: 3072, isTied: true),
    qwen3("1.7b", width: 2048, layers: 28, heads: 16, feedForward: 6144, isTied: true),
    qwen3("4b", width: 2560, layers: 36, heads: 32, feedForward: 9728, isTied: true),
    qwen3("8b", width: 4096, layers: 36, heads: 32, feedForward: 12_288, isTied: false),
  ]

  private static func qwen3(
    _ size: String, width: Int, layers: Int, heads: Int, feedForward: Int, isTied: Bool
  ) -> Shape {
    Shape(
      name: "qwen3-\(size)",
      configuration: JSONObject([
        "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "vocab_size": 151_936,
        "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
        "num_attention_heads": .integer(heads), "num_key_value_heads": 8, "head_dim": 128,
        "intermediate_size": .integer(feedForward), "hidden_act": "silu",
        "rms_norm_eps": .number(1e-6), "rope_theta": .number(1_000_000),
        "max_position_embeddings": 40_960, "tie_word_embeddings": .boolean(isTied),
        "bos_token_id": 151_643, "eos_token_id": 151_645,
      ]))
  }
}
