import Foundation
import Testing

@testable import Engine

@Suite("The fields of an adapter's configuration")
struct AdapterConfigurationTests {
  /// A LoRA of one module, with a field of its configuration added.
  private func folder(
    adding field: (key: String, value: JSONValue)?, names: (String) -> String = { $0 }
  ) throws -> (scratch: ScratchFolder, folder: AdapterFolder) {
    let scratch = try ScratchFolder()
    let model = try SmallConfigurations.description("llama")
    let module = "base_model.model.model.layers.0.self_attn.q_proj"
    try scratch.writeTensors(
      "adapter_model.safetensors",
      [
        (names("\(module).lora_A.weight"), [1, 8], (0..<8).map(Float.init)),
        (names("\(module).lora_B.weight"), [8, 1], (0..<8).map { Float($0) / 2 }),
      ])
    let fields = JSONObject(["peft_type": "LORA", "r": 1, "lora_alpha": 2])
    let all = field.map { fields.replacing($0.key, with: $0.value) } ?? fields
    try scratch.write("adapter_config.json", JSONValue.object(all).text)
    return (scratch, AdapterFolder(scratch.url, for: model))
  }

  @Test(
    "what leaves a trained adapter as it is, is accepted",
    arguments: [
      ("init_lora_weights", "gaussian"), ("init_lora_weights", "eva"),
      ("init_lora_weights", "orthogonal"), ("init_lora_weights", "mica"),
      ("init_lora_weights", false), ("velora_config", .object(JSONObject(["rank": 1]))),
      ("layers_to_transform", [0]), ("eva_config", .object(JSONObject(["rho": 2]))),
      ("a_later_option", false), ("a_later_option", .null), ("a_later_option", []),
      ("alora_invocation_tokens", .null), ("layer_replication", []),
    ] as [(String, JSONValue)])
  func accepted(key: String, value: JSONValue) throws {
    let (scratch, folder) = try folder(adding: (key, value))
    defer { withExtendedLifetime(scratch) {} }
    guard case .lora(let lora) = try folder.read() else { throw CancellationError() }
    #expect(lora.parts.count == 1 && lora.parts[0].scale == 2)
  }

  @Test(
    "what changes what the adapter computes is rejected by name, with the way out",
    arguments: [
      ("init_lora_weights", "pissa", "path_initial_model_for_weight_conversion"),
      ("init_lora_weights", "pissa_niter_4", "path_initial_model_for_weight_conversion"),
      ("init_lora_weights", "olora", "path_initial_model_for_weight_conversion"),
      ("init_lora_weights", "corda", "path_initial_model_for_weight_conversion"),
      ("init_lora_weights", "lora_ga", "path_initial_model_for_weight_conversion"),
      ("init_lora_weights", "loftq", "save the quantized base model too"),
      ("init_lora_weights", "newest", "known: true, false, gaussian"),
      ("alora_invocation_tokens", [1, 2], "train a plain LoRA"),
      ("layer_replication", [[0, 1], [0, 1]], "repeats layers"),
      ("use_qalora", true, "merge_and_unload"), ("use_bdlora", true, "merge_and_unload"),
      ("kasa_config", .object(JSONObject(["rank": 1])), "merge_and_unload"),
      ("monteclora_config", .object(JSONObject(["rank": 1])), "merge_and_unload"),
      ("arrow_config", .object(JSONObject(["top_k": 1])), "name one of them"),
      ("megatron_config", .object(JSONObject(["a": 1])), "merge_and_unload"),
      ("target_parameters", ["experts.up"], "merge_and_unload"),
      ("a_later_option", 3, "PEFT 0.21 writes no such field"),
      ("alpha_pattern", .object(JSONObject(["layers.[01]": 3])), "write out the names"),
    ] as [(String, JSONValue, String)])
  func rejected(key: String, value: JSONValue, help: String) throws {
    let (scratch, folder) = try folder(adding: (key, value))
    defer { withExtendedLifetime(scratch) {} }
    let error = #expect(throws: CheckpointError.self) { try folder.read() }
    #expect(error?.message.hasPrefix("'\(key)' is ") == true)
    #expect(error?.help?.contains(help) == true)
  }

  @Test(
    "names that wrappers and unfiltered states leave are read as PEFT's own",
    arguments: [
      "base_model.model._orig_mod.model.layers.0.self_attn.q_proj.lora_#.weight",
      "_orig_mod.base_model.model.model.layers.0.self_attn.q_proj.lora_#.default.weight",
      "module.base_model.model.model.layers.0.self_attn.q_proj.lora_#.default.weight",
      "base_model.model.base_model.model.model.layers.0.self_attn.q_proj.lora_#.weight",
      "base_model.model.layers.0.self_attn.q_proj.lora_#.weight",
      "base_model.model.model.layers.0._fsdp_wrapped_module.self_attn.q_proj.lora_#.x.weight",
    ])
  func wrappers(pattern: String) throws {
    let plain = try folder(adding: nil)
    let wrapped = try folder(adding: nil) {
      pattern.replacingOccurrences(of: "#", with: $0.contains("lora_A") ? "A" : "B")
    }
    #expect(try wrapped.folder.read() == plain.folder.read())
  }

  @Test("a resized vocabulary and a tensor of nothing are named for what they are")
  func tensors() throws {
    let (scratch, folder) = try folder(adding: nil)
    func refusal(_ name: String, _ shape: [Int]) throws -> CheckpointError? {
      try scratch.writeTensors(
        "adapter_model.safetensors",
        [(name, shape, [Float](repeating: 1, count: shape.reduce(1, *)))])
      return #expect(throws: CheckpointError.self) { try folder.read() }
    }
    let resized = try refusal("base_model.model.model.embed_tokens.weight", [12, 8])
    #expect(
      resized?.message
        == "tensor 'base_model.model.model.embed_tokens.weight' belongs to a vocabulary of 12 tokens,"
        + " the model embeds 11")
    #expect(resized?.help?.contains("resize_token_embeddings") == true)
    let foreign = try refusal("base_model.model.model.layers.9.mlp.up_proj.lora_A.weight", [1, 8])
    #expect(foreign?.message.hasSuffix("belongs to no weight of the model") == true)
    let bias = try refusal(
      "base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias", [8])
    #expect(bias?.message == "'lora_bias' is true for 'layers.0.self_attn.q_proj': not supported")
    let table = try refusal("base_model.model.model.embed_tokens.lora_embedding_A", [1, 12])
    #expect(table?.message.contains("lora_embedding_A and lora_embedding_B") == true)
  }
}
