extension Tape {
  /// Applies an activation function to every element.
  ///
  /// - Parameters:
  ///   - x: Any shape.
  ///   - activation: The function.
  ///   - consuming: Whether `x` is no longer read; a ReLU then overwrites it, since its output
  ///     shows where it passed values on.
  /// - Returns: The shape of `x`.
  @_specialize(where Scalar == Float)
  package func activated(
    _ x: Tensor<Scalar>, by activation: Activation, consuming: Bool = false
  ) -> Tensor<Scalar> {
    let needs = x.requiresGradient
    let inPlace = consuming && activation == .relu
    let y =
      inPlace
      ? Tensor(replacing: x, requiresGradient: needs)
      : result(rows: x.rows, columns: x.columns, requiresGradient: needs)
    let count = x.count
    let apply = { (from: UnsafeMutablePointer<Scalar>, to: UnsafeMutablePointer<Scalar>) in
      Parallel.ranges(count, cost: activation.cost, multiple: 16) {
        ActivationKernel.apply(
          activation, from + $0.lowerBound, to: to + $0.lowerBound, count: $0.count)
      }
    }
    ledger.compute { apply(x.start, y.start) }
    guard needs else { return y }
    if inPlace {
      y.takeRecipe(of: x) { apply($0, $0) }
    } else {
      y.setRecipe(from: [x]) { apply(x.start, $0) }
    }
    // A ReLU's slope follows from its output, which is all that is left of a consumed input.
    let kept = inPlace ? y : x
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      let target = dx.cleared()
      let input = kept.start
      ledger.compute {
        Parallel.ranges(count, cost: activation.cost, multiple: 16) {
          let first = $0.lowerBound
          ActivationKernel.addGradient(
            activation, input + first, gradient + first, to: target + first, count: $0.count)
        }
      }
    }
    return y
  }

  /// Multiplies by an activated gate: `y = f(gate) ⊙ x`.
  ///
  /// Shazeer 2020, "GLU variants improve transformer", arXiv:2002.05202, equation 6 for SwiGLU.
  @_specialize(where Scalar == Float)
  func gated(
    _ x: Tensor<Scalar>, gate: Tensor<Scalar>, by activation: Activation
  ) -> Tensor<Scalar> {
    precondition(
      x.rows == gate.rows && x.columns == gate.columns, "gated: gate of another shape")
    let needs = x.requiresGradient || gate.requiresGradient
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: needs)
    let count = x.count
    let multiply = { (to: UnsafeMutablePointer<Scalar>) in
      let (factors, gates) = (x.start, gate.start)
      Parallel.ranges(count, cost: activation.cost, multiple: 16) { range in
        let first = range.lowerBound
        ActivationKernel.apply(activation, gates + first, to: to + first, count: range.count)
        for i in range { to[i] *= factors[i] }
      }
    }
    ledger.compute { multiply(y.start) }
    guard needs else { return y }
    y.setRecipe(from: [x, gate], multiply)
    record { [ledger, dy = y.derivative] in
      guard let gradient = dy.current else { return }
      let dgate = gate.requiresGradient ? gate.derivative.cleared() : nil
      let dx = x.requiresGradient ? x.derivative.cleared() : nil
      let (values, gates) = (x.start, gate.start)
      Storage<Scalar>.withWorkspace(count, in: ledger) { product in
        Parallel.ranges(count, cost: 2 * activation.cost, multiple: 16) { range in
          let first = range.lowerBound
          if let dgate {
            for i in range { product[i] = gradient[i] * values[i] }
            ActivationKernel.addGradient(
              activation, gates + first, product + first, to: dgate + first, count: range.count)
          }
          if let dx {
            ActivationKernel.apply(
              activation, gates + first, to: product + first, count: range.count)
            for i in range { dx[i] += gradient[i] * product[i] }
          }
        }
      }
    }
    return y
  }

  /// Keeps every element between two bounds: `y = c · tanh(x / c)`.
  ///
  /// Gemma Team 2024, "Gemma 2", arXiv:2408.00118, section 2.
  @_specialize(where Scalar == Float)
  func capped(_ x: Tensor<Scalar>, at cap: Scalar) -> Tensor<Scalar> {
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: x.requiresGradient)
    ledger.compute {
      let (from, to) = (x.start, y.start)
      Parallel.ranges(x.count, cost: 8, multiple: 16) { range in
        for i in range { to[i] = cap * Scalar.tanh(from[i] / cap) }
      }
    }
    guard x.requiresGradient else { return y }
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      let target = dx.cleared()
      let values = y.start
      ledger.compute {
        Parallel.ranges(y.count, cost: 4, multiple: 16) { range in
          for i in range {
            let share = values[i] / cap
            target[i] += gradient[i] * (1 - share * share)
          }
        }
      }
    }
    return y
  }
}

extension Activation {
  /// Scalar operations an element takes, roughly.
  fileprivate var cost: Int { self == .relu ? 1 : 8 }
}
