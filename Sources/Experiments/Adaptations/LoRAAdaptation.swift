import Engine

/// Trains low-rank additions beside frozen weights.
///
/// Hu et al. 2021, "LoRA", arXiv:2106.09685; `scaling: rslora` divides by `√r` instead of `r`
/// (Kalajdzievski 2023, arXiv:2312.03732); `magnitude` trains the lengths of the rows apart
/// (Liu et al. 2024, "DoRA", arXiv:2402.09353); `b-rate-factor` lets `B` learn faster than `A`
/// (Hayou et al. 2024, "LoRA+", arXiv:2402.12354).
struct LoRAAdaptation: Adaptation {
  static let name = "lora"
  static let trains = true
  static let freezesMatrices = true
  static let options = [
    OptionSpecification("rank", .integer(1...65_536), default: .integer(8), "r"),
    OptionSpecification("alpha", .number(0...1e6), default: .number(8), "α of the scale α / r"),
    OptionSpecification(
      "dropout", .number(0...0.99), default: .number(0.1), "on the addition's input"),
    OptionSpecification(
      "scaling", .choice(["standard", "rslora"]), default: .text("standard"), "α/r or α/√r"),
    OptionSpecification("magnitude", .flag, default: .flag(false), "whether row lengths train"),
    OptionSpecification(
      "b-rate-factor", .number(0...1e4), default: .number(1), "B's learning rate over A's"),
    OptionSpecification(
      "targets", .choices(["query", "key", "value", "output", "gate", "up", "down"]),
      default: .list([.text("query"), .text("value")]), "the matrices that get an addition"),
  ]

  private let rank: Int
  private let scale: Float
  private let dropout: Double
  private let magnitude: Bool
  private let rateFactor: Double
  private let targets: Set<String>

  init(_ options: ResolvedOptions) {
    rank = options.integer("rank")
    let divisor = Double(rank)
    let alpha = options.number("alpha")
    scale = Float(
      options.text("scaling") == "rslora" ? alpha / divisor.squareRoot() : alpha / divisor)
    dropout = options.number("dropout")
    magnitude = options.values["magnitude"] == .flag(true)
    rateFactor = options.number("b-rate-factor")
    targets = Set(options.texts("targets"))
  }

  func check(_ description: ModelDescription) throws(MethodError) {
    let (heads, keys) = (description.heads, description.keyValueHeads)
    let outputs = [
      "query": heads * description.headWidth, "key": keys * description.headWidth,
      "value": keys * description.headWidth, "output": heads * description.headWidth,
      "gate": description.feedForwardWidth, "up": description.feedForwardWidth,
      "down": description.feedForwardWidth,
    ]
    guard description.isGated || !targets.contains("gate") else {
      throw MethodError(
        .invalidValue(
          .text("gate"),
          expectation: "matrices the model has, and its feed-forward block has no gate"),
        option: "targets")
    }
    let limit = min(description.width, targets.compactMap { outputs[$0] }.min() ?? 0)
    guard rank <= limit else {
      throw MethodError(.rankOutOfRange(rank, limit: limit), option: "rank")
    }
  }

  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    var groups: [AdamW<Float>.Group] = []
    for (index, layer) in model.layers.enumerated() {
      for (part, linear) in layer.linearLayers where targets.contains(part.rawValue) {
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
