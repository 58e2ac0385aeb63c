extension ModelDescription.Family {
  static let eurobert = Self(rawValue: "eurobert")
}

extension CheckpointFamily {
  static let eurobert = CheckpointFamily(
    .eurobert,
    types: [.init("eurobert", class: "EuroBert", read: description)],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "",
      tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm",
      classifier: ClassifierNames(prefix: "model.", dense: "dense", output: "classifier"),
      layer: "layers",
      parts: llama.tensors.parts),
    shapes: [
      shape("210m", width: 768, layers: 12, heads: 12, keyValueHeads: 12, feedForward: 3072)
    ])

  /// EuroBERT: Llama in which every token sees every other.
  ///
  /// Boizard et al. 2025, arXiv:2503.05500; fields as in Transformers' `EuroBertConfig`.
  private static func description(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try LlamaRelative(
      vocabulary: 128_256, width: 768, layers: 12, heads: 12, feedForwardWidth: 3072,
      epsilon: 1e-5, positions: 8192, attentionBias: .stated, statesFeedForwardBias: true,
      beginToken: 128_000, endToken: 128_001, padToken: 128_001
    ).description(fields, .eurobert)
    model.isBidirectional = true
    // Its output matrix is the head of masked language modelling, which is carried over as it is.
    model.tiesEmbeddings = true
    var classifier = ModelDescription.Classifier(
      activation: .gelu, dropout: 0,
      deviation: try fields.positive("initializer_range", default: 0.02))
    classifier.pooling = try fields.pooling(
      ["late": .meanOfDense, "mean": .mean, "bos": .first], default: .meanOfDense)
    model.classifier = classifier
    return model
  }

  private static func shape(
    _ size: String, width: Int, layers: Int, heads: Int, keyValueHeads: Int, feedForward: Int
  ) -> Shape {
    Shape(
      name: "eurobert-\(size)",
      configuration: JSONObject([
        "model_type": "eurobert", "architectures": ["EuroBertModel"], "vocab_size": 128_256,
        "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
        "num_attention_heads": .integer(heads),
        "num_key_value_heads": .integer(keyValueHeads),
        "intermediate_size": .integer(feedForward), "hidden_act": "silu",
        "rms_norm_eps": .number(1e-5), "rope_theta": .number(250_000),
        "max_position_embeddings": 8192, "bos_token_id": 128_000, "eos_token_id": 128_001,
        "pad_token_id": 128_001,
      ]))
  }
}
