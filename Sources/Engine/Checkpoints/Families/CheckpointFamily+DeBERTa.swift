extension ModelDescription.Family {
  static let deberta = Self(rawValue: "deberta-v2")
}

extension CheckpointFamily {
  static let deberta = CheckpointFamily(
    .deberta,
    types: [
      .init("deberta-v2", class: "DebertaV2", read: debertaDescription)
    ],
    tensors: TensorNames(
      prefixes: ["deberta."], savedPrefix: "",
      tokenEmbedding: "embeddings.word_embeddings",
      positionEmbedding: "embeddings.position_embeddings",
      tokenTypeEmbedding: "embeddings.token_type_embeddings",
      embeddingNorm: "embeddings.LayerNorm", relativeEmbedding: "encoder.rel_embeddings",
      relativeNorm: "encoder.LayerNorm", finalNorm: "",
      classifier: ClassifierNames(
        prefix: "deberta.", dense: "pooler.dense", output: "classifier"),
      layer: "encoder.layer",
      parts: [
        .attentionNorm: "attention.output.LayerNorm", .query: "attention.self.query_proj",
        .key: "attention.self.key_proj", .value: "attention.self.value_proj",
        .output: "attention.output.dense", .feedForwardNorm: "output.LayerNorm",
        .up: "intermediate.dense", .down: "output.dense",
      ]),
    shapes: [
      debertaShape("deberta-v3-xsmall", width: 384, layers: 12, heads: 6),
      debertaShape("deberta-v3-small", width: 768, layers: 6, heads: 12),
      debertaShape("deberta-v3-base", width: 768, layers: 12, heads: 12),
      debertaShape("deberta-v3-large", width: 1024, layers: 24, heads: 16),
      debertaShape("mdeberta-v3-base", vocabulary: 251_000, width: 768, layers: 12, heads: 12),
    ])

  /// DeBERTa-v2 and v3: BERT's layers, whose attention scores tokens and distances apart.
  ///
  /// He et al. 2021, arXiv:2006.03654 and arXiv:2111.09543; fields as in Transformers'
  /// `DebertaV2Config` and those that its modules look up beside it.
  private static func debertaDescription(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let width = try fields.size("hidden_size", default: 1536, limit: Limit.width)
    try requireDeBERTa(fields, width: width)
    let context = try fields.size("max_position_embeddings", default: 512, limit: Limit.positions)
    var model = try description(
      fields, .deberta,
      vocabulary: try fields.size("vocab_size", default: 128_100, limit: Limit.vocabulary),
      width: width, heads: 24, inner: 6144, epsilon: 1e-7,
      tokenTypes: try fields.count("type_vocab_size", default: 0, limit: Limit.vocabulary),
      positions: try fields.flag("position_biased_input", default: true)
        ? .learned(offset: 0) : .absent,
      maximumPositions: context, begin: nil, end: nil, pad: 0)
    let kinds = try distanceKinds(fields)
    if !kinds.isEmpty {
      // Scores have one part for tokens and one for each kind, and are scaled by their number.
      let parts = Double(kinds.count + 1)
      model.multipliers.attention = 1 / (Double(model.headWidth) * parts).squareRoot()
    }
    if try fields.flag("relative_attention", default: false), !kinds.isEmpty {
      model.relativePositions = .disentangled(
        try disentangled(fields, kinds, context: context))
    }
    model.classifier?.activation = try fields.activation("pooler_hidden_act", default: .gelu)
    model.classifier?.inputDropout = try fields.probability("pooler_dropout", default: 0)
    model.classifier?.dropout = try fields.probability(
      "cls_dropout", default: fields.probability("hidden_dropout_prob", default: 0.1))
    return model
  }

  /// Refuses what other models of the type have, such as the convolution of v2's XLarge.
  private static func requireDeBERTa(
    _ fields: ConfigurationFields, width: Int
  ) throws(CheckpointError) {
    typealias Limit = ConfigurationLimit
    let kernel = try fields.count("conv_kernel_size", default: 0, limit: Limit.width)
    guard kernel == 0 else {
      throw fields.unsupported(
        "conv_kernel_size", "\(kernel)",
        help: "convolutions are not supported; DeBERTa-v3 has none, v2's XLarge and XXLarge do")
    }
    for name in ["embedding_size", "pooler_hidden_size"] {
      let size = try fields.size(name, default: width, limit: Limit.width)
      guard size == width else {
        throw fields.unsupported(
          name, "\(size)", help: "only \(width), the 'hidden_size', is supported")
      }
    }
    let heads = try fields.size("num_attention_heads", default: 24, limit: Limit.heads)
    guard let own = try fields.optionalSize("attention_head_size", limit: Limit.width) else {
      return
    }
    guard own * heads == width else {
      throw fields.inconsistent(
        "\(heads) heads of \(own) columns ('attention_head_size') do not make the width \(width)")
    }
  }

  /// `c2p` and `p2c`, from a list or from a text with bars.
  private static func distanceKinds(
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> Set<String> {
    guard let value = fields.object["pos_att_type"] else { return [] }
    let names =
      value.array.map { $0.compactMap(\.string) }
      ?? (value.string ?? "").lowercased().split(separator: "|").map {
        String($0.filter { $0 != " " })
      }
    return Set(names).intersection(["c2p", "p2c"])
  }

  private static func disentangled(
    _ fields: ConfigurationFields, _ kinds: Set<String>, context: Int
  ) throws(CheckpointError) -> RelativePositions.Disentangled {
    try fields.require("share_att_key", true, default: false)
    let limit = ConfigurationLimit.positions
    func bound(_ name: String) throws(CheckpointError) -> Int? {
      guard let number = fields.object[name]?.integer, number < 1 else {
        return try fields.optionalSize(name, limit: limit)
      }
      return nil
    }
    let farthest = try bound("max_relative_positions") ?? context
    let buckets = try bound("position_buckets")
    if let buckets, buckets < 2 || farthest - 1 <= buckets / 2 {
      throw fields.inconsistent(
        "\(buckets) 'position_buckets' do not divide distances up to \(farthest)")
    }
    let norms = try fields.text("norm_rel_ebd") ?? "none"
    return .init(
      span: buckets ?? farthest, bucketedUpTo: buckets.map { _ in farthest },
      hasKeys: kinds.contains("c2p"), hasQueries: kinds.contains("p2c"),
      isNormalized: norms.lowercased().split(separator: "|").contains {
        $0.filter { $0 != " " } == "layer_norm"
      })
  }

  private static func debertaShape(
    _ name: String, vocabulary: Int = 128_100, width: Int, layers: Int, heads: Int
  ) -> Shape {
    Shape(
      name: name,
      configuration: JSONObject([
        "model_type": "deberta-v2", "architectures": ["DebertaV2Model"],
        "vocab_size": .integer(vocabulary), "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "intermediate_size": .integer(4 * width), "hidden_act": "gelu",
        "max_position_embeddings": 512, "type_vocab_size": 0, "layer_norm_eps": .number(1e-7),
        "relative_attention": true, "position_buckets": 256, "max_relative_positions": -1,
        "pos_att_type": "p2c|c2p", "share_att_key": true, "norm_rel_ebd": "layer_norm",
        "position_biased_input": false, "pad_token_id": 0,
      ]))
  }
}
