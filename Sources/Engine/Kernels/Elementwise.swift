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

  /// Writes zeros, on all threads where there are many.
  static func clear<Scalar: EngineScalar>(_ start: UnsafeMutablePointer<Scalar>, count: Int) {
    Parallel.ranges(count, cost: 1, multiple: 16) {
      (start + $0.lowerBound).update(repeating: 0, count: $0.count)
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

  /// Computes `Σ x²` of many elements on all threads, in blocks whose sums are added in order.
  static func dividedSquaredNorm<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, count: Int
  ) -> Double {
    let block = 1 << 16
    let blocks = (count + block - 1) / block
    guard blocks > 1 else { return squaredNorm(x, count: count) }
    let sums = [Double](unsafeUninitializedCapacity: blocks) { sums, initialized in
      let target = sums
      Parallel.each(blocks, cost: block) { i in
        let first = i &* block
        target[i] = squaredNorm(x + first, count: min(block, count &- first))
      }
      initialized = blocks
    }
    return sums.reduce(0, +)
  }
}
