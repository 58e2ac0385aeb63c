/// What a family calls its tensors in a Hugging Face checkpoint, without the wrapper's prefix.
struct TensorNames: Sendable {
  /// What the class that saved the model may have put before its names, the longest first; none of
  /// them begins a name of the family itself (DistilBERT's own names begin with `transformer.`).
  let prefixes: [String]
  /// What the family's usual class puts before its names.
  let savedPrefix: String
  /// What that class calls the output matrix.
  var savedOutput = "lm_head.weight"
  let tokenEmbedding: String
  let positionEmbedding: String
  var tokenTypeEmbedding = ""
  var embeddingNorm = ""
  let output = "lm_head"
  let finalNorm: String
  /// Before a layer's number.
  let layer: String
  let parts: [WeightSlot.Part: String]

  /// The name of a slot's tensor.
  func name(of slot: WeightSlot) -> String {
    if case .bias(let inner) = slot { return stem(of: inner) + ".bias" }
    return stem(of: slot) + ".weight"
  }

  private func stem(of slot: WeightSlot) -> String {
    switch slot {
    case .tokenEmbedding: tokenEmbedding
    case .positionEmbedding: positionEmbedding
    case .tokenTypeEmbedding: tokenTypeEmbedding
    case .embeddingNorm: embeddingNorm
    case .projectIn: "project_in"
    case .projectOut: "project_out"
    case .finalNorm: finalNorm
    case .output: output
    case .layer(let index, let part): "\(layer).\(index).\(parts[part] ?? part.rawValue)"
    case .bias(let inner): stem(of: inner)
    }
  }

  /// The name Transformers' class with a language model's head, or the bare encoder, saves under.
  func stored(_ canonical: String) -> String {
    if canonical == "lm_head.weight" { return savedOutput }
    return savedPrefix + canonical
  }

  /// The name a stored tensor goes by here: without prefix, and with old spellings replaced.
  func canonical(_ stored: String) -> String {
    var name = stored
    if let prefix = prefixes.first(where: { name.hasPrefix($0) }) {
      name.removeFirst(prefix.count)
    }
    // GPT-NeoX's output goes by the second name in Transformers and by the first in its files.
    return name == "embed_out.weight" ? "lm_head.weight" : Self.modern(name)
  }

  /// The name with the spelling of TensorFlow's days replaced.
  static func modern(_ name: String) -> String {
    for (old, new) in [("LayerNorm.gamma", "weight"), ("LayerNorm.beta", "bias")]
    where name.hasSuffix(old) {
      return name.dropLast(old.count) + "LayerNorm." + new
    }
    return name
  }

  /// Whether a tensor is the token embedding once more wherever the two are tied.
  static func isTiedOutput(_ canonical: String) -> Bool {
    [
      "lm_head.weight", "cls.predictions.decoder.weight", "lm_head.decoder.weight",
      "vocab_projector.weight",
    ].contains(canonical)
  }

  static func of(_ family: ModelDescription.Family) -> TensorNames {
    switch family {
    case .opt: opt
    case .gpt2: gpt2
    case .neox: neox
    case .llama: llama
    case .bert, .roberta: bert
    case .distilbert: distilbert
    }
  }

  private static let opt = TensorNames(
    prefixes: ["model.decoder.", "decoder.", "model."], savedPrefix: "model.decoder.",
    tokenEmbedding: "embed_tokens", positionEmbedding: "embed_positions",
    finalNorm: "final_layer_norm", layer: "layers",
    parts: [
      .attentionNorm: "self_attn_layer_norm", .query: "self_attn.q_proj",
      .key: "self_attn.k_proj", .value: "self_attn.v_proj", .output: "self_attn.out_proj",
      .feedForwardNorm: "final_layer_norm", .up: "fc1", .down: "fc2",
    ])

  /// Query, key and value share `c_attn`; see ``CheckpointLayout``.
  private static let gpt2 = TensorNames(
    prefixes: ["transformer."], savedPrefix: "transformer.",
    tokenEmbedding: "wte", positionEmbedding: "wpe", finalNorm: "ln_f", layer: "h",
    parts: [
      .attentionNorm: "ln_1", .query: "attn.c_attn", .key: "attn.c_attn", .value: "attn.c_attn",
      .output: "attn.c_proj", .feedForwardNorm: "ln_2", .up: "mlp.c_fc", .down: "mlp.c_proj",
    ])

  private static let llama = TensorNames(
    prefixes: ["model."], savedPrefix: "model.",
    tokenEmbedding: "embed_tokens", positionEmbedding: "", finalNorm: "norm", layer: "layers",
    parts: [
      .attentionNorm: "input_layernorm", .query: "self_attn.q_proj", .key: "self_attn.k_proj",
      .value: "self_attn.v_proj", .output: "self_attn.o_proj",
      .feedForwardNorm: "post_attention_layernorm", .gate: "mlp.gate_proj", .up: "mlp.up_proj",
      .down: "mlp.down_proj",
    ])

  /// Query, key and value share one matrix, head by head; see ``CheckpointLayout``.
  private static let neox = TensorNames(
    prefixes: ["gpt_neox."], savedPrefix: "gpt_neox.", savedOutput: "embed_out.weight",
    tokenEmbedding: "embed_in", positionEmbedding: "",
    finalNorm: "final_layer_norm", layer: "layers",
    parts: [
      .attentionNorm: "input_layernorm", .query: "attention.query_key_value",
      .key: "attention.query_key_value", .value: "attention.query_key_value",
      .output: "attention.dense", .feedForwardNorm: "post_attention_layernorm",
      .up: "mlp.dense_h_to_4h", .down: "mlp.dense_4h_to_h",
    ])

  private static let bert = TensorNames(
    prefixes: ["roberta.", "bert."], savedPrefix: "",
    tokenEmbedding: "embeddings.word_embeddings",
    positionEmbedding: "embeddings.position_embeddings",
    tokenTypeEmbedding: "embeddings.token_type_embeddings", embeddingNorm: "embeddings.LayerNorm",
    finalNorm: "", layer: "encoder.layer",
    parts: [
      .attentionNorm: "attention.output.LayerNorm", .query: "attention.self.query",
      .key: "attention.self.key", .value: "attention.self.value",
      .output: "attention.output.dense", .feedForwardNorm: "output.LayerNorm",
      .up: "intermediate.dense", .down: "output.dense",
    ])

  private static let distilbert = TensorNames(
    prefixes: ["distilbert."], savedPrefix: "",
    tokenEmbedding: "embeddings.word_embeddings",
    positionEmbedding: "embeddings.position_embeddings", embeddingNorm: "embeddings.LayerNorm",
    finalNorm: "", layer: "transformer.layer",
    parts: [
      .attentionNorm: "sa_layer_norm", .query: "attention.q_lin", .key: "attention.k_lin",
      .value: "attention.v_lin", .output: "attention.out_lin",
      .feedForwardNorm: "output_layer_norm", .up: "ffn.lin1", .down: "ffn.lin2",
    ])
}
