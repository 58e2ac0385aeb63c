extension Tape {
  /// Multiplies by a weight matrix: `y = x Wᵀ + b`, added to `residual` when there is one.
  ///
  /// Frozen weights need no `dW` and keep no `x`, and an input that depends on nothing trainable needs no
  /// `dx`.
  ///
  /// - Parameters:
  ///   - x: `[tokens, inputs]`.
  ///   - weight: `[outputs, inputs]`, as Hugging Face stores a linear layer.
  ///   - bias: `[1, outputs]`.
  ///   - residual: `[tokens, outputs]`.
  ///   - isRepeatable: Whether the result may be forgotten and computed again, at the price of
  ///     another product; without a residual only.
  /// - Returns: `[tokens, outputs]`.
  @_specialize(where Scalar == Float)
  package func linear(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    residual: Tensor<Scalar>? = nil, isRepeatable: Bool = false
  ) -> Tensor<Scalar> {
    let (tokens, inputs, outputs) = (x.rows, weight.columns, weight.rows)
    precondition(x.columns == inputs, "linear: input \(x.columns), weight takes \(inputs)")
    precondition(bias.map { $0.count == outputs } ?? true, "linear: bias of another width")
    precondition(
      residual.map { $0.rows == tokens && $0.columns == outputs } ?? true,
      "linear: residual of another shape")
    let needs =
      x.requiresGradient || weight.requiresGradient || bias?.requiresGradient ?? false
      || residual?.requiresGradient ?? false
    let y = result(rows: tokens, columns: outputs, requiresGradient: needs)
    ledger.compute { Self.linear(x, weight, bias, residual, to: y.start) }
    guard needs else { return y }
    if isRepeatable, residual == nil {
      y.setRecipe(from: [x]) { Self.linear(x, weight, bias, nil, to: $0) }
    }
    let kept = weight.requiresGradient ? x : nil
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      let dw = kept.map { _ in weight.derivative.forWriting() }
      let input = kept?.start
      let db = bias.flatMap { $0.requiresGradient ? $0.derivative.cleared() : nil }
      let target = dx.isWanted ? dx.forWriting() : nil
      ledger.compute {
        let factor = weight.start
        // One division for all, so that threads wait for each other once.
        Parallel.parts(cost: 2 &* tokens &* inputs &* outputs) { part, parts in
          if let dw, let input,
            let block = Product.block(part, of: parts, rows: outputs, columns: inputs)
          {
            Product.multiply(
              block, MatrixView(gradient, .transposed, stride: outputs),
              MatrixView(input, stride: inputs), inner: tokens, beta: dw.holdsValue ? 1 : 0,
              into: dw.start, stride: inputs)
          }
          if let db {
            Rows.sum(part, of: parts, gradient, rows: tokens, columns: outputs, addingTo: db)
          }
          if let target,
            let block = Product.block(part, of: parts, rows: tokens, columns: inputs)
          {
            Product.multiply(
              block, MatrixView(gradient, stride: outputs), MatrixView(factor, stride: inputs),
              inner: outputs, beta: target.holdsValue ? 1 : 0, into: target.start, stride: inputs)
          }
        }
      }
      if let residual = residual?.derivative, residual.isWanted { residual.absorb(dy) }
    }
    return y
  }

  @inline(__always)
  private static func linear(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?,
    _ residual: Tensor<Scalar>?, to y: UnsafeMutablePointer<Scalar>
  ) {
    let (tokens, inputs, outputs) = (x.rows, weight.columns, weight.rows)
    let (from, factor) = (x.start, weight.start)
    let (offset, added) = (bias?.start, residual?.start)
    Product.blocks(rows: tokens, columns: outputs, inner: inputs) { block in
      begin(block, y, bias: offset, residual: added, stride: outputs)
      Product.multiply(
        block, MatrixView(from, stride: inputs), MatrixView(factor, .transposed, stride: inputs),
        inner: inputs, beta: offset == nil && added == nil ? 0 : 1, into: y, stride: outputs)
    }
  }

  /// Writes what a product is added to: residual, bias or both; nothing when there is neither.
  @inline(__always)
  static func begin(
    _ block: Product.Block, _ y: UnsafeMutablePointer<Scalar>, bias: UnsafePointer<Scalar>?,
    residual: UnsafePointer<Scalar>?, stride: Int
  ) {
    let (first, count) = (block.columns.lowerBound, block.columns.count)
    for row in block.rows {
      let start = row &* stride &+ first
      switch (residual, bias) {
      case (let residual?, let bias?):
        Elementwise.sum(residual + start, bias + first, to: y + start, count: count)
      case (let added?, nil): Elementwise.copy(added + start, to: y + start, count: count)
      case (nil, let bias?): Elementwise.copy(bias + first, to: y + start, count: count)
      case (nil, nil): return
      }
    }
  }

  /// Adds a low-rank product in place: `y += s · (x Aᵀ) Bᵀ`.
  ///
  /// Hu et al. 2021, "LoRA", arXiv:2106.09685, equation 3, with `s = α / r`. In place, since the
  /// gradient of `y` is that of the layer it is added to.
  ///
  /// - Parameters:
  ///   - y: `[tokens, outputs]`, fresh from ``linear(_:_:bias:residual:)``.
  ///   - x: `[tokens, inputs]`.
  ///   - a: `[rank, inputs]`.
  ///   - b: `[outputs, rank]`.
  ///   - scale: `s`.
  @_specialize(where Scalar == Float)
  func addLowRank(
    to y: Tensor<Scalar>, _ x: Tensor<Scalar>, a: Tensor<Scalar>, b: Tensor<Scalar>, scale: Scalar
  ) {
    let (tokens, inputs, outputs, rank) = (x.rows, x.columns, y.columns, a.rows)
    precondition(
      a.columns == inputs && b.rows == outputs && b.columns == rank && y.rows == tokens,
      "addLowRank: x \(tokens)×\(inputs), A \(a.rows)×\(a.columns), B \(b.rows)×\(b.columns)")
    let needs = x.requiresGradient || a.requiresGradient || b.requiresGradient
    let h = result(rows: tokens, columns: rank, requiresGradient: needs)
    ledger.compute {
      Product.multiply(
        MatrixView(x.start, stride: inputs), MatrixView(a.start, .transposed, stride: inputs),
        rows: tokens, columns: rank, inner: inputs, beta: 0, into: h.start, stride: rank)
      Product.multiply(
        MatrixView(h.start, stride: rank), MatrixView(b.start, .transposed, stride: rank),
        rows: tokens, columns: outputs, inner: rank, alpha: scale, beta: 1, into: y.start,
        stride: outputs)
    }
    // Without a record nothing else holds `h` while the product above reads it.
    guard needs else { return withExtendedLifetime(h) {} }
    y.requiresGradient = true
    let kept = a.requiresGradient ? x : nil
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      if b.requiresGradient {
        let (db, holdsValue) = b.derivative.forWriting()
        ledger.compute {
          Product.multiply(
            MatrixView(gradient, .transposed, stride: outputs), MatrixView(h.start, stride: rank),
            rows: outputs, columns: rank, inner: tokens, alpha: scale, beta: holdsValue ? 1 : 0,
            into: db, stride: rank)
        }
      }
      let dh = h.derivative.forWriting().start
      ledger.compute {
        Product.multiply(
          MatrixView(gradient, stride: outputs), MatrixView(b.start, stride: rank),
          rows: tokens, columns: rank, inner: outputs, alpha: scale, beta: 0, into: dh,
          stride: rank)
      }
      if let kept {
        let (da, holdsValue) = a.derivative.forWriting()
        let input = kept.start
        ledger.compute {
          Product.multiply(
            MatrixView(dh, .transposed, stride: rank), MatrixView(input, stride: inputs),
            rows: rank, columns: inputs, inner: tokens, beta: holdsValue ? 1 : 0, into: da,
            stride: inputs)
        }
      }
      if dx.isWanted {
        let (target, holdsValue) = dx.forWriting()
        ledger.compute {
          Product.multiply(
            MatrixView(dh, stride: rank), MatrixView(a.start, stride: inputs),
            rows: tokens, columns: inputs, inner: rank, beta: holdsValue ? 1 : 0, into: target,
            stride: inputs)
        }
      }
    }
  }
}
