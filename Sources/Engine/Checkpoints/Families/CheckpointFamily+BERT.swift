extension ModelDescription.Family {
  static let bert = Self(rawValue: "bert")
  static let roberta = Self(rawValue: "roberta")
  static let electra = Self(rawValue: "electra")
}

extension CheckpointFamily {
  static let bert = CheckpointFamily(
    .bert,
    types: [
      .init("bert", class: "Bert", read: bertDescription)
    ],
    tensors: bertNames(
      ClassifierNames(
        prefix: "bert.", dense: "pooler.dense", isPooler: true, poolerPrefix: "bert.",
        output: "classifier"),
      masked: MaskedHeadNames(
        dense: "cls.predictions.transform.dense", norm: "cls.predictions.transform.LayerNorm",
        bias: "cls.predictions.bias")),
    shapes: [
      bertShape("bert-base", width: 768, layers: 12, heads: 12),
      bertShape("bert-large", width: 1024, layers: 24, heads: 16),
      bertShape("minilm-l6", width: 384, layers: 6, heads: 12),
      bertShape("minilm-l12", width: 384, layers: 12, heads: 12),
    ])

  static let roberta = CheckpointFamily(
    .roberta,
    types: [
      .init("roberta", class: "Roberta") { fields throws(CheckpointError) in
        try robertaDescription(fields, vocabulary: 50_265)
      },
      .init("xlm-roberta", class: "XLMRoberta") { fields throws(CheckpointError) in
        try robertaDescription(fields, vocabulary: 30_522)
      },
    ],
    tensors: bertNames(
      ClassifierNames(
        prefix: "roberta.", dense: "classifier.dense", output: "classifier.out_proj"),
      masked: MaskedHeadNames(
        dense: "lm_head.dense", norm: "lm_head.layer_norm", bias: "lm_head.bias")),
    shapes: [
      robertaShape("distilroberta-base", width: 768, layers: 6, heads: 12),
      robertaShape("roberta-base", width: 768, layers: 12, heads: 12),
      robertaShape("roberta-large", width: 1024, layers: 24, heads: 16),
    ])

  static let electra = CheckpointFamily(
    .electra,
    types: [
      .init("electra", class: "Electra", read: electraDescription)
    ],
    tensors: bertNames(
      ClassifierNames(
        prefix: "electra.", dense: "classifier.dense", output: "classifier.out_proj"),
      masked: MaskedHeadNames(
        dense: "generator_predictions.dense", norm: "generator_predictions.LayerNorm",
        bias: "generator_lm_head.bias"),
      projectIn: "embeddings_project"),
    shapes: [
      electraShape("electra-small", embedding: 128, width: 256, inner: 1024, heads: 4),
      electraShape("electra-base", embedding: 768, width: 768, inner: 3072, heads: 12),
    ])

  /// What BERT's relatives call their tensors.
  private static func bertNames(
    _ classifier: ClassifierNames, masked: MaskedHeadNames, projectIn: String = ""
  ) -> TensorNames {
    TensorNames(
      prefixes: [classifier.prefix], savedPrefix: "",
      tokenEmbedding: "embeddings.word_embeddings",
      positionEmbedding: "embeddings.position_embeddings",
      tokenTypeEmbedding: "embeddings.token_type_embeddings",
      embeddingNorm: "embeddings.LayerNorm", projectIn: projectIn, finalNorm: "",
      classifier: classifier, maskedHead: masked,
      layer: "encoder.layer",
      parts: [
        .attentionNorm: "attention.output.LayerNorm", .query: "attention.self.query",
        .key: "attention.self.key", .value: "attention.self.value",
        .output: "attention.output.dense", .feedForwardNorm: "output.LayerNorm",
        .up: "intermediate.dense", .down: "output.dense",
      ])
  }

  /// BERT, and MiniLM, which is a narrower one: every token sees every other, norms after each block.
  ///
  /// Devlin et al. 2019, arXiv:1810.04805; fields as in Transformers' `BertConfig`.
  private static func bertDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    let vocabulary = try fields.size(
      "vocab_size", default: 30_522, limit: ConfigurationLimit.vocabulary)
    return try description(
      fields, .bert, vocabulary: vocabulary, positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 512, limit: ConfigurationLimit.positions),
      begin: nil, end: nil, pad: 0)
  }

  /// RoBERTa: BERT's layers, positions counted from the row after the padding token's.
  ///
  /// Liu et al. 2019, arXiv:1907.11692, and Conneau et al. 2020, arXiv:1911.02116, for XLM-R; fields as in
  /// Transformers' `RobertaConfig` and `XLMRobertaConfig`, which differ in the default vocabulary.
  private static func robertaDescription(
    _ fields: ConfigurationFields, vocabulary standard: Int
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: standard, limit: Limit.vocabulary)
    guard
      let pad = try fields.token("pad_token_id", default: 1, vocabularySize: vocabulary)
    else {
      throw fields.inconsistent("'pad_token_id' is not a token, but positions are counted from it")
    }
    let rows = try fields.size("max_position_embeddings", default: 512, limit: Limit.positions)
    guard rows > pad + 1 else {
      throw fields.inconsistent(
        "'max_position_embeddings' is \(rows), of which padding takes the first \(pad + 1)")
    }
    var model = try description(
      fields, .roberta, vocabulary: vocabulary, positions: .learned(offset: pad + 1),
      maximumPositions: rows - pad - 1, begin: 0, end: 2, pad: pad)
    model.maskedReadout = try ModelConfiguration.maskedReadout(.gelu, fields)
    // Its class drops values out on both sides of the dense layer.
    let dropout = model.classifier?.dropout
    model.classifier?.inputDropout = dropout
    return model
  }

  /// ELECTRA: BERT with narrower embeddings, projected once they are normalized.
  ///
  /// Clark et al. 2020, arXiv:2003.10555; fields as in Transformers' `ElectraConfig`.
  private static func electraDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let width = try fields.size("hidden_size", default: 256, limit: Limit.width)
    var model = try description(
      fields, .electra,
      vocabulary: try fields.size("vocab_size", default: 30_522, limit: Limit.vocabulary),
      width: width, heads: 4, inner: 1024, positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 512, limit: Limit.positions),
      begin: nil, end: nil, pad: 0)
    model.embeddingWidth = try fields.size("embedding_size", default: 128, limit: Limit.width)
    model.projectsNormalizedEmbedding = model.embeddingWidth != width
    model.maskedReadout = try ModelConfiguration.maskedReadout(.gelu, fields)
    let dropout = model.classifier?.dropout
    model.classifier?.inputDropout = dropout
    model.classifier?.activation = .gelu
    return model
  }

  /// What BERT and its relatives share.
  static func description(
    _ fields: ConfigurationFields, _ family: ModelDescription.Family, vocabulary: Int,
    width standardWidth: Int = 768, heads standardHeads: Int = 12, inner: Int = 3072,
    activation: Activation = .gelu, epsilon: Double = 1e-12, tokenTypes: Int? = nil,
    positions: ModelDescription.Positions, maximumPositions: Int, begin: Int?, end: Int?, pad: Int
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    try fields.require("is_decoder", false, default: false)
    try fields.require("add_cross_attention", false, default: false)
    if let kind = try fields.text("position_embedding_type"), kind != "absolute" {
      throw fields.unsupported(
        "position_embedding_type", "\"\(kind.prefix(60))\"",
        help: "only absolute positions are supported; choose a model without relative ones")
    }
    let types =
      if let tokenTypes {
        tokenTypes
      } else {
        try fields.size("type_vocab_size", default: 2, limit: Limit.vocabulary)
      }
    let width = try fields.size("hidden_size", default: standardWidth, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: standardHeads, limit: Limit.heads)
    var model = ModelDescription(
      family: family,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: 12, limit: Limit.layers),
      heads: heads,
      headWidth: try ModelConfiguration.evenHeadWidth(width, heads: heads, fields),
      feedForwardWidth: try fields.size("intermediate_size", default: inner, limit: Limit.width),
      isGated: false,
      activation: try fields.activation("hidden_act", default: activation),
      normalization: .layer(epsilon: try fields.positive("layer_norm_eps", default: epsilon)),
      placement: .after,
      isBidirectional: true,
      hasEmbeddingNormalization: true,
      tokenTypes: types,
      hasFinalNormalization: false,
      positions: positions,
      maximumPositions: maximumPositions,
      attentionBias: true,
      attentionOutputBias: true,
      feedForwardBias: true,
      tiesEmbeddings: true,
      beginToken: try fields.token("bos_token_id", default: begin, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: end, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: pad, vocabularySize: vocabulary))
    model.maskedReadout = try ModelConfiguration.maskedReadout(model.activation, fields)
    model.classifier = .init(
      activation: .tanh,
      dropout: try fields.probability(
        "classifier_dropout",
        default: fields.probability("hidden_dropout_prob", default: 0.1)),
      deviation: try fields.positive("initializer_range", default: 0.02))
    return model
  }
}

extension CheckpointFamily {
  private static func bertShape(_ name: String, width: Int, layers: Int, heads: Int) -> Shape {
    Shape(
      name: name,
      configuration: configuration(
        "bert", "BertModel", width: width, layers: layers, heads: heads,
        [
          "vocab_size": 30_522, "max_position_embeddings": 512, "type_vocab_size": 2,
          "layer_norm_eps": .number(1e-12), "pad_token_id": 0,
        ]))
  }

  private static func robertaShape(_ name: String, width: Int, layers: Int, heads: Int) -> Shape {
    Shape(
      name: name,
      configuration: configuration(
        "roberta", "RobertaModel", width: width, layers: layers, heads: heads,
        [
          "vocab_size": 50_265, "max_position_embeddings": 514, "type_vocab_size": 1,
          "layer_norm_eps": .number(1e-5), "bos_token_id": 0, "eos_token_id": 2,
          "pad_token_id": 1,
        ]))
  }

  private static func electraShape(
    _ name: String, embedding: Int, width: Int, inner: Int, heads: Int
  ) -> Shape {
    Shape(
      name: name,
      configuration: configuration(
        "electra", "ElectraModel", width: width, layers: 12, heads: heads,
        [
          "vocab_size": 30_522, "embedding_size": .integer(embedding),
          "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": .number(1e-12),
          "pad_token_id": 0,
        ]
      ).replacing("intermediate_size", with: .integer(inner)))
  }

  private static func configuration(
    _ type: String, _ class: String, width: Int, layers: Int, heads: Int,
    _ rest: KeyValuePairs<String, JSONValue>
  ) -> JSONObject {
    let common = JSONObject([
      "model_type": .string(type), "architectures": .array([.string(`class`)]),
      "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
      "num_attention_heads": .integer(heads), "intermediate_size": .integer(4 * width),
      "hidden_act": "gelu",
    ])
    return JSONObject(members: common.members + JSONObject(rest).members)
  }
}
