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
