extension ModelConfiguration {
  /// OPT: learned positions from row 2, biases everywhere, a narrower embedding in OPT-350M.
  ///
  /// Zhang et al. 2022, arXiv:2205.01068; fields as in Transformers' `OPTConfig`.
  static func opt(_ fields: ConfigurationFields) throws(CheckpointError) -> ModelDescription {
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
      headWidth: try evenHeadWidth(width, heads: heads, fields),
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
