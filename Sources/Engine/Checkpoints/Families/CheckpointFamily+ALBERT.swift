extension ModelDescription.Family {
  static let albert = Self(rawValue: "albert")
}

extension CheckpointFamily {
  static let albert = CheckpointFamily(
    .albert,
    types: [
      .init("albert", class: "Albert", read: albertDescription)
    ],
    tensors: TensorNames(
      prefixes: ["albert."], savedPrefix: "",
      tokenEmbedding: "embeddings.word_embeddings",
      positionEmbedding: "embeddings.position_embeddings",
      tokenTypeEmbedding: "embeddings.token_type_embeddings",
      embeddingNorm: "embeddings.LayerNorm",
      projectIn: "encoder.embedding_hidden_mapping_in", finalNorm: "",
      classifier: ClassifierNames(
        prefix: "albert.", dense: "pooler", isPooler: true, poolerPrefix: "albert.",
        output: "classifier"),
      maskedHead: MaskedHeadNames(
        dense: "predictions.dense", norm: "predictions.LayerNorm", bias: "predictions.bias"),
      layer: "encoder.albert_layer_groups.0.albert_layers",
      parts: [
        .attentionNorm: "attention.LayerNorm", .query: "attention.query", .key: "attention.key",
        .value: "attention.value", .output: "attention.dense",
        .feedForwardNorm: "full_layer_layer_norm", .up: "ffn", .down: "ffn_output",
      ]),
    shapes: [
      albertShape("albert-base-v2", width: 768, layers: 12, heads: 12),
      albertShape("albert-large-v2", width: 1024, layers: 24, heads: 16),
    ])

  /// ALBERT: one layer of BERT's computed again and again, on narrow embeddings that are projected.
  ///
  /// Lan et al. 2020, arXiv:1909.11942; fields as in Transformers' `AlbertConfig`.
  private static func albertDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    for name in ["num_hidden_groups", "inner_group_num"] {
      let groups = try fields.size(name, default: 1, limit: Limit.layers)
      guard groups == 1 else {
        throw fields.unsupported(name, "\(groups)", help: "only one shared layer is supported")
      }
    }
    var model = try description(
      fields, .albert,
      vocabulary: try fields.size("vocab_size", default: 30_000, limit: Limit.vocabulary),
      width: 4096, heads: 64, inner: 16_384, activation: .geluTanh, positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 512, limit: Limit.positions),
      begin: 2, end: 3, pad: 0)
    model.embeddingWidth = try fields.size("embedding_size", default: 128, limit: Limit.width)
    model.projectsNormalizedEmbedding = true
    model.sharesLayers = true
    model.classifier?.dropout = try fields.probability("classifier_dropout_prob", default: 0.1)
    return model
  }

  private static func albertShape(_ name: String, width: Int, layers: Int, heads: Int) -> Shape {
    Shape(
      name: name,
      configuration: JSONObject([
        "model_type": "albert", "architectures": ["AlbertModel"], "vocab_size": 30_000,
        "embedding_size": 128, "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "intermediate_size": .integer(4 * width), "hidden_act": "gelu_new",
        "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": .number(1e-12),
        "pad_token_id": 0,
      ]))
  }
}
