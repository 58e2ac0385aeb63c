extension ModelDescription.Family {
  static let neox = Self(rawValue: "neox")
}

extension CheckpointFamily {
  static let neox = CheckpointFamily(
    .neox,
    types: [
      .init("gpt_neox", class: "GPTNeoX", read: description)
    ],
    tensors: TensorNames(
      prefixes: ["gpt_neox."], savedPrefix: "gpt_neox.", savedOutput: "embed_out.weight",
      tokenEmbedding: "embed_in", positionEmbedding: "",
      finalNorm: "final_layer_norm", layer: "layers",
      parts: [
        .attentionNorm: "input_layernorm", .query: "attention.query_key_value",
        .key: "attention.query_key_value", .value: "attention.query_key_value",
        .output: "attention.dense", .feedForwardNorm: "post_attention_layernorm",
        .up: "mlp.dense_h_to_4h", .down: "mlp.dense_4h_to_h",
      ]),
    sharing: .heads,
    shapes: [
      pythia("14m", width: 128, layers: 6, heads: 4),
      pythia("31m", width: 256, layers: 6, heads: 8),
      pythia("70m", width: 512, layers: 6, heads: 8),
      pythia("160m", width: 768, layers: 12, heads: 12),
      pythia("410m", width: 1024, layers: 24, heads: 16),
      pythia("1b", width: 2048, layers: 16, heads: 8),
      pythia("1.4b", width: 2048, layers: 24, heads: 16),
      pythia("2.8b", width: 2560, layers: 32, heads: 32),
      pythia("6.9b", width: 4096, layers: 32, heads: 32, vocabulary: 50_432),
      pythia("12b", width: 5120, layers: 36, heads: 40, vocabulary: 50_688),
      shape(
        "gpt-neox-20b", width: 6144, layers: 44, heads: 64, vocabulary: 50_432,
        activation: "gelu_fast"),
    ])

  /// GPT-NeoX and Pythia: rotary positions on a part of each head, attention and feed-forward side by
  /// side.
  ///
  /// Black et al. 2022, arXiv:2204.06745; Biderman et al. 2023, arXiv:2304.01373; fields as in
  /// Transformers' `GPTNeoXConfig`, with the older `rotary_pct` and `rotary_emb_base`.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: 50_432, limit: Limit.vocabulary)
    let width = try fields.size("hidden_size", default: 6144, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: 64, limit: Limit.heads)
    let headWidth = try ModelConfiguration.evenHeadWidth(width, heads: heads, fields)
    let context = try fields.size(
      "max_position_embeddings", default: 2048, limit: Limit.positions)
    let rotary = try fields.rotary(
      headWidth: headWidth, context: context, bases: ["rotary_emb_base", "rope_theta"],
      parts: ["rotary_pct"], part: 0.25)
    guard rotary.part <= 1 else {
      throw fields.inconsistent(
        "the rotary part of a head is \(rotary.part), more than the whole head")
    }
    let hasBias = try fields.flag("attention_bias", default: true)
    return ModelDescription(
      family: .neox,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: 44, limit: Limit.layers),
      heads: heads,
      headWidth: headWidth,
      feedForwardWidth: try fields.size("intermediate_size", default: 24_576, limit: Limit.width),
      isGated: false,
      activation: try fields.activation("hidden_act", default: .gelu),
      normalization: .layer(epsilon: try fields.positive("layer_norm_eps", default: 1e-5)),
      hasParallelResidual: try fields.flag("use_parallel_residual", default: true),
      positions: .rotary(rotary.positions),
      maximumPositions: rotary.context,
      attentionBias: hasBias,
      attentionOutputBias: hasBias,
      feedForwardBias: true,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: false),
      beginToken: try fields.token("bos_token_id", default: 0, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: 2, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: nil, vocabularySize: vocabulary))
  }
}

extension CheckpointFamily {
  private static func pythia(
    _ size: String, width: Int, layers: Int, heads: Int, vocabulary: Int = 50_304
  ) -> Shape {
    shape("pythia-\(size)", width: width, layers: layers, heads: heads, vocabulary: vocabulary)
  }

  private static func shape(
    _ name: String, width: Int, layers: Int, heads: Int, vocabulary: Int,
    activation: String = "gelu"
  ) -> Shape {
    Shape(
      name: name,
      configuration: JSONObject([
        "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"],
        "vocab_size": .integer(vocabulary), "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "intermediate_size": .integer(4 * width), "hidden_act": .string(activation),
        "rotary_pct": .number(0.25), "rotary_emb_base": 10_000, "use_parallel_residual": true,
        "max_position_embeddings": 2048, "tie_word_embeddings": false, "bos_token_id": 0,
        "eos_token_id": 0,
      ]))
  }
}
