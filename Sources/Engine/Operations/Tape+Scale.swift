extension Tape {
  /// Multiplies by a fixed factor: `y = s · x`.
  @_specialize(where Scalar == Float)
  func scaled(_ x: Tensor<Scalar>, by scale: Scalar) -> Tensor<Scalar> {
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: x.requiresGradient)
    ledger.compute { Elementwise.copy(x.start, scale: scale, to: y.start, count: x.count) }
    guard x.requiresGradient else { return y }
    record { [dy = y.derivative, dx = x.derivative] in dx.add(dy, scale: scale) }
    return y
  }

  /// Multiplies every column by its factor: `y = x ⊙ (s ⊙ c) + b`, added to `residual`.
  ///
  /// (IA)³'s rescaling (Liu et al. 2022, arXiv:2205.05638, section 3.3) without constants, and
  /// DoRA's magnitudes (Liu et al. 2024, arXiv:2402.09353, equation 5) with `c = 1 / ‖V‖`, which
  /// backward takes for constant as the paper's equation 11 does.
  ///
  /// - Parameters:
  ///   - x: `[tokens, width]`.
  ///   - scale: `s`, `[1, width]`, trainable.
  ///   - constants: `c`, `width` numbers, or nil for ones.
  ///   - bias: `[1, width]`.
  ///   - residual: `[tokens, width]`.
  /// - Returns: `[tokens, width]`.
  @_specialize(where Scalar == Float)
  func scaledColumns(
    _ x: Tensor<Scalar>, by scale: Tensor<Scalar>, constants: Tensor<Scalar>? = nil,
    bias: Tensor<Scalar>? = nil, residual: Tensor<Scalar>? = nil
  ) -> Tensor<Scalar> {
    let (tokens, width) = (x.rows, x.columns)
    precondition(scale.count == width, "\(scale.count) factors for \(width) columns")
    let needs =
      x.requiresGradient || scale.requiresGradient || bias?.requiresGradient ?? false
      || residual?.requiresGradient ?? false
    let y = result(rows: tokens, columns: width, requiresGradient: needs)
    let factors = result(rows: 1, columns: width, requiresGradient: false)
    ledger.compute {
      let (from, to, factor) = (x.start, y.start, factors.start)
      for i in 0..<width { factor[i] = scale.start[i] * (constants?.start[i] ?? 1) }
      let (offset, added) = (bias?.start, residual?.start)
      Parallel.ranges(tokens, cost: 3 * width) { rows in
        for t in rows {
          let (source, target) = (from + t &* width, to + t &* width)
          for i in 0..<width { target[i] = source[i] * factor[i] }
          if let offset { Elementwise.add(offset, to: target, count: width) }
          if let added { Elementwise.add(added + t &* width, to: target, count: width) }
        }
      }
    }
    guard needs else { return y }
    let kept = scale.requiresGradient ? x : nil
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      if let kept {
        let ds = scale.derivative.cleared()
        let values = kept.start
        ledger.compute {
          let constant = constants?.start
          Parallel.ranges(width, cost: 2 * tokens, multiple: 16) { columns in
            for t in 0..<tokens {
              let (g, v) = (gradient + t &* width, values + t &* width)
              if let constant {
                for i in columns { ds[i] += g[i] * v[i] * constant[i] }
              } else {
                for i in columns { ds[i] += g[i] * v[i] }
              }
            }
          }
        }
      }
      if let bias, bias.requiresGradient {
        let db = bias.derivative.cleared()
        ledger.compute { Rows.sum(gradient, rows: tokens, columns: width, addingTo: db) }
      }
      if dx.isWanted {
        let target = dx.cleared()
        ledger.compute {
          let factor = factors.start
          Parallel.ranges(tokens, cost: 2 * width) { rows in
            for t in rows {
              let (g, d) = (gradient + t &* width, target + t &* width)
              for i in 0..<width { d[i] += g[i] * factor[i] }
            }
          }
        }
      }
      if let residual = residual?.derivative, residual.isWanted { residual.absorb(dy) }
    }
    return y
  }
}
