/// Weights a model begins its pre-training with.
///
/// Matrices are normal with deviation `1/√inputs`, so that a narrow model's attention is not uniform at
/// the beginning and learns soon (LeCun et al. 1998, "Efficient BackProp", equation 16); those that add
/// to the residual stream are divided by `√(2L)` (Radford et al. 2019, section 2.3), tables have
/// deviation 0.05; normalizations are one and biases zero.
package struct InitialWeights: WeightSource {
  private static let tableDeviation = 0.05
  private let seed: UInt64
  private let residualScale: Double

  /// - Parameters:
  ///   - seed: The same seed gives the same bits.
  ///   - layers: `L`, the number of layers.
  package init(seed: UInt64, layers: Int) {
    self.seed = seed
    residualScale = 1 / Double(2 * max(1, layers)).squareRoot()
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
      let deviation =
        slot.isTable
        ? Self.tableDeviation
        : (slot.addsToResidual ? residualScale : 1) / Double(columns).squareRoot()
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
