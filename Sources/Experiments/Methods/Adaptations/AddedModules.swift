import Engine

/// Trains bottleneck adapters after the blocks of every layer.
///
/// Houlsby et al. 2019, arXiv:1902.00751, put one after attention and one after feed-forward;
/// Pfeiffer et al. 2021, "AdapterFusion", arXiv:2005.00247, the second only. Both train the layers'
/// normalizations as well if `norms` is true, as in Houlsby's section 2.
struct BottleneckAdaptation: Adaptation {
  static let name = "adapter"
  static let trains = true
  static let freezesMatrices = true

  /// The blocks that a network follows.
  enum Places: String, OptionChoice {
    case both
    case feedForward = "feed-forward"
  }

  enum Activation: String, OptionChoice {
    case relu
    case gelu
    case silu

    var function: Engine.Activation {
      switch self {
      case .relu: .relu
      case .gelu: .gelu
      case .silu: .silu
      }
    }
  }

  static let size = MethodOption("size", 1...65_536, default: 64, "bottleneck width")
  static let places = MethodOption<Places>(
    "places", default: .both, "after attention and feed-forward, or after feed-forward only")
  static let activation = MethodOption<Activation>(
    "activation", default: .gelu, "in the middle")
  static let norms = MethodOption(
    "norms", default: false, "whether normalizations train too")

  static let options: [any DeclaredOption] = [size, places, activation, norms]

  private let size: Int
  private let behindAttention: Bool
  private let activation: Engine.Activation
  private let trainsNorms: Bool

  init(_ options: ResolvedOptions) {
    size = options[Self.size]
    behindAttention = options[Self.places] == .both
    activation = options[Self.activation].function
    trainsNorms = options[Self.norms]
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

/// Trains factors of keys, values and the feed-forward block's inner states.
///
/// Liu et al. 2022, "(IA)³", arXiv:2205.05638, section 3.3: `k ⊙ l_k`, `v ⊙ l_v`, and `l_ff` on what
/// the feed-forward block's last matrix reads; all begin at 1.
struct RescalingAdaptation: Adaptation {
  static let name = "ia3"
  static let trains = true
  static let freezesMatrices = true

  init(_ options: ResolvedOptions) {}

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    return model.ownLayers.flatMap { layer in
      layer.key.attachRescaling(ofInputs: false, in: model.ledger)
      layer.value.attachRescaling(ofInputs: false, in: model.ledger)
      layer.down.attachRescaling(ofInputs: true, in: model.ledger)
      return [layer.key, layer.value, layer.down].compactMap { linear in
        linear.rescaling.map { AdamW.Group($0.factors) }
      }
    }
  }
}
