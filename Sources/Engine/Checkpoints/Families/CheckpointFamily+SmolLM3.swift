extension CheckpointFamily.ModelType {
  /// SmolLM3: Llama in which every fourth layer does not know positions.
  ///
  /// Fields as in Transformers' `SmolLM3Config`; layers without positions after Yang et al. 2025,
  /// "Rope to NoPE and back again", arXiv:2501.18795.
  static let smollm3 = Self("smollm3", class: "SmolLM3") { (fields) throws(CheckpointError) in
    var model = try LlamaRelative(
      vocabulary: 128_256, width: 2048, layers: 36, heads: 16, keyValueHeads: 4,
      positions: 32_768, rotaryBase: 2_000_000, attentionBias: .stated,
      statesFeedForwardBias: true, tiesEmbeddings: true, beginToken: 128_000,
      endToken: 128_001, padToken: 128_004
    ).description(fields, .llama)
    let turns = try turningLayers(fields, of: model.layers)
    let usesWindow = try fields.flag("use_sliding_window", default: false)
    let window = try fields.optionalSize("sliding_window", limit: ConfigurationLimit.positions)
    let windowed = try fields.windowedLayers(of: model.layers) {
      usesWindow && window != nil && !turns[$0]
    }
    let everywhere = model.attention(ofLayer: 0)
    model.layerAttention = turns.map {
      .init(window: nil, rotary: $0 ? everywhere.rotary : nil)
    }
    guard windowed.contains(true) else { return model }
    guard usesWindow, let window else {
      throw fields.inconsistent("'layer_types' has windows, but no 'sliding_window' is used")
    }
    model.attend(within: window, layers: windowed)
    return model
  }

  /// Which layers turn: where `no_rope_layers` is 1, or all but every fourth.
  private static func turningLayers(
    _ fields: ConfigurationFields, of layers: Int
  ) throws(CheckpointError) -> [Bool] {
    guard let value = fields.object["no_rope_layers"] else {
      let interval = try fields.size("no_rope_layer_interval", default: 4, limit: 1_000_000)
      return (1...layers).map { !$0.isMultiple(of: interval) }
    }
    let flags = value.array?.compactMap(\.integer) ?? []
    guard flags.count >= layers, flags.count == value.array?.count else {
      throw fields.inconsistent("'no_rope_layers' is not a list of \(layers) zeros and ones")
    }
    return flags.prefix(layers).map { $0 != 0 }
  }
}

extension CheckpointFamily {
  static let smollm3Shapes = [
    Shape(
      name: "smollm3-3b",
      configuration: JSONObject([
        "model_type": "smollm3", "architectures": ["SmolLM3ForCausalLM"], "vocab_size": 128_256,
        "hidden_size": 2048, "num_hidden_layers": 36, "num_attention_heads": 16,
        "num_key_value_heads": 4, "intermediate_size": 11_008, "hidden_act": "silu",
        "rms_norm_eps": .number(1e-6), "rope_theta": .number(5_000_000),
        "max_position_embeddings": 65_536, "no_rope_layer_interval": 4,
        "tie_word_embeddings": true, "eos_token_id": 128_012, "pad_token_id": 128_004,
      ]))
  ]
}
