extension ModelConfiguration {
  /// BERT, and MiniLM, which is a narrower one: every token sees every other, norms after each block.
  ///
  /// Devlin et al. 2019, arXiv:1810.04805; fields as in Transformers' `BertConfig`.
  static func bert(_ fields: ConfigurationFields) throws(CheckpointError) -> ModelDescription {
    let vocabulary = try fields.size(
      "vocab_size", default: 30_522, limit: ConfigurationLimit.vocabulary)
    return try encoder(
      fields, .bert, vocabulary: vocabulary, positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 512, limit: ConfigurationLimit.positions),
      begin: nil, end: nil, pad: 0)
  }

  /// RoBERTa: BERT's layers, positions counted from the row after the padding token's.
  ///
  /// Liu et al. 2019, arXiv:1907.11692; fields as in Transformers' `RobertaConfig`.
  static func roberta(_ fields: ConfigurationFields) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: 50_265, limit: Limit.vocabulary)
    guard
      let pad = try fields.token("pad_token_id", default: 1, vocabularySize: vocabulary)
    else {
      throw fields.inconsistent("'pad_token_id' is no token, but positions are counted from it")
    }
    let rows = try fields.size("max_position_embeddings", default: 512, limit: Limit.positions)
    guard rows > pad + 1 else {
      throw fields.inconsistent(
        "'max_position_embeddings' is \(rows), of which padding takes the first \(pad + 1)")
    }
    return try encoder(
      fields, .roberta, vocabulary: vocabulary, positions: .learned(offset: pad + 1),
      maximumPositions: rows - pad - 1, begin: 0, end: 2, pad: pad)
  }

  /// What BERT and RoBERTa share.
  private static func encoder(
    _ fields: ConfigurationFields, _ family: ModelDescription.Family, vocabulary: Int,
    positions: ModelDescription.Positions, maximumPositions: Int, begin: Int?, end: Int?, pad: Int
  ) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    try fields.require("is_decoder", false, default: false)
    try fields.require("add_cross_attention", false, default: false)
    if let kind = try fields.text("position_embedding_type"), kind != "absolute" {
      throw fields.unsupported(
        "position_embedding_type", "\"\(kind.prefix(60))\"",
        help: "only absolute positions are computed; choose a model without relative ones")
    }
    let width = try fields.size("hidden_size", default: 768, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: 12, limit: Limit.heads)
    return ModelDescription(
      family: family,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: 12, limit: Limit.layers),
      heads: heads,
      headWidth: try evenHeadWidth(width, heads: heads, fields),
      feedForwardWidth: try fields.size("intermediate_size", default: 3072, limit: Limit.width),
      isGated: false,
      activation: try fields.activation("hidden_act", default: .gelu),
      normalization: .layer(epsilon: try fields.positive("layer_norm_eps", default: 1e-12)),
      placement: .after,
      isBidirectional: true,
      hasEmbeddingNormalization: true,
      tokenTypes: try fields.size("type_vocab_size", default: 2, limit: Limit.vocabulary),
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
  }
}
