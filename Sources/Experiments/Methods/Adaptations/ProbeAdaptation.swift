import Engine

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
