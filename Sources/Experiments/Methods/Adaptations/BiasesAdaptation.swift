import Engine

/// Trains the biases, of matrices and of normalizations.
///
/// Ben Zaken, Goldberg and Ravfogel 2022, "BitFit", arXiv:2106.10199, section 3.
struct BiasesAdaptation: Adaptation {
  static let name = "biases"
  static let trains = true
  static let freezesMatrices = true

  init(_ options: ResolvedOptions) {}

  func check(_ description: ModelDescription) throws(MethodError) {
    let hasBiases =
      description.attentionBias || description.attentionOutputBias || description.feedForwardBias
    guard hasBiases else { throw MethodError(.noBiases, option: MethodPart.adaptation.rawValue) }
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    return model.parameters.filter(\.isBias).map {
      $0.tensor.requiresGradient = true
      return AdamW.Group($0.tensor)
    }
  }
}
