import Engine

/// Trains low-rank additions beside frozen weights.
///
/// Hu et al. 2021, "LoRA", arXiv:2106.09685; `scaling: rslora` divides by `√r` instead of `r`
/// (Kalajdzievski 2023, arXiv:2312.03732).
struct LoRAAdaptation: Adaptation {
  static let name = "lora"
  static let trains = true
  static let options = [
    OptionSpecification("rank", .integer(1...65_536), default: .integer(8), "r"),
    OptionSpecification("alpha", .number(0...1e6), default: .number(8), "α of the scale α / r"),
    OptionSpecification(
      "dropout", .number(0...0.99), default: .number(0.1), "on the addition's input"),
    OptionSpecification(
      "scaling", .choice(["standard", "rslora"]), default: .text("standard"), "α/r or α/√r"),
    OptionSpecification(
      "targets", .choices(["query", "key", "value", "output", "gate", "up", "down"]),
      default: .list([.text("query"), .text("value")]), "the matrices that get an addition"),
  ]

  private let rank: Int
  private let scale: Float
  private let dropout: Double
  private let targets: Set<String>

  init(_ options: ResolvedOptions) {
    rank = options.integer("rank")
    let divisor = Double(rank)
    let alpha = options.number("alpha")
    scale = Float(
      options.text("scaling") == "rslora" ? alpha / divisor.squareRoot() : alpha / divisor)
    dropout = options.number("dropout")
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
          in: model.ledger)
        for tensor in [linear.lowRank?.a, linear.lowRank?.b].compactMap(\.self) {
          groups.append(AdamW.Group(tensor))
        }
      }
    }
    return groups
  }
}
