/// Loops over plain runs of scalars, eight at a time.
enum Elementwise {
  /// Loads eight scalars from an address of any alignment.
  @inline(__always)
  static func load<Scalar: EngineScalar>(_ start: UnsafePointer<Scalar>, _ i: Int) -> SIMD8<Scalar>
  {
    UnsafeRawPointer(start + i).loadUnaligned(as: SIMD8<Scalar>.self)
  }

  @inline(__always)
  static func load<Scalar: EngineScalar>(
    _ start: UnsafeMutablePointer<Scalar>, _ i: Int
  ) -> SIMD8<Scalar> {
    UnsafeRawPointer(start + i).loadUnaligned(as: SIMD8<Scalar>.self)
  }

  /// Stores eight scalars to an address of any alignment.
  @inline(__always)
  static func store<Scalar: EngineScalar>(
    _ value: SIMD8<Scalar>, _ start: UnsafeMutablePointer<Scalar>, _ i: Int
  ) {
    UnsafeMutableRawPointer(start + i).storeBytes(of: value, as: SIMD8<Scalar>.self)
  }

  /// Computes `y += scale · x`.
  @inline(__always)
  static func add<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, scale: Scalar = 1, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var i = 0
    while i &+ 8 <= count {
      store(load(y, i) + load(x, i) * scale, y, i)
      i &+= 8
    }
    while i < count {
      y[i] += scale * x[i]
      i &+= 1
    }
  }

  /// Computes `y = scale · x`.
  @inline(__always)
  static func copy<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, scale: Scalar = 1, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var i = 0
    while i &+ 8 <= count {
      store(load(x, i) * scale, y, i)
      i &+= 8
    }
    while i < count {
      y[i] = scale * x[i]
      i &+= 1
    }
  }

  /// Computes `Σ x²` in double precision.
  static func squaredNorm<Scalar: EngineScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    var sums = SIMD8<Double>.zero
    var i = 0
    while i &+ 8 <= count {
      let v = SIMD8<Double>(load(x, i))
      sums += v * v
      i &+= 8
    }
    var total = sums.sum()
    while i < count {
      total += Double(x[i]) * Double(x[i])
      i &+= 1
    }
    return total
  }
}
