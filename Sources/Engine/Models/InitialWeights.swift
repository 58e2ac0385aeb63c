/// Weights a model begins its pre-training with.
///
/// Matrices and tables are normal with deviation 0.02, those that add to the residual stream with
/// `0.02 / √(2L)`; normalizations are one and biases zero. Radford et al. 2019, "Language models are
/// unsupervised multitask learners", section 2.3.
package struct InitialWeights: WeightSource {
  private static let deviation = 0.02
  private let seed: UInt64
  private let residualDeviation: Double

  /// - Parameters:
  ///   - seed: The same seed gives the same bits.
  ///   - layers: `L`, the number of layers.
  package init(seed: UInt64, layers: Int) {
    self.seed = seed
    residualDeviation = Self.deviation / Double(2 * max(1, layers)).squareRoot()
  }

  package func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(Never) -> Tensor<Float> {
    let tensor = Tensor<Float>(rows: rows, columns: columns, category: .weights, in: ledger)
    let values = tensor.elements
    if case .bias = slot {
      values.update(repeating: 0)
    } else if slot.isVector {
      values.update(repeating: 1)
    } else {
      var random = RandomStream(seed: seed, purpose: "initial \(slot)")
      let deviation = slot.addsToResidual ? residualDeviation : Self.deviation
      for i in values.indices { values[i] = Float(deviation * random.normal()) }
    }
    return tensor
  }
}

extension WeightSlot {
  /// Whether the matrix's product is added to the residual stream.
  fileprivate var addsToResidual: Bool {
    switch self {
    case .layer(_, .output), .layer(_, .down): true
    default: false
    }
  }
}
