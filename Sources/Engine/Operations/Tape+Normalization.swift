extension Tape {
  /// Scales every row to unit root mean square: `y = x / √(mean(x²) + ε) ⊙ w`.
  ///
  /// Zhang and Sennrich 2019, "Root mean square layer normalization", arXiv:1910.07467, equation 4.
  ///
  /// - Parameters:
  ///   - x: `[tokens, width]`, or several rows side by side: `[tokens, heads · width]`.
  ///   - weight: `[1, width]`.
  ///   - epsilon: `ε`.
  ///   - shift: Added to the weights: 1 in Gemma, whose factor is `1 + w`.
  /// - Returns: The shape of `x`.
  @_specialize(where Scalar == Float)
  func rmsNormalized(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, epsilon: Scalar, shift: Scalar = 0
  ) -> Tensor<Scalar> {
    normalized(x, weight: weight, bias: nil, epsilon: epsilon, centred: false, shift: shift)
  }

  /// Standardizes every row: `y = (x − mean) / √(variance + ε) ⊙ w + b`.
  ///
  /// Ba, Kiros and Hinton 2016, "Layer normalization", arXiv:1607.06450, equation 4.
  ///
  /// - Parameters:
  ///   - x: `[tokens, width]`.
  ///   - weight: `[1, width]`.
  ///   - bias: `[1, width]`; nil for none.
  ///   - epsilon: `ε`.
  /// - Returns: `[tokens, width]`.
  @_specialize(where Scalar == Float)
  func layerNormalized(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, epsilon: Scalar
  ) -> Tensor<Scalar> {
    normalized(x, weight: weight, bias: bias, epsilon: epsilon, centred: true, shift: 0)
  }

  /// With `x̂ = (x − μ) ρ` and `g = dy ⊙ w`: `dx = ρ (g − mean(g) − x̂ mean(g ⊙ x̂))`, where the first
  /// mean is absent when rows are not centred.
  @inline(__always)
  private func normalized(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, epsilon: Scalar,
    centred: Bool, shift: Scalar
  ) -> Tensor<Scalar> {
    let width = weight.count
    let tokens = x.rows * (x.columns / width)
    precondition(
      x.columns.isMultiple(of: width), "normalization of \(x.columns) with \(width) weights")
    let needs =
      x.requiresGradient || weight.requiresGradient || bias?.requiresGradient ?? false
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: needs)
    let statistics = Storage<Scalar>(2 * tokens, .activations, in: ledger)  // mean, 1/deviation
    let shifted = shift == 0 ? nil : result(rows: 1, columns: width, requiresGradient: false)
    if let shifted {
      ledger.compute {
        for i in 0..<width { shifted.start[i] = weight.start[i] + shift }
      }
    }
    let factor = shifted ?? weight
    ledger.compute {
      let (from, known) = (x.start, statistics.start)
      Parallel.ranges(tokens, cost: 4 * width) { rows in
        for t in rows {
          let (mean, scale) = RowStatistics.of(
            from + t &* width, count: width, epsilon: epsilon, centred: centred)
          known[2 &* t] = mean
          known[2 &* t &+ 1] = scale
        }
      }
      Self.standardize(x, statistics, factor, bias, to: y.start)
    }
    guard needs else { return y }
    y.setRecipe(from: [x]) { Self.standardize(x, statistics, factor, bias, to: $0) }
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      let dw = weight.requiresGradient ? weight.derivative.cleared() : nil
      let db = bias.flatMap { $0.requiresGradient ? $0.derivative.cleared() : nil }
      let (values, known, factors) = (x.start, statistics.start, factor.start)
      if dw != nil || db != nil {
        ledger.compute {
          Parallel.ranges(width, cost: 4 * tokens, multiple: 16) { columns in
            for t in 0..<tokens {
              let (row, g) = (values + t &* width, gradient + t &* width)
              let (mean, scale) = (known[2 &* t], known[2 &* t &+ 1])
              if let dw { for i in columns { dw[i] += g[i] * ((row[i] - mean) * scale) } }
              if let db { for i in columns { db[i] += g[i] } }
            }
          }
        }
      }
      guard dx.isWanted else { return }
      let target = dx.cleared()
      ledger.compute {
        Parallel.ranges(tokens, cost: 8 * width) { rows in
          for t in rows {
            RowStatistics.addGradient(
              values + t &* width, mean: known[2 &* t], scale: known[2 &* t &+ 1],
              gradient + t &* width, factors, to: target + t &* width, count: width,
              centred: centred)
          }
        }
      }
    }
    return y
  }

  private static func standardize(
    _ x: Tensor<Scalar>, _ statistics: Storage<Scalar>, _ weight: Tensor<Scalar>,
    _ bias: Tensor<Scalar>?, to y: UnsafeMutablePointer<Scalar>
  ) {
    let width = weight.count
    let (from, known) = (x.start, statistics.start)
    let (factors, offset) = (weight.start, bias?.start)
    Parallel.ranges(x.count / width, cost: 4 * width) { rows in
      for t in rows {
        RowStatistics.apply(
          from + t &* width, mean: known[2 &* t], scale: known[2 &* t &+ 1], weight: factors,
          bias: offset, to: y + t &* width, count: width)
      }
    }
    withExtendedLifetime(statistics) {}
  }
}
