import Engine

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
    return model.layers.flatMap { layer in
      layer.key.attachRescaling(ofInputs: false, in: model.ledger)
      layer.value.attachRescaling(ofInputs: false, in: model.ledger)
      layer.down.attachRescaling(ofInputs: true, in: model.ledger)
      return [layer.key, layer.value, layer.down].compactMap { linear in
        linear.rescaling.map { AdamW.Group($0.factors) }
      }
    }
  }
}
