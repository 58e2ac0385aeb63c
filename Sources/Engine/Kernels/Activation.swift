/// A function between the two matrices of a feed-forward block.
package enum Activation: String, Codable, Hashable, Sendable {
  case relu
  /// The tanh approximation GPT-2 calls `gelu_new`.
  case geluTanh
  case gelu
  case silu
  /// Of the dense layer before a classifier's scores, as in BERT's pooler.
  case tanh
}

/// Activation functions and their derivatives over plain runs of scalars.
///
/// `geluTanh` is the approximation of Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2:
/// `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
enum ActivationKernel {
  /// Computes `y = f(x)`.
  @inline(__always)
  static func apply<Scalar: EngineScalar>(
    _ activation: Activation, _ x: UnsafePointer<Scalar>,
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
      eachEight(
        x, count: count, { v in v * normalDistribution(v) },
        store: { v, i in
          Elementwise.store(v, y, i)
        }, tail: { v, i in y[i] = v })
    case .tanh:
      eachEight(
        x, count: count, { v in hyperbolicTangent(v) },
        store: { v, i in
          Elementwise.store(v, y, i)
        }, tail: { v, i in y[i] = v })
    }
  }

  /// Computes `dx += dy ⊙ f′(x)`.
  @inline(__always)
  static func addGradient<Scalar: EngineScalar>(
    _ activation: Activation, _ x: UnsafePointer<Scalar>,
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
      let density = 1 / (2 * Scalar.pi).squareRoot()
      eachEight(
        x, count: count,
        { v in normalDistribution(v) + v * Scalar.exp(v * v * -0.5) * density },
        store: { v, i in
          Elementwise.store(Elementwise.load(dx, i) + Elementwise.load(dy, i) * v, dx, i)
        }, tail: { v, i in dx[i] += dy[i] * v })
    case .tanh:
      eachEight(
        x, count: count,
        { v in
          let t = hyperbolicTangent(v)
          return SIMD8(repeating: 1) - t * t
        },
        store: { v, i in
          Elementwise.store(Elementwise.load(dx, i) + Elementwise.load(dy, i) * v, dx, i)
        }, tail: { v, i in dx[i] += dy[i] * v })
    }
  }

  /// `tanh v = 2 σ(2v) − 1`.
  @inline(__always)
  private static func hyperbolicTangent<Scalar: EngineScalar>(
    _ v: SIMD8<Scalar>
  ) -> SIMD8<Scalar> {
    sigmoid(v * 2) * 2 - SIMD8(repeating: 1)
  }

  @inline(__always)
  private static func sigmoid<Scalar: EngineScalar>(_ v: SIMD8<Scalar>) -> SIMD8<Scalar> {
    SIMD8(repeating: 1) / (Scalar.exp(SIMD8.zero - v) + 1)
  }

  /// The standard normal's distribution function.
  @inline(__always)
  private static func normalDistribution<Scalar: EngineScalar>(
    _ v: SIMD8<Scalar>
  ) -> SIMD8<Scalar> {
    (Scalar.erf(v * Scalar(0.5).squareRoot()) + 1) * 0.5
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
