/// The shape of a decoder that is pre-trained here, in GPT-NeoX's layout.
///
/// Of the families this one has all that the methods of a study act on (biases, layer normalization,
/// a feed-forward block) and rotary positions, which a small model need not learn one by one.
package struct DecoderShape: Codable, Hashable, Sendable {
  /// Width of the residual stream.
  package var width: Int
  package var layers: Int
  package var heads: Int
  package var feedForwardWidth: Int
  /// Most tokens of a text.
  package var context: Int
  /// The share of a head's columns that turn with the position.
  package var rotaryShare: Double

  package init(
    width: Int, layers: Int, heads: Int, feedForwardWidth: Int, context: Int,
    rotaryShare: Double = 0.5
  ) {
    self.width = width
    self.layers = layers
    self.heads = heads
    self.feedForwardWidth = feedForwardWidth
    self.context = context
    self.rotaryShare = rotaryShare
  }

  /// The architecture of this shape for a tokenizer.
  ///
  /// - Parameters:
  ///   - tokenizer: Gives the size of the vocabulary and the ids of its special tokens.
  ///   - name: Where the shape was read, for messages.
  /// - Returns: The description.
  /// - Throws: ``CheckpointError`` when the numbers contradict each other.
  package func description(
    for tokenizer: WordTokenizer, name: String
  ) throws(CheckpointError) -> ModelDescription {
    try ModelConfiguration.description(
      of: ConfigurationFields(configuration(for: tokenizer), file: name))
  }

  /// The `config.json` that Transformers reads.
  func configuration(for tokenizer: WordTokenizer) -> JSONObject {
    JSONObject([
      "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"],
      "vocab_size": .integer(tokenizer.size), "hidden_size": .integer(width),
      "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
      "intermediate_size": .integer(feedForwardWidth), "hidden_act": "gelu",
      "layer_norm_eps": .number(1e-5), "rotary_pct": .number(rotaryShare),
      "rotary_emb_base": 10_000, "use_parallel_residual": false, "attention_bias": true,
      "max_position_embeddings": .integer(context), "tie_word_embeddings": true,
      "bos_token_id": .integer(WordTokenizer.beginToken),
      "eos_token_id": .integer(WordTokenizer.endToken),
      "pad_token_id": .integer(WordTokenizer.paddingToken), "torch_dtype": "float32",
    ])
  }
}
