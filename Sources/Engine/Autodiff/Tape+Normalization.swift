extension Tape {
  /// Scales every row to unit root mean square: `y = x / √(mean(x²) + ε) ⊙ w`.
  ///
  /// Zhang and Sennrich 2019, "Root mean square layer normalization", arXiv:1910.07467, equation 4.
  ///
  /// - Parameters:
  ///   - x: `[tokens, width]`.
  ///   - weight: `[1, width]`.
  ///   - epsilon: `ε`.
  /// - Returns: `[tokens, width]`.
  @_specialize(where Scalar == Float)
  package func rmsNormalized(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, epsilon: Scalar
  ) -> Tensor<Scalar> {
    normalized(x, weight: weight, bias: nil, epsilon: epsilon, centred: false)
  }

  /// Standardizes every row: `y = (x − mean) / √(variance + ε) ⊙ w + b`.
  ///
  /// Ba, Kiros and Hinton 2016, "Layer normalization", arXiv:1607.06450, equation 4.
  ///
  /// - Parameters:
  ///   - x: `[tokens, width]`.
  ///   - weight: `[1, width]`.
  ///   - bias: `[1, width]`.
  ///   - epsilon: `ε`.
  /// - Returns: `[tokens, width]`.
  @_specialize(where Scalar == Float)
  package func layerNormalized(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>, epsilon: Scalar
  ) -> Tensor<Scalar> {
    normalized(x, weight: weight, bias: bias, epsilon: epsilon, centred: true)
  }

  /// With `x̂ = (x − μ) ρ` and `g = dy ⊙ w`: `dx = ρ (g − mean(g) − x̂ mean(g ⊙ x̂))`, where the first
  /// mean is absent when rows are not centred.
  @inline(__always)
  private func normalized(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, epsilon: Scalar,
    centred: Bool
  ) -> Tensor<Scalar> {
    let (tokens, width) = (x.rows, x.columns)
    precondition(weight.count == width, "normalization of \(width) with \(weight.count) weights")
    let needs =
      x.requiresGradient || weight.requiresGradient || bias?.requiresGradient ?? false
    let y = result(rows: tokens, columns: width, requiresGradient: needs)
    let statistics = Storage<Scalar>(2 * tokens, .activations, in: ledger)  // mean, 1/deviation
    for t in 0..<tokens {
      let row = UnsafePointer(x.start + t &* width)
      let (mean, scale) = RowStatistics.of(row, count: width, epsilon: epsilon, centred: centred)
      statistics.start[2 &* t] = mean
      statistics.start[2 &* t &+ 1] = scale
      RowStatistics.apply(
        row, mean: mean, scale: scale, weight: weight.start, bias: bias?.start,
        to: y.start + t &* width, count: width)
    }
    guard needs else { return y }
    record { [ledger] in
      guard let dy = y.gradient?.baseAddress else { return }
      let dw = weight.requiresGradient ? weight.clearedGradientForWriting() : nil
      let db =
        bias.flatMap { $0.requiresGradient ? $0.clearedGradientForWriting() : nil }
      let dx = x.requiresGradient ? x.clearedGradientForWriting() : nil
      Storage<Scalar>.withWorkspace(2 * width, in: ledger) { standard in
        let g = standard + width
        for t in 0..<tokens {
          let gradient = UnsafePointer(dy + t &* width)
          let (mean, scale) = (statistics.start[2 &* t], statistics.start[2 &* t &+ 1])
          let (row, factors) = (x.start + t &* width, weight.start)
          for i in 0..<width { standard[i] = (row[i] - mean) * scale }
          for i in 0..<width { g[i] = gradient[i] * factors[i] }
          if let dw { for i in 0..<width { dw[i] += gradient[i] * standard[i] } }
          if let db { Elementwise.add(gradient, to: db, count: width) }
          guard let dx else { continue }
          let (sum, product) = RowStatistics.sums(g, standard, count: width)
          let meanGradient = centred ? sum / Scalar(width) : 0
          let meanProduct = product / Scalar(width)
          let target = dx + t &* width
          for i in 0..<width {
            target[i] += scale * (g[i] - meanGradient - standard[i] * meanProduct)
          }
        }
      }
    }
    return y
  }
}

/// Sums over one row, kept in eight running sums so that they vectorize.
private enum RowStatistics {
  @inline(__always)
  static func of<Scalar: EngineScalar>(
    _ row: UnsafePointer<Scalar>, count: Int, epsilon: Scalar, centred: Bool
  ) -> (mean: Scalar, scale: Scalar) {
    var mean = Scalar.zero
    if centred {
      var sums = SIMD8<Scalar>.zero
      var i = 0
      while i &+ 8 <= count {
        sums += Elementwise.load(row, i)
        i &+= 8
      }
      mean = sums.sum()
      while i < count {
        mean += row[i]
        i &+= 1
      }
      mean /= Scalar(count)
    }
    var squares = SIMD8<Scalar>.zero
    var i = 0
    while i &+ 8 <= count {
      let v = Elementwise.load(row, i) - mean
      squares += v * v
      i &+= 8
    }
    var square = squares.sum()
    while i < count {
      square += (row[i] - mean) * (row[i] - mean)
      i &+= 1
    }
    return (mean, 1 / (square / Scalar(count) + epsilon).squareRoot())
  }

  @inline(__always)
  static func apply<Scalar: EngineScalar>(
    _ row: UnsafePointer<Scalar>, mean: Scalar, scale: Scalar, weight: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if let bias {
      for i in 0..<count { y[i] = (row[i] - mean) * scale * weight[i] + bias[i] }
    } else {
      for i in 0..<count { y[i] = (row[i] - mean) * scale * weight[i] }
    }
  }

  @inline(__always)
  static func sums<Scalar: EngineScalar>(
    _ g: UnsafePointer<Scalar>, _ standard: UnsafePointer<Scalar>, count: Int
  ) -> (sum: Scalar, product: Scalar) {
    var (sums, products) = (SIMD8<Scalar>.zero, SIMD8<Scalar>.zero)
    var i = 0
    while i &+ 8 <= count {
      let v = Elementwise.load(g, i)
      sums += v
      products += v * Elementwise.load(standard, i)
      i &+= 8
    }
    var (sum, product) = (sums.sum(), products.sum())
    while i < count {
      sum += g[i]
      product += g[i] * standard[i]
      i &+= 1
    }
    return (sum, product)
  }
}
