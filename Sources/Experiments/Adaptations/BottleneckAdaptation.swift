import Engine

/// Trains small networks behind the blocks of every layer.
///
/// Houlsby et al. 2019, arXiv:1902.00751, put one behind attention and one behind feed-forward;
/// Pfeiffer et al. 2021, "AdapterFusion", arXiv:2005.00247, the second only. Both train the layers'
/// normalizations as well where `norms` says so, as Houlsby's section 2 does.
struct BottleneckAdaptation: Adaptation {
  static let name = "adapter"
  static let trains = true
  static let freezesMatrices = true
  static let options = [
    OptionSpecification(
      "size", .integer(1...65_536), default: .integer(64), "width of the middle"),
    OptionSpecification(
      "places", .choice(["both", "feed-forward"]), default: .text("both"),
      "behind attention and feed-forward, or feed-forward only"),
    OptionSpecification(
      "activation", .choice(["relu", "gelu", "silu"]), default: .text("gelu"), "in the middle"),
    OptionSpecification("norms", .flag, default: .flag(false), "whether normalizations train too"),
  ]

  private let size: Int
  private let behindAttention: Bool
  private let activation: ModelDescription.Activation
  private let trainsNorms: Bool

  init(_ options: ResolvedOptions) {
    size = options.integer("size")
    behindAttention = options.text("places") == "both"
    activation = options.choice("activation")
    trainsNorms = options.values["norms"] == .flag(true)
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    func network(_ place: String, _ layer: Int) -> Bottleneck<Float> {
      Bottleneck(
        width: model.description.width, size: size, activation: activation, deviation: 0.01,
        random: RandomStream(seed: seed, purpose: "adapter \(place) \(layer)"), in: model.ledger)
    }
    for index in model.layers.indices {
      model.setAdapters(
        attention: behindAttention ? network("attention", index) : nil,
        feedForward: network("feed-forward", index), layer: index)
    }
    return model.parameters.compactMap { parameter in
      if trainsNorms, parameter.layer != nil, parameter.name.contains("-norm.") {
        parameter.tensor.requiresGradient = true
      }
      return parameter.tensor.requiresGradient ? AdamW.Group(parameter.tensor) : nil
    }
  }
}
