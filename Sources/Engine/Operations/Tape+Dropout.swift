extension Tape {
  /// Zeroes elements with the given probability and scales the rest by `1 / (1 − p)`.
  ///
  /// Srivastava et al. 2014, "Dropout", JMLR 15, in its inverted form. The mask is not stored: the
  /// stream is counter-based, so backward draws it again.
  ///
  /// - Parameters:
  ///   - x: Any shape.
  ///   - probability: Of an element to be zeroed, in [0, 1).
  ///   - stream: Element `i` uses number `i` of it.
  /// - Returns: The shape of `x`.
  @_specialize(where Scalar == Float)
  package func droppedOut(
    _ x: Tensor<Scalar>, probability: Double, stream: RandomStream
  ) -> Tensor<Scalar> {
    precondition(probability >= 0 && probability < 1, "dropout probability \(probability)")
    guard probability > 0 else { return x }
    let threshold = UInt64(probability * 0x1p53)
    let scale = Scalar(1 / (1 - probability))
    let count = x.count
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: x.requiresGradient)
    let drop = { (to: UnsafeMutablePointer<Scalar>) in
      let from = x.start
      Parallel.ranges(count, cost: 8) { range in
        for i in range {
          to[i] = stream.bits(at: UInt64(i)) >> 11 < threshold ? 0 : from[i] * scale
        }
      }
    }
    ledger.compute { drop(y.start) }
    y.setRecipe(from: [x], drop)
    guard x.requiresGradient else { return y }
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      let target = dx.cleared()
      ledger.compute {
        Parallel.ranges(count, cost: 8) { range in
          for i in range where stream.bits(at: UInt64(i)) >> 11 >= threshold {
            target[i] += gradient[i] * scale
          }
        }
      }
    }
    return y
  }
}
