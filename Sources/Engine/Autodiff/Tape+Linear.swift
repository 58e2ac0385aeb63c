extension Tape {
  /// Multiplies by a weight matrix: `y = x Wᵀ + b`, added to `residual` when there is one.
  ///
  /// Frozen weights cost no `dW`, and an input nothing trainable leads to costs no `dx`.
  ///
  /// - Parameters:
  ///   - x: `[tokens, inputs]`.
  ///   - weight: `[outputs, inputs]`, as Hugging Face stores a linear layer.
  ///   - bias: `[1, outputs]`.
  ///   - residual: `[tokens, outputs]`.
  /// - Returns: `[tokens, outputs]`.
  @_specialize(where Scalar == Float)
  package func linear(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    residual: Tensor<Scalar>? = nil
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
    if let residual {
      Elementwise.copy(residual.start, to: y.start, count: y.count)
    }
    if let bias {
      Rows.spread(bias.start, to: y.start, rows: tokens, columns: outputs, adding: residual != nil)
    }
    Scalar.multiply(
      MatrixView(x.start, stride: inputs), MatrixView(weight.start, .transposed, stride: inputs),
      rows: tokens, columns: outputs, inner: inputs, alpha: 1,
      beta: bias == nil && residual == nil ? 0 : 1, into: y.start, stride: outputs)
    guard needs else { return y }
    record {
      guard let dy = y.gradient?.baseAddress else { return }
      if weight.requiresGradient {
        let (dw, holdsValue) = weight.gradientForWriting()
        Scalar.multiply(
          MatrixView(dy, .transposed, stride: outputs), MatrixView(x.start, stride: inputs),
          rows: outputs, columns: inputs, inner: tokens, alpha: 1, beta: holdsValue ? 1 : 0,
          into: dw, stride: inputs)
      }
      if let bias, bias.requiresGradient {
        Rows.sum(dy, rows: tokens, columns: outputs, addingTo: bias.clearedGradientForWriting())
      }
      if x.requiresGradient {
        let (dx, holdsValue) = x.gradientForWriting()
        Scalar.multiply(
          MatrixView(dy, stride: outputs), MatrixView(weight.start, stride: inputs),
          rows: tokens, columns: inputs, inner: outputs, alpha: 1, beta: holdsValue ? 1 : 0,
          into: dx, stride: inputs)
      }
      if let residual, residual.requiresGradient { residual.addToGradient(dy) }
    }
    return y
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
  package func addLowRank(
    to y: Tensor<Scalar>, _ x: Tensor<Scalar>, a: Tensor<Scalar>, b: Tensor<Scalar>, scale: Scalar
  ) {
    let (tokens, inputs, outputs, rank) = (x.rows, x.columns, y.columns, a.rows)
    precondition(
      a.columns == inputs && b.rows == outputs && b.columns == rank && y.rows == tokens,
      "addLowRank: x \(tokens)×\(inputs), A \(a.rows)×\(a.columns), B \(b.rows)×\(b.columns)")
    let needs = x.requiresGradient || a.requiresGradient || b.requiresGradient
    let h = result(rows: tokens, columns: rank, requiresGradient: needs)
    Scalar.multiply(
      MatrixView(x.start, stride: inputs), MatrixView(a.start, .transposed, stride: inputs),
      rows: tokens, columns: rank, inner: inputs, alpha: 1, beta: 0, into: h.start, stride: rank)
    Scalar.multiply(
      MatrixView(h.start, stride: rank), MatrixView(b.start, .transposed, stride: rank),
      rows: tokens, columns: outputs, inner: rank, alpha: scale, beta: 1, into: y.start,
      stride: outputs)
    // Without a record nothing else holds `h` while the product above reads it.
    guard needs else { return withExtendedLifetime(h) {} }
    y.requiresGradient = true
    record {
      guard let dy = y.gradient?.baseAddress else { return }
      if b.requiresGradient {
        let (db, holdsValue) = b.gradientForWriting()
        Scalar.multiply(
          MatrixView(dy, .transposed, stride: outputs), MatrixView(h.start, stride: rank),
          rows: outputs, columns: rank, inner: tokens, alpha: scale, beta: holdsValue ? 1 : 0,
          into: db, stride: rank)
      }
      let dh = h.gradientForWriting().start
      Scalar.multiply(
        MatrixView(dy, stride: outputs), MatrixView(b.start, stride: rank),
        rows: tokens, columns: rank, inner: outputs, alpha: scale, beta: 0, into: dh, stride: rank)
      if a.requiresGradient {
        let (da, holdsValue) = a.gradientForWriting()
        Scalar.multiply(
          MatrixView(dh, .transposed, stride: rank), MatrixView(x.start, stride: inputs),
          rows: rank, columns: inputs, inner: tokens, alpha: 1, beta: holdsValue ? 1 : 0,
          into: da, stride: inputs)
      }
      if x.requiresGradient {
        let (dx, holdsValue) = x.gradientForWriting()
        Scalar.multiply(
          MatrixView(dh, stride: rank), MatrixView(a.start, stride: inputs),
          rows: tokens, columns: inputs, inner: rank, alpha: 1, beta: holdsValue ? 1 : 0, into: dx,
          stride: inputs)
      }
    }
  }
}
