extension ModelDescription.Family {
  static let gpt2 = Self(rawValue: "gpt2")
}

extension CheckpointFamily {
  static let gpt2 = CheckpointFamily(
    .gpt2,
    types: [
      .init("gpt2", class: "GPT2", read: description)
    ],
    tensors: TensorNames(
      prefixes: ["transformer."], savedPrefix: "transformer.",
      tokenEmbedding: "wte", positionEmbedding: "wpe", finalNorm: "ln_f", layer: "h",
      parts: [
        .attentionNorm: "ln_1", .query: "attn.c_attn", .key: "attn.c_attn", .value: "attn.c_attn",
        .output: "attn.c_proj", .feedForwardNorm: "ln_2", .up: "mlp.c_fc", .down: "mlp.c_proj",
      ]),
    isTransposed: true,
    shapes: [
      shape("gpt2", width: 768, layers: 12, heads: 12),
      shape("gpt2-medium", width: 1024, layers: 24, heads: 16),
      shape("gpt2-large", width: 1280, layers: 36, heads: 20),
      shape("gpt2-xl", width: 1600, layers: 48, heads: 25),
    ])

  /// GPT-2: learned positions, biases everywhere, a feed-forward of four widths unless `n_inner` is set.
  ///
  /// Radford et al. 2019; fields as in Transformers' `GPT2Config`, which also takes the common names.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    try fields.require("scale_attn_weights", true, default: true)
    try fields.require("scale_attn_by_inverse_layer_idx", false, default: false)
    try fields.require("add_cross_attention", false, default: false)
    let vocabulary = try fields.size("vocab_size", default: 50257, limit: Limit.vocabulary)
    let width = try fields.size("n_embd", "hidden_size", default: 768, limit: Limit.width)
    let heads = try fields.size("n_head", "num_attention_heads", default: 12, limit: Limit.heads)
    return ModelDescription(
      family: .gpt2,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("n_layer", "num_hidden_layers", default: 12, limit: Limit.layers),
      heads: heads,
      headWidth: try ModelConfiguration.evenHeadWidth(width, heads: heads, fields),
      feedForwardWidth: try fields.size("n_inner", default: 4 * width, limit: Limit.width * 4),
      isGated: false,
      activation: try fields.activation(
        "activation_function", "hidden_act", default: .geluTanh),
      normalization: .layer(epsilon: try fields.positive("layer_norm_epsilon", default: 1e-5)),
      positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "n_positions", "max_position_embeddings", default: 1024, limit: Limit.positions),
      attentionBias: true,
      attentionOutputBias: true,
      feedForwardBias: true,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: true),
      beginToken: try fields.token("bos_token_id", default: 50256, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: 50256, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: nil, vocabularySize: vocabulary))
  }
}

extension CheckpointFamily {
  private static func shape(_ name: String, width: Int, layers: Int, heads: Int) -> Shape {
    Shape(
      name: name,
      configuration: JSONObject([
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 50_257,
        "n_embd": .integer(width), "n_layer": .integer(layers), "n_head": .integer(heads),
        "n_positions": 1024, "activation_function": "gelu_new", "bos_token_id": 50_256,
        "eos_token_id": 50_256,
      ]))
  }
}
