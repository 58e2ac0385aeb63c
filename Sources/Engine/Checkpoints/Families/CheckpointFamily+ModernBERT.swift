extension ModelDescription.Family {
  static let modernbert = Self(rawValue: "modernbert")
  static let modernbertDecoder = Self(rawValue: "modernbert-decoder")
}

extension CheckpointFamily {
  static let modernbert = CheckpointFamily(
    .modernbert,
    types: [.init("modernbert", class: "ModernBert", read: encoderDescription)],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "",
      tokenEmbedding: "embeddings.tok_embeddings", positionEmbedding: "",
      embeddingNorm: "embeddings.norm", finalNorm: "final_norm",
      classifier: ClassifierNames(
        prefix: "model.", dense: "head.dense", isPooler: true, norm: "head.norm",
        output: "classifier"),
      maskedHead: MaskedHeadNames(dense: "head.dense", norm: "head.norm", bias: "decoder.bias"),
      layer: "layers",
      parts: [
        .attentionNorm: "attn_norm", .query: "attn.Wqkv", .key: "attn.Wqkv",
        .value: "attn.Wqkv", .output: "attn.Wo", .feedForwardNorm: "mlp_norm", .gate: "mlp.Wi",
        .up: "mlp.Wi", .down: "mlp.Wo",
      ]),
    shapes: [
      shape("modernbert-base", width: 768, layers: 22, heads: 12, feedForward: 1152),
      shape("modernbert-large", width: 1024, layers: 28, heads: 16, feedForward: 2624),
      shape("ettin-17m", width: 256, layers: 7, heads: 4, feedForward: 384),
      shape("ettin-68m", width: 512, layers: 19, heads: 8, feedForward: 768),
    ])

  static let modernbertDecoder = CheckpointFamily(
    .modernbertDecoder,
    types: [.init("modernbert-decoder", class: nil, read: decoderDescription)],
    tensors: TensorNames(
      prefixes: ["model."], savedPrefix: "model.", savedOutput: "decoder.weight",
      tokenEmbedding: "embeddings.tok_embeddings", positionEmbedding: "",
      embeddingNorm: "embeddings.norm", finalNorm: "final_norm", layer: "layers",
      parts: [
        .attentionNorm: "attn_norm", .query: "attn.q_proj", .key: "attn.k_proj",
        .value: "attn.v_proj", .output: "attn.Wo", .feedForwardNorm: "mlp_norm",
        .gate: "mlp.Wi", .up: "mlp.Wi", .down: "mlp.Wo",
      ]),
    shapes: [
      shape(
        "ettin-decoder-17m", decoder: true, width: 256, layers: 7, heads: 4, feedForward: 384),
      shape(
        "ettin-decoder-150m", decoder: true, width: 768, layers: 22, heads: 12,
        feedForward: 1152),
    ])

  /// Ettin's decoders: ModernBERT in which a token sees those before it, and a layer before the output.
  ///
  /// Weller et al. 2025, arXiv:2507.11412; fields as in Transformers' `ModernBertDecoderConfig`.
  private static func decoderDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try description(fields, .modernbertDecoder)
    model.isBidirectional = false
    model.tiesEmbeddings = try fields.flag("tie_word_embeddings", default: true)
    model.readout = .init(
      activation: try fields.activation("classifier_activation", default: .gelu),
      hasBias: try fields.flag("classifier_bias", default: false),
      hasOutputBias: try fields.flag("decoder_bias", default: true))
    return model
  }

  /// ModernBERT and Ettin's encoders: rotary positions, most layers with a window, a gated feed-forward
  /// block.
  ///
  /// Warner et al. 2024, arXiv:2412.13663; fields as in Transformers' `ModernBertConfig`.
  private static func encoderDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    var model = try description(fields, .modernbert)
    let deviation = try fields.positive("initializer_range", default: 0.02)
    var classifier = ModelDescription.Classifier(
      activation: try fields.activation("classifier_activation", default: .gelu),
      dropout: try fields.probability("classifier_dropout", default: 0),
      deviation: 1 / Double(model.width).squareRoot())
    classifier.denseDeviation = deviation / Double(2 * model.layers).squareRoot()
    classifier.hasDenseBias = try fields.flag("classifier_bias", default: false)
    classifier.isNormalized = true
    classifier.pooling = try fields.pooling(["cls": .first, "mean": .mean], default: .first)
    model.classifier = classifier
    guard try fields.flag("decoder_bias", default: true) else { return model }
    model.maskedReadout = try ModelConfiguration.maskedReadout(
      fields.activation("classifier_activation", default: .gelu),
      hasBias: fields.flag("classifier_bias", default: false), fields)
    return model
  }

  /// What encoders and decoders share.
  private static func description(
    _ fields: ConfigurationFields, _ family: ModelDescription.Family
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: 50_368, limit: Limit.vocabulary)
    let width = try fields.size("hidden_size", default: 768, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: 12, limit: Limit.heads)
    let headWidth = try ModelConfiguration.evenHeadWidth(width, heads: heads, fields)
    let context = try fields.size(
      "max_position_embeddings", default: 8192, limit: Limit.positions)
    let rotary = try fields.rotaryByKind(
      headWidth: headWidth, context: context, full: ("global_rope_theta", 160_000),
      windowed: ("local_rope_theta", 10_000), scalesWindowed: true)
    let epsilon = try fields.positive("norm_eps", default: 1e-5)
    let attentionBias = try fields.flag("attention_bias", default: false)
    var model = ModelDescription(
      family: family,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: 22, limit: Limit.layers),
      heads: heads,
      headWidth: headWidth,
      feedForwardWidth: try fields.size("intermediate_size", default: 1152, limit: Limit.width),
      isGated: true,
      activation: try fields.activation("hidden_activation", default: .gelu),
      normalization: try fields.flag("norm_bias", default: false)
        ? .layer(epsilon: epsilon) : .layerWithoutBias(epsilon: epsilon),
      isBidirectional: true,
      hasEmbeddingNormalization: true,
      positions: .rotary(rotary.full),
      maximumPositions: context,
      attentionBias: attentionBias,
      attentionOutputBias: attentionBias,
      feedForwardBias: try fields.flag("mlp_bias", default: false),
      tiesEmbeddings: true,
      beginToken: try fields.token("bos_token_id", default: 50_281, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: 50_282, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: 50_283, vocabularySize: vocabulary))
    model.hasPlainFirstAttention = true
    let every = try fields.size("global_attn_every_n_layers", default: 3, limit: 1_000_000)
    let windowed = try fields.windowedLayers(of: model.layers) { !$0.isMultiple(of: every) }
    model.layerAttention = windowed.map {
      .init(window: nil, rotary: $0 ? rotary.windowed : rotary.full)
    }
    let window = try fields.size("local_attention", default: 128, limit: Limit.positions)
    model.attend(within: window / 2, layers: windowed)
    return model
  }

  private static func shape(
    _ name: String, decoder: Bool = false, width: Int, layers: Int, heads: Int, feedForward: Int
  ) -> Shape {
    Shape(
      name: name,
      configuration: JSONObject([
        "model_type": decoder ? "modernbert-decoder" : "modernbert",
        "architectures": [decoder ? "ModernBertDecoderForCausalLM" : "ModernBertModel"],
        "vocab_size": 50_368,
        "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
        "num_attention_heads": .integer(heads), "intermediate_size": .integer(feedForward),
        "hidden_activation": "gelu", "norm_eps": .number(1e-5),
        "max_position_embeddings": 8192, "local_attention": 128,
        "global_attn_every_n_layers": 3, "global_rope_theta": .number(160_000),
        "local_rope_theta": .number(10_000), "bos_token_id": 50_281, "eos_token_id": 50_282,
        "pad_token_id": 50_283,
      ]))
  }
}
