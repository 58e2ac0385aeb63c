extension ModelDescription.Family {
  static let mpnet = Self(rawValue: "mpnet")
}

extension CheckpointFamily {
  static let mpnet = CheckpointFamily(
    .mpnet,
    types: [
      .init("mpnet", class: "MPNet", read: mpnetDescription)
    ],
    tensors: TensorNames(
      prefixes: ["mpnet."], savedPrefix: "",
      tokenEmbedding: "embeddings.word_embeddings",
      positionEmbedding: "embeddings.position_embeddings", embeddingNorm: "embeddings.LayerNorm",
      relativeEmbedding: "encoder.relative_attention_bias", finalNorm: "",
      classifier: ClassifierNames(
        prefix: "mpnet.", dense: "classifier.dense", output: "classifier.out_proj"),
      layer: "encoder.layer",
      parts: [
        .attentionNorm: "attention.LayerNorm", .query: "attention.attn.q",
        .key: "attention.attn.k", .value: "attention.attn.v", .output: "attention.attn.o",
        .feedForwardNorm: "output.LayerNorm", .up: "intermediate.dense", .down: "output.dense",
      ]),
    shapes: [
      Shape(
        name: "mpnet-base",
        configuration: JSONObject([
          "model_type": "mpnet", "architectures": ["MPNetModel"], "vocab_size": 30_527,
          "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
          "intermediate_size": 3072, "hidden_act": "gelu", "layer_norm_eps": .number(1e-5),
          "max_position_embeddings": 514, "relative_attention_num_buckets": 32,
          "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1,
        ]))
    ])

  /// The padding token that positions are counted from, whatever the configuration says.
  private static let mpnetPadding = 1

  /// MPNet: BERT's layers without token types, whose attention has biases for distances.
  ///
  /// Song et al. 2020, arXiv:2004.09297; fields as in Transformers' `MPNetConfig`.
  private static func mpnetDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let rows = try fields.size("max_position_embeddings", default: 512, limit: Limit.positions)
    let first = mpnetPadding + 1
    guard rows > first else {
      throw fields.inconsistent(
        "'max_position_embeddings' is \(rows), of which padding takes the first \(first)")
    }
    let buckets = try fields.size(
      "relative_attention_num_buckets", default: RelativePositions.buckets, limit: Limit.positions)
    guard buckets >= RelativePositions.buckets else {
      throw fields.unsupported(
        "relative_attention_num_buckets", "\(buckets)",
        help: "Transformers computes \(RelativePositions.buckets) buckets whatever the number is")
    }
    var model = try description(
      fields, .mpnet,
      vocabulary: try fields.size("vocab_size", default: 30_527, limit: Limit.vocabulary),
      tokenTypes: 0, positions: .learned(offset: first), maximumPositions: rows - first,
      begin: 0, end: 2, pad: mpnetPadding)
    model.relativePositions = .biases(rows: buckets)
    let dropout = try fields.probability("hidden_dropout_prob", default: 0.1)
    model.classifier?.dropout = dropout
    model.classifier?.inputDropout = dropout
    return model
  }
}
