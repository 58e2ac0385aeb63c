/// A tensor of an adapter's file by what its name says, whoever saved it.
///
/// PEFT saves `base_model.model.MODULE.lora_A.weight`. Wrappers of the model leave their own names in
/// between (`_orig_mod` of torch.compile, `module` of data parallelism), and a file that was not written
/// by `save_pretrained` has the adapter's name too, `lora_A.default.weight`.
struct AdapterTensor {
  enum Role: String, CaseIterable {
    case lowRankA = "lora_A"
    case lowRankB = "lora_B"
    case embeddingA = "lora_embedding_A"
    case embeddingB = "lora_embedding_B"
    case magnitude = "lora_magnitude_vector"
    case factors = "ia3_l"
    case tokens = "token_adapter"
    /// A weight of the model itself.
    case whole
  }

  let record: TensorRecord
  let role: Role
  /// The module, without a wrapper's prefix: `layers.0.self_attn.q_proj`.
  let module: String
  /// Whether it is a bias beside the matrix that its role names.
  let isBias: Bool

  init(_ record: TensorRecord, names: TensorNames) {
    self.record = record
    var parts = WrappedName.plain(record.name).split(separator: ".").map(String.init)
    isBias = parts.last == "bias"
    guard let (place, role) = Self.role(in: parts) else {
      // `modules_to_save.default.weight` in files that PEFT did not write, `base_layer.weight` in others.
      parts.removeAll { $0 == "base_layer" }
      if let saved = parts.firstIndex(of: "modules_to_save") {
        parts.removeSubrange(saved..<max(saved + 1, parts.count - 1))
      }
      role = .whole
      module = Self.module(parts.dropLast(), names)
      return
    }
    self.role = role
    module = Self.module(parts[..<place], names)
  }

  private static func module(_ parts: ArraySlice<String>, _ names: TensorNames) -> String {
    String(names.canonical((parts + ["weight"]).joined(separator: ".")).dropLast(".weight".count))
  }

  private static func role(in parts: [String]) -> (place: Int, role: Role)? {
    for (place, part) in parts.enumerated() {
      if let role = Role(rawValue: part), role != .whole { return (place, role) }
    }
    return nil
  }
}
