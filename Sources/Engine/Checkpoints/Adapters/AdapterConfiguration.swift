import Foundation

/// The fields of an `adapter_config.json`, each of which is honoured, has no effect on what the adapter
/// computes, or is rejected by name.
///
/// Knows every field that PEFT 0.21.2 writes for the four kinds of adapter. An unknown one is accepted
/// where it is null, false or empty, which is how later versions write what is switched off.
struct AdapterConfiguration {
  /// What can become of a field.
  private enum Rule {
    /// Read elsewhere, or without effect on a trained adapter.
    case any
    /// Accepted where null, false or empty.
    case off(String)
  }

  let fields: ConfigurationFields
  let type: String

  /// Reads and checks a configuration.
  ///
  /// - Throws: ``CheckpointError`` for a kind of adapter or a setting that is not done here.
  init(contentsOf url: URL) throws(CheckpointError) {
    fields = try ConfigurationFields(contentsOf: url)
    let known = Self.rules.keys.sorted().joined(separator: ", ")
    guard let type = try fields.text("peft_type") else {
      throw fields.unsupported("peft_type", "absent", help: "known: \(known)")
    }
    guard let rules = Self.rules[type] else {
      throw fields.unsupported("peft_type", "\"\(type.prefix(60))\"", help: "known: \(known)")
    }
    self.type = type
    for member in fields.object.members where !Self.isOff(member.value) {
      switch rules[member.key] ?? Self.common[member.key] {
      case .any: continue
      case .off(let help): throw fields.unsupported(member.key, member.value.summary, help: help)
      case nil:
        throw fields.unsupported(
          member.key.prefix(60).description, member.value.summary,
          help: "PEFT 0.21 writes no such field into an adapter of the type \(type); \(Self.merge)")
      }
    }
    try checkInitialization()
    if let count = fields.object["num_transformer_submodules"], count.integer != 1 {
      throw fields.unsupported(
        "num_transformer_submodules", count.summary,
        help: "only 1 is supported, a model that is an encoder or a decoder")
    }
  }

  /// Modules whose weights are stored whole, by the end of their names.
  var modulesToSave: [String] {
    fields.object["modules_to_save"]?.array?.compactMap(\.string) ?? []
  }

  /// Rows of tables that were trained alone, by the end of the table's name; nil stands for the token
  /// embedding, whatever its name.
  ///
  /// - Throws: ``CheckpointError`` for another layout.
  func trainedTokens() throws(CheckpointError) -> [(module: String?, rows: [Int])] {
    let name = "trainable_token_indices"
    guard let value = fields.object[name] else { return [] }
    func rows(_ value: JSONValue) throws(CheckpointError) -> [Int] {
      let rows = value.array?.compactMap(\.integer) ?? []
      guard rows.count == value.array?.count else {
        throw fields.inconsistent("'\(name)' holds \(value.summary), not token ids")
      }
      return rows
    }
    guard let tables = value.object else { return [(nil, try rows(value))] }
    var all: [(module: String?, rows: [Int])] = []
    for member in tables.members { all.append((member.key, try rows(member.value))) }
    return all
  }

  /// Whether the low-rank product is trained against what is left of a weight once the adapter's first
  /// values are taken out of it.
  private func checkInitialization() throws(CheckpointError) {
    let name = "init_lora_weights"
    guard type == "LORA", let value = fields.object[name], value.boolean == nil else { return }
    let label = try fields.text(name)?.lowercased() ?? ""
    if ["gaussian", "eva", "orthogonal", "mica"].contains(label) { return }
    let changesBase =
      ["olora", "loftq", "lora_ga"].contains(label)
      || ["pissa", "corda"].contains { label.hasPrefix($0) }
    throw fields.unsupported(
      name, value.summary,
      help: changesBase
        ? "it also changes the weights of the model, and the file lacks how; in PEFT, "
          + (label == "loftq"
            ? "save the quantized base model too and name that one, with init_lora_weights true"
            : "save with path_initial_model_for_weight_conversion, which writes a plain LoRA")
          + ", or merge_and_unload() and save_pretrained()"
        : "known: true, false, gaussian, eva, orthogonal and mica")
  }

  private static func isOff(_ value: JSONValue) -> Bool {
    switch value {
    case .null, .boolean(false): true
    case .array(let values): values.isEmpty
    case .object(let object): object.members.isEmpty
    default: false
    }
  }

  /// The way out that PEFT itself offers.
  static let merge =
    "in PEFT, merge_and_unload() and save_pretrained() write a model that needs no adapter"

  /// What every kind of adapter has.
  private static let common: [String: Rule] = [
    "peft_type": .any, "task_type": .any, "auto_mapping": .any, "peft_version": .any,
    "base_model_name_or_path": .any, "revision": .any, "inference_mode": .any,
    "modules_to_save": .any,
  ]

  /// What virtual tokens have; the shape of the tensor shows their number and width.
  private static let virtualTokens: [String: Rule] = [
    "num_virtual_tokens": .any, "token_dim": .any, "num_attention_heads": .any, "num_layers": .any,
    "num_transformer_submodules": .any,
  ]

  private static let rules: [String: [String: Rule]] = [
    "LORA": [
      // Which modules take part, and with which rank, is shown by the tensors.
      "r": .any, "rank_pattern": .any, "target_modules": .any, "exclude_modules": .any,
      "layers_to_transform": .any, "layers_pattern": .any, "fan_in_fan_out": .any,
      "lora_alpha": .any, "alpha_pattern": .any, "lora_dropout": .any, "bias": .any,
      "use_rslora": .any, "use_dora": .any, "lora_bias": .any, "trainable_token_indices": .any,
      "init_lora_weights": .any, "eva_config": .any, "velora_config": .any,
      "megatron_core": .any, "qalora_group_size": .any,
      // A flag about ties, read together with the tensors it ties.
      "ensure_weight_tying": .any,
      // Settings of initializations, which `init_lora_weights` turns on.
      "loftq_config": .any, "corda_config": .any, "lora_ga_config": .any,
      "layer_replication": .off(
        "the adapter repeats layers of the model; \(merge) with the repeated layers in it"),
      "alora_invocation_tokens": .off(
        "an activated LoRA acts only after its invocation tokens, so it can neither be merged nor"
          + " attached to the whole text; train a plain LoRA"),
      "use_qalora": .off("QALoRA pools the inputs of a quantized base; \(merge)"),
      "use_bdlora": .off("block-diagonal products are not supported; \(merge)"),
      "arrow_config": .off("Arrow chooses among several adapters for each token; name one of them"),
      "kasa_config": .off("KaSA removes the smallest singular values of the base; \(merge)"),
      "monteclora_config": .off("MonteCLoRA draws its products at random; \(merge)"),
      "megatron_config": .off("Megatron's parallel layers are not supported; \(merge)"),
      "target_parameters": .off(
        "products of parameters outside modules are not supported; \(merge)"),
      // PEFT before 0.3.
      "enable_lora": .off("only some of the fused parts take part; \(merge)"),
      "merge_weights": .any,
    ],
    "IA3": [
      "target_modules": .any, "exclude_modules": .any, "feedforward_modules": .any,
      "fan_in_fan_out": .any, "init_ia3_weights": .any,
    ],
    "PROMPT_TUNING": virtualTokens.merging(
      [
        "prompt_tuning_init": .any, "prompt_tuning_init_text": .any,
        "tokenizer_name_or_path": .any, "tokenizer_kwargs": .any,
      ], uniquingKeysWith: { first, _ in first }),
    "PREFIX_TUNING": virtualTokens.merging(
      [
        "init_weights": .any, "encoder_hidden_size": .any,
        // What is saved has gone through the projection.
        "prefix_projection": .any,
      ], uniquingKeysWith: { first, _ in first }),
  ]
}
