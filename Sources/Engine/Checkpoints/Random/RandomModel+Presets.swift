extension RandomModel {
  /// A published model's `config.json`, as far as it matters here.
  struct Preset: Sendable {
    let name: String
    let configuration: JSONObject
  }

  static func configuration(of preset: String) throws(CheckpointError) -> JSONObject {
    guard let found = table.first(where: { $0.name == preset }) else {
      throw CheckpointError(
        .unsupported, file: preset, "is no preset",
        help: "presets are \(presets.joined(separator: ", "))")
    }
    return found.configuration
  }

  static let table: [Preset] = [
    opt("125m", width: 768, layers: 12, heads: 12),
    opt("350m", width: 1024, layers: 24, heads: 16, isProjected: true),
    opt("1.3b", width: 2048, layers: 24, heads: 32),
    opt("2.7b", width: 2560, layers: 32, heads: 32),
    opt("6.7b", width: 4096, layers: 32, heads: 32),
    opt("13b", width: 5120, layers: 40, heads: 40),
    opt("30b", width: 7168, layers: 48, heads: 56),
    opt("66b", width: 9216, layers: 64, heads: 72),
    gpt2("gpt2", width: 768, layers: 12, heads: 12),
    gpt2("gpt2-medium", width: 1024, layers: 24, heads: 16),
    gpt2("gpt2-large", width: 1280, layers: 36, heads: 20),
    gpt2("gpt2-xl", width: 1600, layers: 48, heads: 25),
    pythia("14m", width: 128, layers: 6, heads: 4),
    pythia("31m", width: 256, layers: 6, heads: 8),
    pythia("70m", width: 512, layers: 6, heads: 8),
    pythia("160m", width: 768, layers: 12, heads: 12),
    pythia("410m", width: 1024, layers: 24, heads: 16),
    pythia("1b", width: 2048, layers: 16, heads: 8),
    pythia("1.4b", width: 2048, layers: 24, heads: 16),
    pythia("2.8b", width: 2560, layers: 32, heads: 32),
    pythia("6.9b", width: 4096, layers: 32, heads: 32, vocabulary: 50_432),
    pythia("12b", width: 5120, layers: 36, heads: 40, vocabulary: 50_688),
    neox(
      "gpt-neox-20b", width: 6144, layers: 44, heads: 64, vocabulary: 50_432,
      activation: "gelu_fast"),
    llama(
      "llama-7b", width: 4096, layers: 32, heads: 32, keyValueHeads: 32, feedForward: 11_008,
      positions: 2048, epsilon: 1e-6),
    llama(
      "llama-13b", width: 5120, layers: 40, heads: 40, keyValueHeads: 40, feedForward: 13_824,
      positions: 2048, epsilon: 1e-6),
    llama(
      "llama-30b", width: 6656, layers: 60, heads: 52, keyValueHeads: 52, feedForward: 17_920,
      positions: 2048, epsilon: 1e-6),
    llama(
      "llama-65b", width: 8192, layers: 80, heads: 64, keyValueHeads: 64, feedForward: 22_016,
      positions: 2048, epsilon: 1e-5),
    llama(
      "llama2-7b", width: 4096, layers: 32, heads: 32, keyValueHeads: 32, feedForward: 11_008,
      positions: 4096, epsilon: 1e-5),
    llama(
      "llama2-13b", width: 5120, layers: 40, heads: 40, keyValueHeads: 40, feedForward: 13_824,
      positions: 4096, epsilon: 1e-5),
    llama(
      "llama2-70b", width: 8192, layers: 80, heads: 64, keyValueHeads: 8, feedForward: 28_672,
      positions: 4096, epsilon: 1e-5),
    llama(
      "tinyllama-1.1b", width: 2048, layers: 22, heads: 32, keyValueHeads: 4, feedForward: 5632,
      positions: 2048, epsilon: 1e-5),
    llama(
      "mistral-7b", type: "mistral", class: "MistralForCausalLM", width: 4096, layers: 32,
      heads: 32, keyValueHeads: 8, feedForward: 14_336, positions: 32_768, epsilon: 1e-5),
    qwen2("0.5b", width: 896, layers: 24, heads: 14, keyValueHeads: 2, feedForward: 4864),
    qwen2("1.5b", width: 1536, layers: 28, heads: 12, keyValueHeads: 2, feedForward: 8960),
    qwen2(
      "7b", width: 3584, layers: 28, heads: 28, keyValueHeads: 4, feedForward: 18_944,
      vocabulary: 152_064, isTied: false),
    qwen2(
      "72b", width: 8192, layers: 80, heads: 64, keyValueHeads: 8, feedForward: 29_568,
      vocabulary: 152_064, isTied: false),
    bert("bert-base", width: 768, layers: 12, heads: 12),
    bert("bert-large", width: 1024, layers: 24, heads: 16),
    Preset(
      name: "distilbert-base",
      configuration: JSONObject([
        "model_type": "distilbert", "architectures": ["DistilBertModel"], "vocab_size": 30_522,
        "dim": 768, "n_layers": 6, "n_heads": 12, "hidden_dim": 3072, "activation": "gelu",
        "max_position_embeddings": 512, "pad_token_id": 0,
      ])),
    roberta("distilroberta-base", width: 768, layers: 6, heads: 12),
    roberta("roberta-base", width: 768, layers: 12, heads: 12),
    roberta("roberta-large", width: 1024, layers: 24, heads: 16),
    bert("minilm-l6", width: 384, layers: 6, heads: 12),
    bert("minilm-l12", width: 384, layers: 12, heads: 12),
  ]

  private static func opt(
    _ size: String, width: Int, layers: Int, heads: Int, isProjected: Bool = false
  ) -> Preset {
    Preset(
      name: "opt-\(size)",
      configuration: JSONObject([
        "model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 50_272,
        "hidden_size": .integer(width), "word_embed_proj_dim": .integer(isProjected ? 512 : width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "ffn_dim": .integer(4 * width), "do_layer_norm_before": .boolean(!isProjected),
        "activation_function": "relu", "max_position_embeddings": 2048, "bos_token_id": 2,
        "eos_token_id": 2, "pad_token_id": 1,
      ]))
  }

  private static func gpt2(_ name: String, width: Int, layers: Int, heads: Int) -> Preset {
    Preset(
      name: name,
      configuration: JSONObject([
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 50_257,
        "n_embd": .integer(width), "n_layer": .integer(layers), "n_head": .integer(heads),
        "n_positions": 1024, "activation_function": "gelu_new", "bos_token_id": 50_256,
        "eos_token_id": 50_256,
      ]))
  }

  private static func pythia(
    _ size: String, width: Int, layers: Int, heads: Int, vocabulary: Int = 50_304
  ) -> Preset {
    neox("pythia-\(size)", width: width, layers: layers, heads: heads, vocabulary: vocabulary)
  }

  private static func neox(
    _ name: String, width: Int, layers: Int, heads: Int, vocabulary: Int,
    activation: String = "gelu"
  ) -> Preset {
    Preset(
      name: name,
      configuration: JSONObject([
        "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"],
        "vocab_size": .integer(vocabulary), "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "intermediate_size": .integer(4 * width), "hidden_act": .string(activation),
        "rotary_pct": .number(0.25), "rotary_emb_base": 10_000, "use_parallel_residual": true,
        "max_position_embeddings": 2048, "tie_word_embeddings": false, "bos_token_id": 0,
        "eos_token_id": 0,
      ]))
  }

  private static func llama(
    _ name: String, type: String = "llama", class: String = "LlamaForCausalLM", width: Int,
    layers: Int, heads: Int, keyValueHeads: Int, feedForward: Int, positions: Int, epsilon: Double
  ) -> Preset {
    let configuration = JSONObject([
      "model_type": .string(type), "architectures": .array([.string(`class`)]),
      "vocab_size": 32_000, "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
      "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(keyValueHeads),
      "intermediate_size": .integer(feedForward), "hidden_act": "silu",
      "rms_norm_eps": .number(epsilon), "rope_theta": .number(10_000),
      "max_position_embeddings": .integer(positions), "tie_word_embeddings": false,
      "bos_token_id": 1, "eos_token_id": 2,
    ])
    return Preset(
      name: name,
      configuration: type == "mistral"
        ? configuration.replacing("sliding_window", with: 4096) : configuration)
  }

  private static func qwen2(
    _ size: String, width: Int, layers: Int, heads: Int, keyValueHeads: Int, feedForward: Int,
    vocabulary: Int = 151_936, isTied: Bool = true
  ) -> Preset {
    Preset(
      name: "qwen2-\(size)",
      configuration: JSONObject([
        "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"],
        "vocab_size": .integer(vocabulary), "hidden_size": .integer(width),
        "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads),
        "num_key_value_heads": .integer(keyValueHeads), "intermediate_size": .integer(feedForward),
        "hidden_act": "silu", "rms_norm_eps": .number(1e-6), "rope_theta": .number(1_000_000),
        "max_position_embeddings": 131_072, "tie_word_embeddings": .boolean(isTied),
        "bos_token_id": 151_643, "eos_token_id": 151_643,
      ]))
  }

  private static func bert(_ name: String, width: Int, layers: Int, heads: Int) -> Preset {
    Preset(
      name: name,
      configuration: encoder(
        "bert", "BertModel", width: width, layers: layers, heads: heads,
        [
          "vocab_size": 30_522, "max_position_embeddings": 512, "type_vocab_size": 2,
          "layer_norm_eps": .number(1e-12), "pad_token_id": 0,
        ]))
  }

  private static func roberta(_ name: String, width: Int, layers: Int, heads: Int) -> Preset {
    Preset(
      name: name,
      configuration: encoder(
        "roberta", "RobertaModel", width: width, layers: layers, heads: heads,
        [
          "vocab_size": 50_265, "max_position_embeddings": 514, "type_vocab_size": 1,
          "layer_norm_eps": .number(1e-5), "bos_token_id": 0, "eos_token_id": 2,
          "pad_token_id": 1,
        ]))
  }

  private static func encoder(
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
