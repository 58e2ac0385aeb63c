extension ModelDescription.Family {
  static let distilbert = Self(rawValue: "distilbert")
}

extension CheckpointFamily {
  static let distilbert = CheckpointFamily(
    .distilbert,
    types: [
      .init("distilbert", class: "DistilBert", read: description)
    ],
    tensors: TensorNames(
      prefixes: ["distilbert."], savedPrefix: "",
      tokenEmbedding: "embeddings.word_embeddings",
      positionEmbedding: "embeddings.position_embeddings", embeddingNorm: "embeddings.LayerNorm",
      finalNorm: "",
      classifier: ClassifierNames(
        prefix: "distilbert.", dense: "pre_classifier", output: "classifier"),
      maskedHead: MaskedHeadNames(
        dense: "vocab_transform", norm: "vocab_layer_norm", bias: "vocab_projector.bias"),
      layer: "transformer.layer",
      parts: [
        .attentionNorm: "sa_layer_norm", .query: "attention.q_lin", .key: "attention.k_lin",
        .value: "attention.v_lin", .output: "attention.out_lin",
        .feedForwardNorm: "output_layer_norm", .up: "ffn.lin1", .down: "ffn.lin2",
      ]),
    shapes: [
      Shape(
        name: "distilbert-base",
        configuration: JSONObject([
          "model_type": "distilbert", "architectures": ["DistilBertModel"], "vocab_size": 30_522,
          "dim": 768, "n_layers": 6, "n_heads": 12, "hidden_dim": 3072, "activation": "gelu",
          "max_position_embeddings": 512, "pad_token_id": 0,
        ]))
    ])

  /// DistilBERT: BERT without token types, under names of its own.
  ///
  /// Sanh et al. 2019, arXiv:1910.01108; fields as in Transformers' `DistilBertConfig`, which also
  /// takes the common names. `sinusoidal_pos_embds` only says how the stored table was initialised.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: 30_522, limit: Limit.vocabulary)
    let width = try fields.size("dim", "hidden_size", default: 768, limit: Limit.width)
    let heads = try fields.size("n_heads", "num_attention_heads", default: 12, limit: Limit.heads)
    var model = ModelDescription(
      family: .distilbert,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("n_layers", "num_hidden_layers", default: 6, limit: Limit.layers),
      heads: heads,
      headWidth: try ModelConfiguration.evenHeadWidth(width, heads: heads, fields),
      feedForwardWidth: try fields.size("hidden_dim", default: 3072, limit: Limit.width),
      isGated: false,
      activation: try fields.activation("activation", default: .gelu),
      normalization: .layer(epsilon: 1e-12),  // fixed in its code
      placement: .after,
      isBidirectional: true,
      hasEmbeddingNormalization: true,
      hasFinalNormalization: false,
      positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 512, limit: Limit.positions),
      attentionBias: true,
      attentionOutputBias: true,
      feedForwardBias: true,
      tiesEmbeddings: true,
      beginToken: try fields.token("bos_token_id", default: nil, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: nil, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: 0, vocabularySize: vocabulary))
    model.maskedReadout = try ModelConfiguration.maskedReadout(model.activation, fields)
    model.classifier = .init(
      activation: .relu, dropout: try fields.probability("seq_classif_dropout", default: 0.2),
      deviation: try fields.positive("initializer_range", default: 0.02))
    return model
  }
}
