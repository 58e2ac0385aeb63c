extension ModelConfiguration {
  /// GPT-2: learned positions, biases everywhere, a feed-forward of four widths unless `n_inner` says.
  ///
  /// Radford et al. 2019; fields as in Transformers' `GPT2Config`, which also takes the common names.
  static func gpt2(_ fields: ConfigurationFields) throws(CheckpointError) -> ModelDescription {
    typealias Limit = ConfigurationLimit
    try fields.require("scale_attn_weights", true, default: true)
    try fields.require("scale_attn_by_inverse_layer_idx", false, default: false)
    try fields.require("add_cross_attention", false, default: false)
    let vocabulary = try fields.size("vocab_size", default: 50257, limit: Limit.vocabulary)
    let width = try fields.size("n_embd", "hidden_size", default: 768, limit: Limit.width)
    let heads = try fields.size("n_head", "num_attention_heads", default: 12, limit: Limit.heads)
    return ModelDescription(
      family: .gpt2,
      vocabularySize: vocabulary,
      width: width,
      layers: try fields.size("n_layer", "num_hidden_layers", default: 12, limit: Limit.layers),
      heads: heads,
      headWidth: try evenHeadWidth(width, heads: heads, fields),
      feedForwardWidth: try fields.size("n_inner", default: 4 * width, limit: Limit.width * 4),
      isGated: false,
      activation: try fields.activation(
        "activation_function", "hidden_act", default: .geluTanh),
      normalization: .layer(epsilon: try fields.positive("layer_norm_epsilon", default: 1e-5)),
      positions: .learned(offset: 0),
      maximumPositions: try fields.size(
        "n_positions", "max_position_embeddings", default: 1024, limit: Limit.positions),
      attentionBias: true,
      attentionOutputBias: true,
      feedForwardBias: true,
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: true),
      beginToken: try fields.token("bos_token_id", default: 50256, vocabularySize: vocabulary),
      endToken: try fields.token("eos_token_id", default: 50256, vocabularySize: vocabulary),
      padToken: try fields.token("pad_token_id", default: nil, vocabularySize: vocabulary))
  }
}
