import Engine

/// Trains keys and values that every token of every layer sees before its own.
///
/// Li and Liang 2021, "Prefix-tuning", arXiv:2101.00190, without the reparametrization, as in
/// P-tuning v2 (Liu et al. 2022, arXiv:2110.07602).
struct PrefixAdaptation: Adaptation {
  static let name = "prefix"
  static let trains = true
  static let freezesMatrices = true

  static let deviation = MethodOption(
    "deviation", 0...10, default: 0.1, "of the numbers it begins with")

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
