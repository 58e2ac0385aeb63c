/// Weights a model begins its pre-training with.
///
/// Matrices are normal with deviation `1/√inputs`, so that a narrow model's attention is not uniform at
/// the beginning and learns soon (LeCun et al. 1998, "Efficient BackProp", equation 16); those that add
/// to the residual stream are divided by `√(2L)` (Radford et al. 2019, section 2.3), tables have
/// deviation 0.05; normalizations are one and biases zero.
///
/// Keys begin equal to queries, so that a token attends to those like it; what attention adds begins
/// as a copy of what was attended to, `W_O ∝ W_Vᵀ`; and words are scored with what they are read with.
/// So a small model finds in minutes how to look words up that it has read before, instead of in hours
/// (after Trockman and Kolter 2023, "Mimetic initialization of self-attention layers",
/// arXiv:2305.09828, with a copy instead of its negative). One head of each layer begins with
/// biases that turn it to the token before, half of what looking up takes (Olsson et al. 2022,
/// "In-context learning and induction heads", arXiv:2209.11895).
package struct InitialWeights: WeightSource {
  private static let tableDeviation = 0.05
  /// Squared lengths of the biases that find the token before, for the fastest-turning pairs of columns.
  private static let previousTokenSquares = [64.0, 32]
  /// What the words themselves weigh in that head.
  private static let previousTokenShare = 0.25
  private let seed: UInt64
  private let residualScale: Double
  private let headWidth: Int
  /// Base and width of the rotary embedding; nil without one, and then no head begins at the token before.
  private let rotary: (base: Double, width: Int)?

  /// - Parameters:
  ///   - seed: The same seed gives the same bits.
  ///   - description: Of the model.
  package init(seed: UInt64, for description: ModelDescription) {
    self.seed = seed
    residualScale = 1 / Double(2 * max(1, description.layers)).squareRoot()
    headWidth = description.headWidth
    if case .rotary(let positions) = description.positions {
      rotary = (positions.base, positions.width)
    } else {
      rotary = nil
    }
  }

  package func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(Never) -> Tensor<Float> {
    let tensor = Tensor<Float>(rows: rows, columns: columns, category: .weights, in: ledger)
    let values = tensor.elements
    if case .bias(let weight) = slot {
      values.update(repeating: 0)
      turnToPrevious(weight, values)
    } else if slot.isVector {
      values.update(repeating: 1)
    } else if case .layer(let layer, .output) = slot, rows == columns {
      let read = normals(.layer(layer, .value), count: values.count)
      for i in 0..<rows {
        for j in 0..<columns {
          values[i * columns + j] = Float(deviation(slot, columns) * read[j * rows + i])
        }
      }
    } else {
      let deviation = deviation(slot, columns)
      for (i, normal) in normals(slot.like, count: values.count).enumerated() {
        values[i] = Float(deviation * normal)
      }
      if rotary != nil, slot.decidesAttention {
        for i in 0..<(headWidth * columns) { values[i] *= Float(Self.previousTokenShare) }
      }
    }
    return tensor
  }

  /// Sets the first head's biases so that `cos((j − i + 1) θ)` decides how much token `i` sees of `j`.
  private func turnToPrevious(_ slot: WeightSlot, _ bias: UnsafeMutableBufferPointer<Float>) {
    guard let rotary, slot.decidesAttention else { return }
    let half = rotary.width / 2
    for (i, square) in Self.previousTokenSquares.enumerated() where i < half {
      let angle = Double.exp(-Double.log(rotary.base) * Double(2 * i) / Double(rotary.width))
      let turn = slot.isKey ? angle : 0
      bias[i] = Float(square.squareRoot() * Double.cosine(turn))
      bias[i + half] = Float(square.squareRoot() * Double.sine(turn))
    }
  }

  private func deviation(_ slot: WeightSlot, _ columns: Int) -> Double {
    slot.isTable
      ? Self.tableDeviation
      : (slot.addsToResidual ? residualScale : 1) / Double(columns).squareRoot()
  }

  private func normals(_ slot: WeightSlot, count: Int) -> [Double] {
    var random = RandomStream(seed: seed, purpose: "initial \(slot)")
    return (0..<count).map { _ in random.normal() }
  }
}

extension WeightSlot {
  fileprivate var isKey: Bool {
    if case .layer(_, .key) = self { true } else { false }
  }

  /// Whether it makes queries or keys.
  fileprivate var decidesAttention: Bool {
    if case .layer(_, .query) = self { true } else { isKey }
  }

  /// The weight this one begins with the numbers of.
  fileprivate var like: WeightSlot {
    switch self {
    case .layer(let layer, .key): .layer(layer, .query)
    case .output: .tokenEmbedding
    default: self
    }
  }

  /// Whether the matrix's product is added to the residual stream.
  fileprivate var addsToResidual: Bool {
    switch self {
    case .layer(_, .output), .layer(_, .down): true
    default: false
    }
  }
}
