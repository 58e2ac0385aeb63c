import Testing

@testable import Engine

@Suite("config.json")
struct ModelConfigurationTests {
  private func read(_ text: String) throws -> ModelDescription {
    let scratch = try ScratchFolder()
    return try ModelConfiguration.description(at: scratch.write("config.json", text))
  }

  @Test("OPT-125M's numbers are OPT's defaults")
  func opt() throws {
    #expect(
      try read(#"{"model_type": "opt"}"#)
        == ModelDescription(
          family: .opt, vocabularySize: 50272, width: 768, layers: 12, heads: 12,
          feedForwardWidth: 3072, isGated: false, activation: .relu,
          normalization: .layer(epsilon: 1e-5), positions: .learned(offset: 2),
          maximumPositions: 2048, attentionBias: true, attentionOutputBias: true,
          feedForwardBias: true, tiesEmbeddings: true, beginToken: 2, endToken: 2, padToken: 1))
  }

  @Test("OPT-350M normalizes afterwards and projects its embedding")
  func opt350M() throws {
    let model = try read(
      #"""
      {"model_type": "opt", "do_layer_norm_before": false, "word_embed_proj_dim": 512,
       "hidden_size": 1024, "num_attention_heads": 16, "num_hidden_layers": 24, "ffn_dim": 4096}
      """#)
    #expect(model.placement == .after)
    #expect(!model.hasFinalNormalization)
    #expect(model.embeddingWidth == 512)
    #expect(model.headWidth == 64)
    let without = try read(
      #"{"model_type": "opt", "_remove_final_layer_norm": true, "enable_bias": false}"#)
    #expect(!without.hasFinalNormalization && without.placement == .before)
    #expect(!without.attentionBias && !without.feedForwardBias)
  }

  @Test("GPT-2 small's numbers are GPT-2's defaults, under either name")
  func gpt2() throws {
    let model = try read(#"{"model_type": "gpt2", "n_inner": null}"#)
    #expect(
      model
        == ModelDescription(
          family: .gpt2, vocabularySize: 50257, width: 768, layers: 12, heads: 12,
          feedForwardWidth: 3072, isGated: false, activation: .geluTanh,
          normalization: .layer(epsilon: 1e-5), positions: .learned(offset: 0),
          maximumPositions: 1024, attentionBias: true, attentionOutputBias: true,
          feedForwardBias: true, tiesEmbeddings: true, beginToken: 50256, endToken: 50256))
    #expect(try read(#"{"model_type": "gpt2", "hidden_size": 768, "n_layer": 12}"#) == model)
  }

  @Test("Llama's defaults, and its options")
  func llama() throws {
    #expect(
      try read(#"{"model_type": "llama"}"#)
        == ModelDescription(
          family: .llama, vocabularySize: 32000, width: 4096, layers: 32, heads: 32,
          feedForwardWidth: 11008, isGated: true, activation: .silu,
          normalization: .rms(epsilon: 1e-6), positions: .rotary(base: 10_000, width: 128),
          maximumPositions: 2048, attentionBias: false, attentionOutputBias: false,
          feedForwardBias: false, tiesEmbeddings: false, beginToken: 1, endToken: 2))
    let model = try read(
      #"""
      {"model_type": "llama", "rope_parameters": {"rope_type": "default", "rope_theta": 5e5},
       "attention_bias": true, "mlp_bias": true, "num_key_value_heads": 8, "head_dim": 96,
       "eos_token_id": [7, 8], "pad_token_id": -1}
      """#)
    #expect(model.positions == .rotary(base: 500_000, width: 96))
    #expect(model.attentionBias && model.attentionOutputBias && model.feedForwardBias)
    #expect(model.keyValueHeads == 8 && model.headWidth == 96)
    #expect(model.endToken == 7 && model.padToken == nil)
  }

  @Test("Qwen2 has biases on queries, keys and values; Mistral stays within its window")
  func relatives() throws {
    let qwen = try read(
      #"{"model_type": "qwen2", "sliding_window": 9, "use_sliding_window": false}"#)
    #expect(qwen.attentionBias && !qwen.attentionOutputBias && !qwen.feedForwardBias)
    #expect(qwen.maximumPositions == 32_768 && qwen.beginToken == nil)
    #expect(try read(#"{"model_type": "mistral"}"#).maximumPositions == 4096)
    #expect(
      try read(#"{"model_type": "mistral", "sliding_window": null}"#).maximumPositions == 131_072)
    #expect(try read(#"{"model_type": "mistral"}"#).keyValueHeads == 8)
  }

  @Test("Gemma 3's windows and bases follow its pattern, old fields or new ones")
  func gemma3() throws {
    let old = try read(
      #"""
      {"model_type": "gemma3_text", "num_hidden_layers": 4, "sliding_window_pattern": 2,
       "sliding_window": 512, "rope_theta": 5e5, "rope_local_base_freq": 1e3,
       "rope_scaling": {"rope_type": "linear", "factor": 8.0}}
      """#)
    let far = RotaryPositions(base: 500_000, width: 256, scaling: .linear(factor: 8))
    let near = RotaryPositions(base: 1000, width: 256)
    #expect(old.positions == .rotary(far))
    #expect(
      old.layerAttention == [
        .init(window: 512, rotary: near), .init(window: nil, rotary: far),
        .init(window: 512, rotary: near), .init(window: nil, rotary: far),
      ])
    let new = try read(
      #"""
      {"model_type": "gemma3_text", "num_hidden_layers": 4, "sliding_window": 512,
       "layer_types": ["sliding_attention", "full_attention", "sliding_attention",
       "full_attention"], "rope_parameters": {"full_attention": {"rope_theta": 5e5,
       "rope_type": "linear", "factor": 8.0}, "sliding_attention": {"rope_theta": 1e3}}}
      """#)
    #expect(new == old)
    #expect(old.multipliers.attention == 1.0 / 16 && old.multipliers.embedding == 48)
    #expect(old.multipliers.attentionCap == nil)
    let second = try read(#"{"model_type": "gemma2", "final_logit_softcapping": null}"#)
    #expect(second.multipliers.attentionCap == 50 && second.multipliers.logitCap == nil)
    #expect(second.layerAttention.map(\.window).prefix(3) == [4096, nil, 4096])
  }

  @Test("a text of Phi-3's ends where other angles begin; a window as long as the context is none")
  func contexts() throws {
    let long = try read(
      #"""
      {"model_type": "phi3", "max_position_embeddings": 131072, "hidden_size": 64,
       "num_attention_heads": 8, "original_max_position_embeddings": 4096,
       "rope_scaling": {"type": "longrope", "short_factor": [1, 1, 1, 1],
       "long_factor": [4, 4, 4, 4]}}
      """#)
    #expect(long.maximumPositions == 4096)
    let whole = try read(
      #"{"model_type": "phi3", "max_position_embeddings": 4096, "sliding_window": 4096}"#)
    #expect(whole.layerAttention.isEmpty)
    let half = try read(
      #"{"model_type": "phi3", "max_position_embeddings": 4096, "sliding_window": 2047}"#)
    #expect(half.layerAttention.allSatisfy { $0.window == 2047 })
    #expect(half.maximumPositions == 4096)
  }

  @Test("Pythia rotates a quarter of each head, under old and new names")
  func neox() throws {
    let pythia = try read(
      #"""
      {"model_type": "gpt_neox", "vocab_size": 50304, "hidden_size": 512, "num_attention_heads": 8,
       "num_hidden_layers": 6, "intermediate_size": 2048, "rotary_pct": 0.25,
       "rotary_emb_base": 10000, "use_parallel_residual": true, "eos_token_id": 0}
      """#)
    #expect(
      pythia
        == ModelDescription(
          family: .neox, vocabularySize: 50304, width: 512, layers: 6, heads: 8,
          feedForwardWidth: 2048, isGated: false, activation: .gelu,
          normalization: .layer(epsilon: 1e-5), hasParallelResidual: true,
          positions: .rotary(base: 10_000, width: 16), maximumPositions: 2048,
          attentionBias: true, attentionOutputBias: true, feedForwardBias: true,
          tiesEmbeddings: false, beginToken: 0, endToken: 0))
    let new = try read(
      #"""
      {"model_type": "gpt_neox", "hidden_size": 512, "num_attention_heads": 8,
       "rope_parameters": {"partial_rotary_factor": 0.5, "rope_theta": 20000.0,
       "rope_type": "default"}, "use_parallel_residual": false, "attention_bias": false,
       "hidden_act": "gelu_fast"}
      """#)
    #expect(new.positions == .rotary(base: 20_000, width: 32))
    #expect(!new.hasParallelResidual && new.activation == .geluTanh)
    #expect(!new.attentionBias && !new.attentionOutputBias && new.feedForwardBias)
  }

  @Test("BERT base's numbers are BERT's defaults; RoBERTa counts positions from row 2")
  func bert() throws {
    let bert = try read(#"{"model_type": "bert"}"#)
    var expected = ModelDescription(
      family: .bert, vocabularySize: 30522, width: 768, layers: 12, heads: 12,
      feedForwardWidth: 3072, isGated: false, activation: .gelu,
      normalization: .layer(epsilon: 1e-12), placement: .after, isBidirectional: true,
      hasEmbeddingNormalization: true, tokenTypes: 2, hasFinalNormalization: false,
      positions: .learned(offset: 0), maximumPositions: 512, attentionBias: true,
      attentionOutputBias: true, feedForwardBias: true, tiesEmbeddings: true, padToken: 0)
    expected.classifier = .init(activation: .tanh, dropout: 0.1, deviation: 0.02)
    expected.maskedReadout = bert.maskedReadout
    #expect(bert == expected && bert.maskedReadout != nil)
    let roberta = try read(
      #"""
      {"model_type": "roberta", "max_position_embeddings": 514, "type_vocab_size": 1,
       "layer_norm_eps": 1e-05}
      """#)
    #expect(roberta.positions == .learned(offset: 2) && roberta.maximumPositions == 512)
    #expect(roberta.tokenTypes == 1 && roberta.vocabularySize == 50265)
    #expect(roberta.normalization == .layer(epsilon: 1e-5))
    #expect((roberta.beginToken, roberta.endToken, roberta.padToken) == (0, 2, 1))
    #expect(roberta.classifier?.inputDropout == 0.1)
  }

  @Test(
    "a classifier's dropout has a name of its own in each family",
    arguments: [
      (#"{"model_type": "bert", "hidden_dropout_prob": 0.3}"#, 0.3),
      (#"{"model_type": "bert", "hidden_dropout_prob": 0.3, "classifier_dropout": 0}"#, 0.0),
      (#"{"model_type": "roberta", "classifier_dropout": null}"#, 0.1),
      (#"{"model_type": "distilbert", "dropout": 0.3, "seq_classif_dropout": 0.4}"#, 0.4),
    ])
  func classifierDropout(configuration: String, expected: Double) throws {
    #expect(try read(configuration).classifier?.dropout == expected)
  }

  @Test("DistilBERT has names of its own and no token types")
  func distilbert() throws {
    let small = try read(
      #"""
      {"model_type": "distilbert", "dim": 64, "n_heads": 4, "n_layers": 3, "hidden_dim": 100,
       "activation": "relu", "sinusoidal_pos_embds": true}
      """#)
    #expect((small.width, small.heads, small.layers) == (64, 4, 3))
    #expect(small.feedForwardWidth == 100 && small.activation == .relu && small.tokenTypes == 0)
    #expect(small.isBidirectional && small.hasEmbeddingNormalization)
    #expect(try read(#"{"model_type": "distilbert"}"#).layers == 6)
  }

  @Test("ELECTRA and ALBERT project normalized embeddings, and ALBERT has one layer")
  func narrowEmbeddings() throws {
    let electra = try read(#"{"model_type": "electra"}"#)
    #expect((electra.embeddingWidth, electra.width, electra.stateWidth) == (128, 256, 256))
    #expect(electra.projectsNormalizedEmbedding && electra.classifier?.activation == .gelu)
    let base = try read(
      #"{"model_type": "electra", "embedding_size": 768, "hidden_size": 768}"#)
    #expect(!base.projectsNormalizedEmbedding)
    let albert = try read(
      #"{"model_type": "albert", "hidden_size": 768, "num_attention_heads": 12}"#)
    #expect((albert.layers, albert.ownLayers, albert.activation) == (12, 1, .geluTanh))
    #expect(albert.classifier?.dropout == 0.1)
    let multilingual = try read(#"{"model_type": "xlm-roberta", "vocab_size": 250002}"#)
    #expect(multilingual.family == .roberta && multilingual.vocabularySize == 250_002)
  }

  @Test("ModernBERT's and EuroBERT's classifiers pool as their classes do")
  func pooling() throws {
    let modern = try read(#"{"model_type": "modernbert", "classifier_pooling": "mean"}"#)
    let classifier = try #require(modern.classifier)
    #expect(classifier.pooling == .mean && classifier.isNormalized && !classifier.hasDenseBias)
    #expect(try read(#"{"model_type": "modernbert"}"#).classifier?.pooling == .first)
    #expect(try read(#"{"model_type": "eurobert"}"#).classifier?.pooling == .meanOfDense)
  }

  @Test("MPNet's and DeBERTa's attention depends on distances")
  func distances() throws {
    let mpnet = try read(#"{"model_type": "mpnet", "pad_token_id": 5}"#)
    #expect(mpnet.relativePositions == .biases(rows: 32))
    #expect(mpnet.positions == .learned(offset: 2) && mpnet.maximumPositions == 510)
    let common = #""model_type": "deberta-v2", "hidden_size": 768, "num_attention_heads": 12"#
    let third = try read(
      """
      {\(common), "relative_attention": true, "position_buckets": 256,
       "max_relative_positions": -1, "pos_att_type": "p2c|c2p", "share_att_key": true,
       "norm_rel_ebd": "layer_norm", "position_biased_input": false, "type_vocab_size": 0}
      """)
    #expect(
      third.relativePositions == .disentangled(.init(span: 256, bucketedUpTo: 512)))
    #expect(third.positions == .absent && third.tokenTypes == 0)
    #expect(third.multipliers.attention == 1 / 192.0.squareRoot())
    let plain = try read(#"{\#(common), "pos_att_type": ["c2p"]}"#)
    #expect(plain.relativePositions == nil && plain.positions == .learned(offset: 0))
    #expect(plain.multipliers.attention == 1 / 128.0.squareRoot())
  }

  @Test(
    "what cannot be computed is rejected by name",
    arguments: [
      (#"{"model_type": "bloom"}"#, "the model type 'bloom' is not supported"),
      (#"{"model_type": "lfm2"}"#, "the model type 'lfm2' is not supported"),
      (#"{}"#, "has no 'model_type'"),
      (
        #"{"model_type": "llama", "rope_scaling": {"type": "mrope", "factor": 2.0}}"#,
        "'rope_scaling' is of type \"mrope\": not supported"
      ),
      (
        #"{"model_type": "llama", "rope_parameters": {"full_attention": {"rope_theta": 5e5}}}"#,
        "'rope_parameters' is a map by kind of layer, such as \"full_attention\": not supported"
      ),
      (
        #"{"model_type": "llama", "partial_rotary_factor": 0.5}"#,
        "'partial_rotary_factor' is 0.5: not supported"
      ),
      (
        #"{"model_type": "gemma3_text", "rope_parameters": {"rope_theta": 5e5}}"#,
        "'rope_parameters' is an object with \"rope_theta\": not supported"
      ),
      (
        #"{"model_type": "gemma3_text", "use_bidirectional_attention": true}"#,
        "'use_bidirectional_attention' is true: not supported"
      ),
      (
        #"{"model_type": "qwen3", "use_sliding_window": true, "num_hidden_layers": 1, "layer_types": ["chunked_attention"]}"#,
        "'layer_types' is a list with \"chunked_attention\": not supported"
      ),
      (
        #"{"model_type": "bert", "position_embedding_type": "relative_key"}"#,
        "'position_embedding_type' is \"relative_key\": not supported"
      ),
      (
        #"{"model_type": "eurobert", "classifier_pooling": "last"}"#,
        "'classifier_pooling' is \"last\": not supported"
      ),
      (
        #"{"model_type": "mpnet", "relative_attention_num_buckets": 16}"#,
        "'relative_attention_num_buckets' is 16: not supported"
      ),
      (
        #"{"model_type": "deberta-v2", "conv_kernel_size": 3}"#,
        "'conv_kernel_size' is 3: not supported"
      ),
      (
        #"{"model_type": "deberta-v2", "relative_attention": true, "pos_att_type": "c2p|p2c"}"#,
        "'share_att_key' is false: not supported"
      ),
      (
        #"{"model_type": "deberta-v2", "embedding_size": 128}"#,
        "'embedding_size' is 128: not supported"
      ),
      (#"{"model_type": "roberta", "is_decoder": true}"#, "'is_decoder' is true: not supported"),
      (
        #"{"model_type": "distilbert", "activation": "quick_gelu"}"#,
        "'activation' is \"quick_gelu\": not supported"
      ),
      (
        #"{"model_type": "gpt2", "activation_function": "tanh"}"#,
        "'activation_function' is \"tanh\": not supported"
      ),
      (
        #"{"model_type": "gpt2", "scale_attn_by_inverse_layer_idx": true}"#,
        "'scale_attn_by_inverse_layer_idx' is true: not supported"
      ),
      (
        #"{"model_type": "opt", "layer_norm_elementwise_affine": false}"#,
        "'layer_norm_elementwise_affine' is false: not supported"
      ),
      (
        #"{"model_type": "opt", "quantization_config": {"bits": 4}}"#,
        "'quantization_config' is set: not supported"
      ),
    ])
  func unsupported(text: String, message: String) {
    let error = #expect(throws: CheckpointError.self) { try read(text) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message == message)
  }

  @Test(
    "numbers that contradict are rejected",
    arguments: [
      (#"{"model_type": "opt", "num_attention_heads": 7}"#, "the width 768 is not a multiple of"),
      (#"{"model_type": "llama", "num_key_value_heads": 5}"#, "32 heads cannot share 5 key/value"),
      (
        #"{"model_type": "llama", "rope_scaling": {"rope_type": "llama3"}}"#,
        "'rope_scaling' of type \"llama3\" has no 'factor'"
      ),
      (
        #"{"model_type": "phi3", "rope_scaling": {"type": "su", "short_factor": [1], "long_factor": [2]}}"#,
        "'short_factor' in 'rope_scaling' is not a list of 48 numbers above 0"
      ),
      (
        #"{"model_type": "qwen3", "layer_types": ["full_attention"]}"#,
        "'layer_types' is not a list of the 32 layers' kinds"
      ),
      (
        #"{"model_type": "smollm3", "no_rope_layers": [1, 0]}"#,
        "'no_rope_layers' is not a list of 36 zeros and ones"
      ),
      (#"{"model_type": "llama", "head_dim": 3}"#, "rotary positions need an even number"),
      (#"{"model_type": "gpt2", "n_layer": 0}"#, "'n_layer' is 0, not a whole number from 1 to"),
      (#"{"model_type": "gpt2", "n_layer": 12.0}"#, "'n_layer' is 12.0, not a whole number"),
      (#"{"model_type": "gpt2", "n_embd": 9999999999}"#, "'n_embd' is 9999999999, not a whole"),
      (#"{"model_type": "gpt2", "n_embd": "big"}"#, "'n_embd' is \"big\", not a whole number"),
      (#"{"model_type": "llama", "rms_norm_eps": 0}"#, "'rms_norm_eps' is 0, not a number above"),
      (#"{"model_type": "llama", "mlp_bias": 1}"#, "'mlp_bias' is 1, not true or false"),
      (#"{"model_type": "llama", "bos_token_id": "x"}"#, "'bos_token_id' is \"x\", not a token id"),
      (
        #"{"model_type": "gpt_neox", "rotary_pct": 2}"#,
        "the rotary part of a head is 2.0, more than the whole head"
      ),
      (
        #"{"model_type": "gpt_neox", "rotary_pct": 0.01}"#,
        "rotary positions need an even number of a head's 96 columns, not 0"
      ),
      (
        #"{"model_type": "roberta", "max_position_embeddings": 2}"#,
        "'max_position_embeddings' is 2, of which padding takes the first 2"
      ),
      (
        #"{"model_type": "roberta", "pad_token_id": -1}"#,
        "'pad_token_id' is not a token, but positions are counted from it"
      ),
      (#"[]"#, "is not a JSON object"),
    ])
  func contradictions(text: String, message: String) throws {
    let error = #expect(throws: CheckpointError.self) { try read(text) }
    #expect(error?.kind == .corrupt)
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }
}
