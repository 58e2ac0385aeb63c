/// Softmax over one row, stable for any finite input.
enum Softmax {
  /// Computes `log Σ exp(x)`.
  @inline(__always)
  static func logSumExp<Scalar: EngineScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    let largest = maximum(x, count: count)
    guard largest.isFinite else { return largest }
    var sums = SIMD8<Scalar>.zero
    var i = 0
    while i &+ 8 <= count {
      sums += Scalar.exp(Elementwise.load(x, i) - largest)
      i &+= 8
    }
    var sum = sums.sum()
    while i < count {
      sum += Scalar.exp(x[i] - largest)
      i &+= 1
    }
    return largest + Scalar.log(sum)
  }

  /// Adds `scale · exp(x − normalizer)` to `y`.
  @inline(__always)
  static func addProbabilities<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, normalizer: Scalar, scale: Scalar,
    to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var i = 0
    while i &+ 8 <= count {
      let p = Scalar.exp(Elementwise.load(x, i) - normalizer)
      Elementwise.store(Elementwise.load(y, i) + p * scale, y, i)
      i &+= 8
    }
    while i < count {
      y[i] += scale * Scalar.exp(x[i] - normalizer)
      i &+= 1
    }
  }

  /// Replaces `x` by `exp(scale · x) / Σ exp(scale · x)`.
  @inline(__always)
  static func normalize<Scalar: EngineScalar>(
    _ x: UnsafeMutablePointer<Scalar>, scale: Scalar, count: Int
  ) {
    let largest = maximum(UnsafePointer(x), count: count)
    var sums = SIMD8<Scalar>.zero
    var i = 0
    while i &+ 8 <= count {
      let e = Scalar.exp((Elementwise.load(x, i) - largest) * scale)
      Elementwise.store(e, x, i)
      sums += e
      i &+= 8
    }
    if i < count {
      var last = SIMD8<Scalar>(repeating: -.infinity)
      for lane in 0..<(count &- i) { last[lane] = (x[i &+ lane] - largest) * scale }
      last = Scalar.exp(last)
      for lane in 0..<(count &- i) { x[i &+ lane] = last[lane] }
      sums += last
    }
    let inverse = 1 / sums.sum()
    for j in 0..<count { x[j] *= inverse }
  }

  /// The largest element, passing over NaN; a NaN still reaches every output through its exponential.
  @inline(__always)
  static func maximum<Scalar: EngineScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    // Four comparisons in flight; the standard library's vector maximum is an outlined call.
    var (a, b) = (-Scalar.infinity, -Scalar.infinity)
    var (c, d) = (a, b)
    var i = 0
    while i &+ 4 <= count {
      a = x[i] > a ? x[i] : a
      b = x[i &+ 1] > b ? x[i &+ 1] : b
      c = x[i &+ 2] > c ? x[i &+ 2] : c
      d = x[i &+ 3] > d ? x[i &+ 3] : d
      i &+= 4
    }
    while i < count {
      a = x[i] > a ? x[i] : a
      i &+= 1
    }
    a = b > a ? b : a
    c = d > c ? d : c
    let largest = c > a ? c : a
    return largest
  }

  /// Replaces the gradient of probabilities by that of the scores they came from.
  ///
  /// `ds = p ⊙ (dp − Σ p ⊙ dp) · scale`.
  @inline(__always)
  static func backward<Scalar: EngineScalar>(
    _ p: UnsafePointer<Scalar>, _ dp: UnsafeMutablePointer<Scalar>, scale: Scalar, count: Int
  ) {
    var sums = SIMD8<Scalar>.zero
    var i = 0
    while i &+ 8 <= count {
      sums += Elementwise.load(p, i) * Elementwise.load(dp, i)
      i &+= 8
    }
    var sum = sums.sum()
    while i < count {
      sum += p[i] * dp[i]
      i &+= 1
    }
    i = 0
    while i &+ 8 <= count {
      let difference = Elementwise.load(dp, i) - sum
      Elementwise.store(Elementwise.load(p, i) * difference * scale, dp, i)
      i &+= 8
    }
    while i < count {
      dp[i] = p[i] * (dp[i] - sum) * scale
      i &+= 1
    }
  }
}
