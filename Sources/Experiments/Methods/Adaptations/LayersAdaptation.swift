import Engine

/// Trains the upper layers, each at a rate that falls with its depth.
///
/// The "adaptive fine-tuning" of Srinivasan et al. 2024 (arXiv:2405.13181): layers 0–9 of 12 frozen,
/// and layer `i` of `L` trains at `decay^(L−1−i)` times the learning rate. Their code never applied
/// the decay and left the embeddings training; `compat: paper-2024` reproduces that.
package struct LayersAdaptation: Adaptation {
  static let name = "layers"
  static let trains = true
  /// Stands for five sixths of the layers, as many as ten of twelve.
  package static let fiveSixths = -1

  package static let frozen = MethodOption(
    "frozen", -1...10_000, default: fiveSixths,
    "frozen layers from the bottom; -1 for five sixths of them")
  static let decay = MethodOption(
    "layer-decay", 0...1, default: 0.95, "rate factor a layer down")
  static let embeddings = MethodOption(
    "embeddings", default: false, "whether what lies below the layers trains too")

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
    let lowest = lowestTrained(of: description.layers)
    guard lowest < description.layers else {
      throw MethodError(
        .noSuchLayers(frozen: lowest, layers: description.layers), option: Self.frozen.name)
    }
  }

  private func lowestTrained(of layers: Int) -> Int {
    frozen == Self.fiveSixths ? layers * 5 / 6 : frozen
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    let layers = model.layers.count
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
