import Engine

/// Trains every weight.
struct FullAdaptation: Adaptation {
  static let name = "full"
  static let trains = true

  init(_ options: ResolvedOptions) {}

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(true)
    return model.parameters.map { AdamW.Group($0.tensor) }
  }
}

/// Trains nothing of the model.
struct NoAdaptation: Adaptation {
  static let name = "none"
  static let trains = false
  static let changesModel = false
  static let freezesMatrices = true

  init(_ options: ResolvedOptions) {}

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    return []
  }
}

/// Trains the upper layers, each at a rate that falls with its depth.
///
/// The "adaptive fine-tuning" of Srinivasan et al. 2024 (arXiv:2405.13181): layers 0–9 of 12 frozen,
/// and layer `i` of `L` trains at `decay^(L−1−i)` times the learning rate. Their code never applied
/// the decay and left the embeddings training; `compat: paper-2024` reproduces that.
package struct LayersAdaptation: Adaptation {
  static let name = "layers"
  static let trains = true
  /// Means five sixths of the layers, as ten of twelve.
  package static let fiveSixths = -1

  package static let frozen = MethodOption(
    "frozen", -1...10_000, default: fiveSixths,
    "frozen layers from the bottom; -1 for five sixths of them")
  static let decay = MethodOption(
    "layer-decay", 0...1, default: 0.95, "learning-rate factor per layer downwards")
  static let embeddings = MethodOption(
    "embeddings", default: false, "whether everything below the layers trains too")

  static let options: [any DeclaredOption] = [frozen, decay, embeddings]

  private let frozen: Int
  private let decay: Double
  private let trainsEmbeddings: Bool

  init(_ options: ResolvedOptions) {
    frozen = options[Self.frozen]
    decay = options[Self.decay]
    trainsEmbeddings = options[Self.embeddings]
  }

  func check(_ description: ModelDescription) throws(MethodError) {
    let layers = description.ownLayers
    let lowest = lowestTrained(of: layers)
    guard lowest < layers else {
      throw MethodError(
        .noSuchLayers(frozen: lowest, layers: layers), option: Self.frozen.name)
    }
  }

  private func lowestTrained(of layers: Int) -> Int {
    frozen == Self.fiveSixths ? layers * 5 / 6 : frozen
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    let layers = model.ownLayers.count
    let lowest = lowestTrained(of: layers)
    model.setTrainable(false)
    var groups: [AdamW<Float>.Group] = []
    for parameter in model.parameters {
      let isUpper = parameter.layer.map { $0 >= lowest } ?? parameter.isAboveLayers
      guard isUpper || (trainsEmbeddings && parameter.layer == nil) else { continue }
      let depth = parameter.layer.map { layers - 1 - $0 } ?? 0
      let scale = (0..<depth).reduce(1) { product, _ in product * decay }
      parameter.tensor.requiresGradient = true
      groups.append(AdamW.Group(parameter.tensor, rateScale: scale))
    }
    return groups
  }
}

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

/// Trains what an objective adds, on the final states of a model that stays as it is.
///
/// Alain and Bengio 2016, "Understanding intermediate layers using linear classifier probes",
/// arXiv:1610.01644, at the last layer. The model reads every example once, whatever the number of
/// epochs.
struct ProbeAdaptation: Adaptation {
  static let name = "probe"
  static let trains = true
  static let changesModel = false
  static let freezesMatrices = true

  init(_ options: ResolvedOptions) {}

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    return []
  }
}
