extension ModelConfiguration {
  /// GPT-NeoX and Pythia: rotary positions on a part of each head, attention and feed-forward side by
  /// side.
  ///
  /// Black et al. 2022, arXiv:2204.06745; Biderman et al. 2023, arXiv:2304.01373; fields as in
  /// Transformers' `GPTNeoXConfig`, with the older `rotary_pct` and `rotary_emb_base`.
  static func neox(_ fields: ConfigurationFields) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    let vocabulary = try fields.size("vocab_size", default: 50_432, limit: Limit.vocabulary)
    let width = try fields.size("hidden_size", default: 6144, limit: Limit.width)
    let heads = try fields.size("num_attention_heads", default: 64, limit: Limit.heads)
    let headWidth = try evenHeadWidth(width, heads: heads, fields)
    let rotary = try fields.rotary(
      bases: ["rotary_emb_base", "rope_theta"], parts: ["rotary_pct"], defaultPart: 0.25)
    guard rotary.part <= 1 else {
      throw fields.inconsistent("the rotated part of a head is \(rotary.part), more than all of it")
    }
    let hasBias = try fields.flag("attention_bias", default: true)
    return ModelDescription(
      family: .neox,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("num_hidden_layers", default: 44, limit: Limit.layers),
      heads: heads,
      headWidth: headWidth,
      feedForwardWidth: try fields.size("intermediate_size", default: 24_576, limit: Limit.width),
      isGated: false,
      activation: try fields.activation("hidden_act", default: .gelu),
      normalization: .layer(epsilon: try fields.positive("layer_norm_eps", default: 1e-5)),
      hasParallelResidual: try fields.flag("use_parallel_residual", default: true),
      positions: .rotary(base: rotary.base, width: Int(Double(headWidth) * rotary.part)),
      maximumPositions: try fields.size(
        "max_position_embeddings", default: 2048, limit: Limit.positions),
      attentionBias: hasBias,
      attentionOutputBias: hasBias,
      feedForwardBias: true,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: false),
      beginToken: try fields.token("bos_token_id", default: 0, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: 2, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: nil, vocabularySize: vocabulary))
  }
}
