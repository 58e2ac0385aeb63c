@testable import Engine

/// A `config.json` of a few hundred weights for each family and each odd shape of one.
enum SmallConfigurations {
  static let all: [(name: String, configuration: JSONObject)] = [
    (
      "opt",
      [
        "model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 12,
        "max_position_embeddings": 16,
      ]
    ),
    (
      "opt-350m",
      [
        "model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 12,
        "max_position_embeddings": 16, "word_embed_proj_dim": 6, "do_layer_norm_before": false,
      ]
    ),
    (
      "gpt2",
      [
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 11, "n_embd": 8,
        "n_layer": 2, "n_head": 2, "n_positions": 16,
      ]
    ),
    (
      "neox",
      [
        "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 12, "rotary_pct": .number(0.5), "max_position_embeddings": 16,
      ]
    ),
    (
      "llama",
      [
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16,
      ]
    ),
    (
      "qwen2",
      [
        "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16,
        "tie_word_embeddings": true,
      ]
    ),
    (
      "qwen3",
      [
        "model_type": "qwen3", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
        "intermediate_size": 12, "max_position_embeddings": 16, "use_sliding_window": true,
        "sliding_window": 4, "max_window_layers": 1,
      ]
    ),
    (
      "smollm3",
      [
        "model_type": "smollm3", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 12,
        "max_position_embeddings": 16, "no_rope_layer_interval": 2,
      ]
    ),
    (
      "granite",
      [
        "model_type": "granite", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 12,
        "max_position_embeddings": 16, "embedding_multiplier": 3, "residual_multiplier": 2,
        "logits_scaling": 2,
      ]
    ),
    (
      "olmo2",
      [
        "model_type": "olmo2", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 12,
        "max_position_embeddings": 16,
      ]
    ),
    (
      "phi3",
      [
        "model_type": "phi3", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 12,
        "max_position_embeddings": 16, "partial_rotary_factor": .number(0.5),
      ]
    ),
    (
      "gemma2",
      [
        "model_type": "gemma2", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
        "intermediate_size": 12, "max_position_embeddings": 16, "sliding_window": 4,
      ]
    ),
    (
      "gemma3",
      [
        "model_type": "gemma3_text", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
        "intermediate_size": 12, "max_position_embeddings": 16, "sliding_window": 4,
        "sliding_window_pattern": 2,
      ]
    ),
    (
      "modernbert",
      [
        "model_type": "modernbert", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16,
        "local_attention": 4, "global_attn_every_n_layers": 2,
      ]
    ),
    (
      "ettin-decoder",
      [
        "model_type": "modernbert-decoder", "vocab_size": 11, "hidden_size": 8,
        "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12,
        "max_position_embeddings": 16, "local_attention": 8, "global_attn_every_n_layers": 2,
      ]
    ),
    (
      "eurobert",
      [
        "model_type": "eurobert", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16,
      ]
    ),
    (
      "bert",
      [
        "model_type": "bert", "architectures": ["BertModel"], "vocab_size": 11, "hidden_size": 8,
        "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12,
        "max_position_embeddings": 16,
      ]
    ),
    (
      "distilbert",
      [
        "model_type": "distilbert", "architectures": ["DistilBertModel"], "vocab_size": 11,
        "dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 12, "max_position_embeddings": 16,
      ]
    ),
    (
      "roberta",
      [
        "model_type": "roberta", "architectures": ["RobertaModel"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 12, "max_position_embeddings": 18,
      ]
    ),
    (
      "electra",
      [
        "model_type": "electra", "architectures": ["ElectraModel"], "vocab_size": 11,
        "embedding_size": 6, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 12, "max_position_embeddings": 16,
      ]
    ),
    (
      "albert",
      [
        "model_type": "albert", "architectures": ["AlbertModel"], "vocab_size": 11,
        "embedding_size": 6, "hidden_size": 8, "num_hidden_layers": 3, "num_attention_heads": 2,
        "intermediate_size": 12, "max_position_embeddings": 16,
      ]
    ),
    (
      "mpnet",
      [
        "model_type": "mpnet", "architectures": ["MPNetModel"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 12, "max_position_embeddings": 18,
      ]
    ),
    (
      "deberta",
      [
        "model_type": "deberta-v2", "architectures": ["DebertaV2Model"], "vocab_size": 11,
        "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 12, "max_position_embeddings": 16, "relative_attention": true,
        "position_buckets": 4, "pos_att_type": "p2c|c2p", "share_att_key": true,
        "norm_rel_ebd": "layer_norm", "position_biased_input": false,
      ]
    ),
  ].map { ($0.0, JSONObject($0.1)) }

  static let names = all.map(\.name)

  /// Writes a model with random weights.
  static func write(_ name: String, seed: UInt64 = 1) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    let configuration = all.first { $0.name == name }?.configuration ?? JSONObject([:])
    try RandomModel.write(configuration, named: name, to: scratch.url, seed: seed)
    return scratch
  }

  static func description(_ name: String) throws -> ModelDescription {
    let configuration = all.first { $0.name == name }?.configuration ?? JSONObject([:])
    return try ModelConfiguration.description(
      of: ConfigurationFields(configuration, file: name))
  }
}
