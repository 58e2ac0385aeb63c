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

  /// The largest element; NaN when one is NaN, so that a broken row does not pass for a good one.
  @inline(__always)
  static func maximum<Scalar: EngineScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    var largest = -Scalar.infinity
    for i in 0..<count {
      let v = x[i]
      if !(v <= largest) { largest = v }
      if v.isNaN { return v }
    }
    return largest
  }
}
