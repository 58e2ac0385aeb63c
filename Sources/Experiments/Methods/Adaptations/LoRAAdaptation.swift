import Engine

/// Trains low-rank updates of frozen weights.
///
/// Hu et al. 2021, "LoRA", arXiv:2106.09685; `scaling: rslora` divides by `√r` instead of `r`
/// (Kalajdzievski 2023, arXiv:2312.03732); `magnitude` trains the lengths of the rows separately
/// (Liu et al. 2024, "DoRA", arXiv:2402.09353); `b-rate-factor` lets `B` learn faster than `A`
/// (Hayou et al. 2024, "LoRA+", arXiv:2402.12354).
struct LoRAAdaptation: Adaptation {
  static let name = "lora"
  static let trains = true
  static let freezesMatrices = true

  /// What `α` is divided by.
  enum Scaling: String, OptionChoice {
    case standard
    case rslora
  }

  /// A matrix that can get an addition.
  enum Target: String, OptionChoice {
    case query
    case key
    case value
    case output
    case gate
    case up
    case down

    /// The matrix in the engine's words.
    var part: WeightSlot.Part {
      switch self {
      case .query: .query
      case .key: .key
      case .value: .value
      case .output: .output
      case .gate: .gate
      case .up: .up
      case .down: .down
      }
    }

    /// Rows of the matrix in a model.
    func outputs(in description: ModelDescription) -> Int {
      switch self {
      case .query, .output: description.heads * description.headWidth
      case .key, .value: description.keyValueHeads * description.headWidth
      case .gate, .up, .down: description.feedForwardWidth
      }
    }
  }

  static let rank = MethodOption("rank", 1...65_536, default: 8, "r")
  static let alpha = MethodOption<Double>("alpha", 0...1e6, default: 8, "α of the scale α / r")
  static let dropout = MethodOption(
    "dropout", 0...0.99, default: 0.1, "on the input of the update")
  static let scaling = MethodOption<Scaling>("scaling", default: .standard, "α/r or α/√r")
  static let magnitude = MethodOption(
    "magnitude", default: false, "whether a magnitude vector trains")
  static let rateFactor = MethodOption<Double>(
    "b-rate-factor", 0...1e4, default: 1, "learning-rate ratio of B to A")
  static let targets = MethodOption<[Target]>(
    "targets", default: [.query, .value], "target modules")

  static let options: [any DeclaredOption] = [
    rank, alpha, dropout, scaling, magnitude, rateFactor, targets,
  ]

  private let rank: Int
  private let scale: Float
  private let dropout: Double
  private let magnitude: Bool
  private let rateFactor: Double
  private let targets: Set<Target>

  init(_ options: ResolvedOptions) {
    rank = options[Self.rank]
    let divisor = Double(rank)
    let alpha = options[Self.alpha]
    scale = Float(
      options[Self.scaling] == .rslora ? alpha / divisor.squareRoot() : alpha / divisor)
    dropout = options[Self.dropout]
    magnitude = options[Self.magnitude]
    rateFactor = options[Self.rateFactor]
    targets = Set(options[Self.targets])
  }

  func check(_ description: ModelDescription) throws(MethodError) {
    guard description.isGated || !targets.contains(.gate) else {
      throw MethodError(
        .invalidValue(
          Target.gate.optionValue,
          expectation: "matrices the model has, and its feed-forward block has no gate"),
        option: Self.targets.name)
    }
    let limit = targets.map { $0.outputs(in: description) }.reduce(description.width, min)
    guard rank <= limit else {
      throw MethodError(.rankOutOfRange(rank, limit: limit), option: Self.rank.name)
    }
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    let parts = Set(targets.map(\.part))
    var groups: [AdamW<Float>.Group] = []
    for (index, layer) in model.ownLayers.enumerated() {
      for (part, linear) in layer.linearLayers where parts.contains(part) {
        linear.attachLowRank(
          rank: rank, scale: scale, dropout: dropout,
          random: RandomStream(seed: seed, purpose: "lora \(index) \(part.rawValue)"),
          withMagnitude: magnitude, in: model.ledger)
        guard let added = linear.lowRank else { continue }
        groups += [AdamW.Group(added.a), AdamW.Group(added.b, rateScale: rateFactor)]
        if let lengths = added.magnitude?.lengths { groups.append(AdamW.Group(lengths)) }
      }
    }
    return groups
  }

  func resume(_ model: Transformer<Float>, from adapter: Adapter) -> [AdamW<Float>.Group] {
    guard case .lora(let lora) = adapter else {
      preconditionFailure("low-rank products cannot start from another kind of adapter")
    }
    model.setTrainable(false)
    model.attach(
      .lora(
        Adapter.LoRA(
          dropout: dropout, usesRankStabilization: lora.usesRankStabilization, parts: lora.parts)))
    return model.parameters.filter(\.tensor.requiresGradient).map {
      AdamW.Group($0.tensor, rateScale: $0.name.hasSuffix(".lora-b") ? rateFactor : 1)
    }
  }
}
