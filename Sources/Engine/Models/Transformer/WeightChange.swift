/// What an adapter does to a weight of the model itself.
///
/// Tables, normalizations, biases and the output matrix have no addition beside them that could train;
/// what was trained of them replaces them or is added to them once.
package struct WeightChange: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    /// Takes the weight's place, row by row.
    case values([Float])
    /// Take the place of some rows.
    case rows([Int], Adapter.Matrix)
    /// `scale · B A` is added.
    case product(b: Adapter.Matrix, a: Adapter.Matrix, scale: Double)
  }

  let slot: WeightSlot
  let content: Content
  /// Whether a tied output matrix changes along with the token embedding.
  let keepsTie: Bool

  init(slot: WeightSlot, _ content: Content, keepsTie: Bool = false) {
    self.slot = slot
    self.content = content
    self.keepsTie = keepsTie
  }
}

extension Transformer where Scalar == Float {
  /// Changes weights as an adapter says.
  ///
  /// - Precondition: None of them is quantized.
  func apply(_ changes: [WeightChange]) {
    let touchesOneSide = changes.contains {
      !$0.keepsTie && ($0.slot == .output || $0.slot == .tokenEmbedding)
    }
    if touchesOneSide { untie() }
    let tensors = Dictionary(weights.map { ($0.slot, $0.tensor) }) { first, _ in first }
    for change in changes {
      guard let tensor = tensors[change.slot] else {
        preconditionFailure("no weight at \(change.slot) to change")
      }
      ledger.compute { change.content.apply(to: tensor) }
    }
  }
}

extension WeightChange.Content {
  fileprivate func apply(to tensor: Tensor<Float>) {
    let elements = tensor.elements
    switch self {
    case .values(let values):
      precondition(values.count == elements.count, "\(values.count) values for \(elements.count)")
      for i in values.indices { elements[i] = values[i] }
    case .rows(let rows, let matrix):
      for (index, row) in rows.enumerated() {
        for i in 0..<matrix.columns {
          elements[row * matrix.columns + i] = matrix.values[index * matrix.columns + i]
        }
      }
    case .product(let b, let a, let scale):
      b.values.withUnsafeBufferPointer { b in
        a.values.withUnsafeBufferPointer { a in
          guard let left = b.baseAddress, let right = a.baseAddress else { return }
          let inner = a.count / tensor.columns
          Product.multiply(
            MatrixView(left, stride: inner), MatrixView(right, stride: tensor.columns),
            rows: tensor.rows, columns: tensor.columns, inner: inner, alpha: Float(scale), beta: 1,
            into: tensor.start, stride: tensor.columns)
        }
      }
    }
  }
}
