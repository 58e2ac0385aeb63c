extension Tape {
  /// Applies an activation function to every element.
  ///
  /// `geluTanh` is the approximation of Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2:
  /// `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
  @_specialize(where Scalar == Float)
  package func activated(
    _ x: Tensor<Scalar>, by activation: ModelDescription.Activation
  ) -> Tensor<Scalar> {
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: x.requiresGradient)
    ActivationKernel.apply(activation, x.start, to: y.start, count: x.count)
    guard x.requiresGradient else { return y }
    record {
      guard let dy = y.gradient?.baseAddress else { return }
      let dx = x.clearedGradientForWriting()
      ActivationKernel.addGradient(activation, x.start, dy, to: dx, count: x.count)
    }
    return y
  }

  /// Multiplies by an activated gate: `y = f(gate) ⊙ x`.
  ///
  /// Shazeer 2020, "GLU variants improve transformer", arXiv:2002.05202, equation 6 for SwiGLU.
  @_specialize(where Scalar == Float)
  package func gated(
    _ x: Tensor<Scalar>, gate: Tensor<Scalar>, by activation: ModelDescription.Activation
  ) -> Tensor<Scalar> {
    precondition(
      x.rows == gate.rows && x.columns == gate.columns, "gated: gate of another shape")
    let needs = x.requiresGradient || gate.requiresGradient
    let y = result(rows: x.rows, columns: x.columns, requiresGradient: needs)
    ActivationKernel.apply(activation, gate.start, to: y.start, count: x.count)
    let (products, factors) = (y.start, x.start)
    for i in 0..<x.count { products[i] *= factors[i] }
    guard needs else { return y }
    record { [ledger] in
      guard let dy = y.gradient?.baseAddress else { return }
      Storage<Scalar>.withWorkspace(x.count, in: ledger) { product in
        if gate.requiresGradient {
          let values = x.start
          for i in 0..<x.count { product[i] = dy[i] * values[i] }
          let dgate = gate.clearedGradientForWriting()
          ActivationKernel.addGradient(activation, gate.start, product, to: dgate, count: x.count)
        }
        if x.requiresGradient {
          ActivationKernel.apply(activation, gate.start, to: product, count: x.count)
          let dx = x.clearedGradientForWriting()
          for i in 0..<x.count { dx[i] += dy[i] * product[i] }
        }
      }
    }
    return y
  }
}

/// Activation functions and their derivatives over plain runs of scalars.
enum ActivationKernel {
  /// Computes `y = f(x)`.
  @inline(__always)
  static func apply<Scalar: EngineScalar>(
    _ activation: ModelDescription.Activation, _ x: UnsafePointer<Scalar>,
    to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    switch activation {
    case .relu:
      for i in 0..<count { y[i] = x[i] > 0 ? x[i] : 0 }
    case .silu:
      eachEight(
        x, count: count, { v in v * sigmoid(v) },
        store: { v, i in
          Elementwise.store(v, y, i)
        }, tail: { v, i in y[i] = v })
    case .geluTanh:
      eachEight(
        x, count: count, { v in v * geluGate(v) },
        store: { v, i in
          Elementwise.store(v, y, i)
        }, tail: { v, i in y[i] = v })
    case .gelu:
      let half = Scalar(0.5).squareRoot()
      for i in 0..<count { y[i] = x[i] * 0.5 * (1 + Scalar.erf(x[i] * half)) }
    }
  }

  /// Computes `dx += dy ⊙ f′(x)`.
  @inline(__always)
  static func addGradient<Scalar: EngineScalar>(
    _ activation: ModelDescription.Activation, _ x: UnsafePointer<Scalar>,
    _ dy: UnsafePointer<Scalar>, to dx: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    switch activation {
    case .relu:
      for i in 0..<count where x[i] > 0 { dx[i] += dy[i] }
    case .silu:
      eachEight(
        x, count: count,
        { v in
          let s = sigmoid(v)
          return s * (v * (SIMD8(repeating: 1) - s) + 1)
        },
        store: { v, i in
          Elementwise.store(Elementwise.load(dx, i) + Elementwise.load(dy, i) * v, dx, i)
        }, tail: { v, i in dx[i] += dy[i] * v })
    case .geluTanh:
      eachEight(
        x, count: count,
        { v in
          // With s = σ(2u): d/dx x s = s + x s (1 − s) 2u′.
          let s = geluGate(v)
          let slope = (v * v * (3 * 0.044715) + 1) * (2 * geluScale())
          return s + v * s * (SIMD8(repeating: 1) - s) * slope
        },
        store: { v, i in
          Elementwise.store(Elementwise.load(dx, i) + Elementwise.load(dy, i) * v, dx, i)
        }, tail: { v, i in dx[i] += dy[i] * v })
    case .gelu:
      let half = Scalar(0.5).squareRoot()
      let density = 1 / (2 * Scalar.pi).squareRoot()
      for i in 0..<count {
        let normal = 0.5 * (1 + Scalar.erf(x[i] * half))
        dx[i] += dy[i] * (normal + x[i] * density * Scalar.exp(-0.5 * x[i] * x[i]))
      }
    }
  }

  @inline(__always)
  private static func sigmoid<Scalar: EngineScalar>(_ v: SIMD8<Scalar>) -> SIMD8<Scalar> {
    SIMD8(repeating: 1) / (Scalar.exp(SIMD8.zero - v) + 1)
  }

  @inline(__always)
  private static func geluScale<Scalar: EngineScalar>() -> Scalar {
    (2 / Scalar.pi).squareRoot()
  }

  /// `(1 + tanh u) / 2 = σ(2u)` with GELU's `u`.
  @inline(__always)
  private static func geluGate<Scalar: EngineScalar>(_ v: SIMD8<Scalar>) -> SIMD8<Scalar> {
    sigmoid((v + v * v * v * 0.044715) * (2 * geluScale()))
  }

  /// Applies `function` to eight elements at a time, the last few padded with zeros.
  @inline(__always)
  private static func eachEight<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, count: Int, _ function: (SIMD8<Scalar>) -> SIMD8<Scalar>,
    store: (SIMD8<Scalar>, Int) -> Void, tail: (Scalar, Int) -> Void
  ) {
    var i = 0
    while i &+ 8 <= count {
      store(function(Elementwise.load(x, i)), i)
      i &+= 8
    }
    guard i < count else { return }
    var last = SIMD8<Scalar>.zero
    for lane in 0..<(count &- i) { last[lane] = x[i &+ lane] }
    last = function(last)
    for lane in 0..<(count &- i) { tail(last[lane], i &+ lane) }
  }
}
