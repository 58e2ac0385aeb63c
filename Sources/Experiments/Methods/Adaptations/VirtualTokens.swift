import Engine

/// Trains vectors that precede every input.
///
/// Lester, Al-Rfou and Constant 2021, "Prompt tuning", arXiv:2104.08691. `from-vocabulary` begins with
/// embeddings of tokens drawn from the vocabulary, as its section 2.1 found better than random ones.
struct PromptAdaptation: Adaptation {
  static let name = "prompt"
  static let trains = true
  static let freezesMatrices = true

  /// What the vectors begin with.
  enum Initialization: String, OptionChoice {
    case vocabulary
    case random
  }

  static let virtualTokens = MethodOption(
    "virtual-tokens", 1...4096, default: 20, "vectors before every input or in every layer")
  static let initialization = MethodOption<Initialization>(
    "initialization", default: .vocabulary, "initial values of the vectors")

  static let options: [any DeclaredOption] = [virtualTokens, initialization]

  private let count: Int
  private let fromVocabulary: Bool

  init(_ options: ResolvedOptions) {
    count = options[Self.virtualTokens]
    fromVocabulary = options[Self.initialization] == .vocabulary
  }

  var reservedPositions: Int { count }

  func check(_ description: ModelDescription) throws(MethodError) {
    guard count < description.maximumPositions else {
      throw MethodError(
        .invalidValue(
          .integer(count), expectation: "less than the model's \(description.maximumPositions)"),
        option: Self.virtualTokens.name)
    }
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    let table = model.tokenEmbedding
    let prompt = Tensor<Float>(
      rows: count, columns: table.columns, category: .weights, requiresGradient: true,
      in: model.ledger)
    var random = RandomStream(seed: seed, purpose: "soft prompt")
    model.ledger.compute {
      for row in 0..<count {
        let source = random.index(below: table.rows) * table.columns
        table.claim(source..<source + table.columns)
        for i in 0..<table.columns {
          prompt.elements[row * table.columns + i] =
            fromVocabulary ? table.elements[source + i] : Float(0.02 * random.normal())
        }
      }
    }
    model.setPrompt(prompt)
    return [AdamW.Group(prompt)]
  }
}

/// Trains keys and values that every token of every layer sees before its own.
///
/// Li and Liang 2021, "Prefix-tuning", arXiv:2101.00190, without the reparametrization, as in
/// P-tuning v2 (Liu et al. 2022, arXiv:2110.07602).
struct PrefixAdaptation: Adaptation {
  static let name = "prefix"
  static let trains = true
  static let freezesMatrices = true

  static let deviation = MethodOption(
    "deviation", 0...10, default: 0.1, "of the initial values")

  static let options: [any DeclaredOption] = [PromptAdaptation.virtualTokens, deviation]

  private let count: Int
  private let deviation: Double

  init(_ options: ResolvedOptions) {
    count = options[PromptAdaptation.virtualTokens]
    deviation = options[Self.deviation]
  }

  var reservedPositions: Int { count }

  func check(_ description: ModelDescription) throws(MethodError) {
    guard count < description.maximumPositions else {
      throw MethodError(
        .invalidValue(
          .integer(count), expectation: "less than the model's \(description.maximumPositions)"),
        option: PromptAdaptation.virtualTokens.name)
    }
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    let width = model.description.keyValueHeads * model.description.headWidth
    return model.layers.indices.flatMap { index in
      let tensors = ["keys", "values"].map { part in
        let tensor = Tensor<Float>(
          rows: count, columns: width, category: .weights, requiresGradient: true,
          in: model.ledger)
        var random = RandomStream(seed: seed, purpose: "prefix \(part) \(index)")
        tensor.fill { _ in Float(deviation * random.normal()) }
        return tensor
      }
      model.setPrefix(
        AttentionPrefix(keys: tensors[0], values: tensors[1], length: count), layer: index)
      return tensors.map { AdamW.Group($0) }
    }
  }
}
