extension ModelDescription.Family {
  static let opt = Self(rawValue: "opt")
}

extension CheckpointFamily {
  static let opt = CheckpointFamily(
    .opt,
    types: [
      .init("opt", class: "OPT", read: description)
    ],
    tensors: TensorNames(
      prefixes: ["model.decoder.", "decoder.", "model."], savedPrefix: "model.decoder.",
      tokenEmbedding: "embed_tokens", positionEmbedding: "embed_positions",
      finalNorm: "final_layer_norm", layer: "layers",
      parts: [
        .attentionNorm: "self_attn_layer_norm", .query: "self_attn.q_proj",
        .key: "self_attn.k_proj", .value: "self_attn.v_proj", .output: "self_attn.out_proj",
        .feedForwardNorm: "final_layer_norm", .up: "fc1", .down: "fc2",
      ]),
    shapes: [
      shape("125m", width: 768, layers: 12, heads: 12),
      shape("350m", width: 1024, layers: 24, heads: 16, isProjected: true),
      shape("1.3b", width: 2048, layers: 24, heads: 32),
      shape("2.7b", width: 2560, layers: 32, heads: 32),
      shape("6.7b", width: 4096, layers: 32, heads: 32),
      shape("13b", width: 5120, layers: 40, heads: 40),
      shape("30b", width: 7168, layers: 48, heads: 56),
      shape("66b", width: 9216, layers: 64, heads: 72),
    ])

  /// OPT: learned positions from row 2, biases everywhere, a narrower embedding in OPT-350M.
  ///
  /// Zhang et al. 2022, arXiv:2205.01068; fields as in Transformers' `OPTConfig`.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    try fields.require("layer_norm_elementwise_affine", true, default: true)
    let vocabulary = try fields.size("vocab_size", default: 50272, limit: Limit.vocabulary)
    let width = try fields.size("hidden_size", default: 768, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: 12, limit: Limit.heads)
    let isBefore = try fields.flag("do_layer_norm_before", default: true)
    let dropsFinal = try fields.flag("_remove_final_layer_norm", default: false)
    let hasBias = try fields.flag("enable_bias", default: true)
    return ModelDescription(
      family: .opt,
      vocabularySize: vocabulary,
      width: width,
      embeddingWidth: try fields.size("word_embed_proj_dim", default: width, limit: Limit.width),
      layers: try fields.size("num_hidden_layers", default: 12, limit: Limit.layers),
      heads: heads,
      headWidth: try ModelConfiguration.evenHeadWidth(width, heads: heads, fields),
      feedForwardWidth: try fields.size("ffn_dim", default: 3072, limit: Limit.width),
      isGated: false,
      activation: try fields.activation("activation_function", default: .relu),
      normalization: .layer(epsilon: 1e-5),  // PyTorch's default; OPT's configuration has none
      placement: isBefore ? .before : .after,
      hasFinalNormalization: isBefore && !dropsFinal,
      positions: .learned(offset: 2),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 2048, limit: Limit.positions),
      attentionBias: hasBias,
      attentionOutputBias: hasBias,
      feedForwardBias: hasBias,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: true),
      beginToken: try fields.token("bos_token_id", default: 2, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: 2, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: 1, vocabularySize: vocabulary))
  }
}

extension CheckpointFamily {
  private static func shape(
    _ size: String, width: Int, layers: Int, heads: Int, isProjected: Bool = false
  ) -> Shape {
    Shape(
      name: "opt-\(size)",
      configuration: JSONObject([
        "model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 50_272,
        "hidden_size": .integer(width), "word_embed_proj_dim": .integer(isProjected ? 512 : width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "ffn_dim": .integer(4 * width), "do_layer_norm_before": .boolean(!isProjected),
        "activation_function": "relu", "max_position_embeddings": 2048, "bos_token_id": 2,
        "eos_token_id": 2, "pad_token_id": 1,
      ]))
  }
}
