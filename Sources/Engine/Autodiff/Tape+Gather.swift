extension Tape {
  /// Picks rows of a table: `y_i = x_{rows_i}`; a row may be picked several times.
  ///
  /// Used for token embeddings, for the hidden state at each sequence's last token, and for the
  /// label words' rows of an output matrix.
  ///
  /// - Parameters:
  ///   - x: `[any, width]`.
  ///   - rows: Row numbers of `x`.
  /// - Returns: `[rows.count, width]`.
  @_specialize(where Scalar == Float)
  package func gathered(_ x: Tensor<Scalar>, rows: [Int]) -> Tensor<Scalar> {
    let width = x.columns
    let y = result(rows: rows.count, columns: width, requiresGradient: x.requiresGradient)
    for (i, row) in rows.enumerated() {
      precondition(row >= 0 && row < x.rows, "gathered: row \(row) of \(x.rows)")
      Elementwise.copy(x.start + row &* width, to: y.start + i &* width, count: width)
    }
    guard x.requiresGradient else { return y }
    record {
      guard let dy = y.gradient?.baseAddress else { return }
      let dx = x.clearedGradientForWriting()
      for (i, row) in rows.enumerated() {
        Elementwise.add(dy + i &* width, to: dx + row &* width, count: width)
      }
    }
    return y
  }

  /// Adds two tensors of one shape.
  @_specialize(where Scalar == Float)
  package func sum(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(a.rows == b.rows && a.columns == b.columns, "sum: unlike shapes")
    let needs = a.requiresGradient || b.requiresGradient
    let y = result(rows: a.rows, columns: a.columns, requiresGradient: needs)
    Elementwise.copy(a.start, to: y.start, count: y.count)
    Elementwise.add(b.start, to: y.start, count: y.count)
    guard needs else { return y }
    record {
      guard let dy = y.gradient?.baseAddress else { return }
      if a.requiresGradient { a.addToGradient(dy) }
      if b.requiresGradient { b.addToGradient(dy) }
    }
    return y
  }

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
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: x.requiresGradient)
    for i in 0..<x.count {
      y.start[i] = stream.bits(at: UInt64(i)) >> 11 < threshold ? 0 : x.start[i] * scale
    }
    guard x.requiresGradient else { return y }
    record {
      guard let dy = y.gradient?.baseAddress else { return }
      let dx = x.clearedGradientForWriting()
      for i in 0..<x.count where stream.bits(at: UInt64(i)) >> 11 >= threshold {
        dx[i] += dy[i] * scale
      }
    }
    return y
  }
}
