import Foundation

/// How the models of a family are stored as Hugging Face folders.
struct CheckpointFamily: Sendable {
  /// A value of `model_type` and how the configuration behind it is read.
  struct ModelType: Sendable {
    let name: String
    /// What its classes in Transformers begin with; nil where this program saves no classifier of it.
    let className: String?
    let read: @Sendable (ConfigurationFields) throws(CheckpointError) -> ModelDescription

    init(
      _ name: String, class className: String?,
      read: @escaping @Sendable (ConfigurationFields) throws(CheckpointError) -> ModelDescription
    ) {
      self.name = name
      self.className = className
      self.read = read
    }
  }

  /// How parts of a layer that have the same name take turns in the outputs of one tensor.
  enum Sharing: Sendable {
    /// All of one before the next.
    case whole
    /// One head of each after the other.
    case heads
  }

  /// A published model's name and `config.json`, as far as it matters here.
  struct Shape: Sendable {
    let name: String
    let configuration: JSONObject
  }

  let name: ModelDescription.Family
  let types: [ModelType]
  let tensors: TensorNames
  let sharing: Sharing
  /// Whether the layers' matrices are stored inputs × outputs.
  let isTransposed: Bool
  /// For models with random weights and for estimates.
  let shapes: [Shape]

  init(
    _ name: ModelDescription.Family, types: [ModelType], tensors: TensorNames,
    sharing: Sharing = .whole, isTransposed: Bool = false, shapes: [Shape]
  ) {
    self.name = name
    self.types = types
    self.tensors = tensors
    self.sharing = sharing
    self.isTransposed = isTransposed
    self.shapes = shapes
  }

  /// Every family that can be read, in the order in which messages list them.
  static let all = [
    opt, gpt2, neox, llama, olmo2, phi3, gemma, bert, distilbert, roberta, modernbert,
    modernbertDecoder, eurobert, electra, albert, mpnet, deberta,
  ]

  static func named(_ name: ModelDescription.Family) -> CheckpointFamily {
    guard let family = all.first(where: { $0.name == name }) else {
      preconditionFailure("no family '\(name.rawValue)' of checkpoints")
    }
    return family
  }
}

/// Reads the architecture of a model from its Hugging Face `config.json`.
///
/// Absent fields take the defaults of the model's configuration class in Transformers 5.
enum ModelConfiguration {
  /// The values of `model_type` that can be read.
  static let supportedTypes = types.map(\.name)

  private static let types = CheckpointFamily.all.flatMap(\.types)

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
    guard let type, let known = types.first(where: { $0.name == type }) else {
      throw CheckpointError(
        .unsupported, file: fields.file,
        type.map { "the model type '\($0.prefix(60))' is not supported" }
          ?? "has no 'model_type'",
        help: "supported: \(supportedTypes.joined(separator: ", "))")
    }
    let description = try known.read(fields)
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
    if case .rotary(let rotary) = model.positions {
      let width = rotary.width
      guard width.isMultiple(of: 2), (2...max(2, model.headWidth)).contains(width) else {
        throw fields.inconsistent(
          "rotary positions need an even number of a head's \(model.headWidth) columns,"
            + " not \(width)")
      }
    }
  }

  /// What an encoder with a head for masked words has before the token embedding, which scores them.
  ///
  /// - Parameters:
  ///   - activation: Of the dense layer.
  ///   - hasBias: Whether the dense layer has one.
  ///   - hasOutputBias: Whether the scores have one.
  ///   - fields: Of the model; one whose scores have a matrix of their own has no such head here.
  /// - Returns: The head; nil for none.
  /// - Throws: ``CheckpointError`` for a field of another type.
  static func maskedReadout(
    _ activation: Activation, hasBias: Bool = true, hasOutputBias: Bool = true,
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> ModelDescription.Readout? {
    guard try fields.flag("tie_word_embeddings", default: true) else { return nil }
    return .init(activation: activation, hasBias: hasBias, hasOutputBias: hasOutputBias)
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
