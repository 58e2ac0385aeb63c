package import Foundation

/// Reads the architecture of a model from its Hugging Face `config.json`.
///
/// Absent fields take the defaults of the model's configuration class in Transformers 5.
package enum ModelConfiguration {
  /// The values of `model_type` that can be read.
  package static let supportedTypes = [
    "opt", "gpt2", "gpt_neox", "llama", "mistral", "qwen2", "bert", "distilbert", "roberta",
  ]

  /// Reads and checks a configuration.
  ///
  /// - Parameter url: The `config.json`.
  /// - Returns: The architecture.
  /// - Throws: ``CheckpointError``: of kind `unsupported` with the name of the type, activation,
  ///   rotary scaling or option that is not done here; of kind `corrupt` where numbers contradict.
  package static func description(at url: URL) throws(CheckpointError) -> ModelDescription {
    try description(of: ConfigurationFields(contentsOf: url))
  }

  /// Reads and checks the fields of a configuration.
  static func description(
    of fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription {
    if fields.object["quantization_config"] != nil {
      throw fields.unsupported(
        "quantization_config", "set", help: "use the checkpoint in F32, F16 or BF16")
    }
    let type = try fields.text("model_type")
    let description =
      switch type {
      case "opt": try opt(fields)
      case "gpt2": try gpt2(fields)
      case "gpt_neox": try neox(fields)
      case "llama": try llama(fields, .llama)
      case "mistral": try llama(fields, .mistral)
      case "qwen2": try llama(fields, .qwen2)
      case "bert": try bert(fields)
      case "distilbert": try distilbert(fields)
      case "roberta": try roberta(fields)
      default:
        throw CheckpointError(
          .unsupported, file: fields.file,
          type.map { "the model type '\($0.prefix(60))' is not supported" }
            ?? "has no 'model_type'",
          help: "supported are \(supportedTypes.joined(separator: ", "))")
      }
    try check(description, fields)
    return description
  }

  private static func check(
    _ model: ModelDescription, _ fields: ConfigurationFields
  ) throws(CheckpointError) {
    guard model.heads.isMultiple(of: model.keyValueHeads) else {
      throw fields.inconsistent(
        "\(model.heads) heads cannot share \(model.keyValueHeads) key/value heads evenly")
    }
    if case .rotary(_, let width) = model.positions {
      guard width.isMultiple(of: 2), (2...max(2, model.headWidth)).contains(width) else {
        throw fields.inconsistent(
          "rotary positions need an even part of a head's \(model.headWidth) columns,"
            + " not \(width)")
      }
    }
  }

  /// The width of a head where the heads divide the model's width among them.
  static func evenHeadWidth(
    _ width: Int, heads: Int, _ fields: ConfigurationFields
  ) throws(CheckpointError) -> Int {
    guard width.isMultiple(of: heads) else {
      throw fields.inconsistent("the width \(width) is not a multiple of the \(heads) heads")
    }
    return width / heads
  }
}

/// Upper bounds on the numbers of a configuration.
///
/// Far above any published model, and low enough that no product of three overflows.
enum ConfigurationLimit {
  static let vocabulary = 10_000_000
  static let width = 1_000_000
  static let layers = 10_000
  static let heads = 10_000
  static let positions = 100_000_000
}
