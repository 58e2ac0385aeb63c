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

  /// Computes `y = a + b`.
  @inline(__always)
  static func sum<Scalar: EngineScalar>(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    var i = 0
    while i &+ 8 <= count {
      store(load(a, i) + load(b, i), y, i)
      i &+= 8
    }
    while i < count {
      y[i] = a[i] + b[i]
      i &+= 1
    }
  }

  /// Writes zeros, on all threads where there are many.
  static func clear<Scalar: EngineScalar>(_ start: UnsafeMutablePointer<Scalar>, count: Int) {
    Parallel.ranges(count, cost: 1, multiple: 16) {
      (start + $0.lowerBound).update(repeating: 0, count: $0.count)
    }
  }

  /// Writes a few zeros on the calling thread, without the call that a loop would become.
  @inline(__always)
  static func clearFew<Scalar: EngineScalar>(_ start: UnsafeMutablePointer<Scalar>, count: Int) {
    let raw = UnsafeMutableRawPointer(start)
    let size = MemoryLayout<Scalar>.stride
    var i = 0
    if count & 1 != 0 {
      start[0] = 0
      i = 1
    }
    if count & 2 != 0 {
      raw.storeBytes(of: SIMD2<Scalar>.zero, toByteOffset: i &* size, as: SIMD2<Scalar>.self)
      i &+= 2
    }
    if count & 4 != 0 {
      raw.storeBytes(of: SIMD4<Scalar>.zero, toByteOffset: i &* size, as: SIMD4<Scalar>.self)
      i &+= 4
    }
    while i < count {
      store(SIMD8<Scalar>.zero, start, i)
      i &+= 8
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

  /// Computes `Σ x y` in double precision.
  static func dot<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
  ) -> Double {
    var sums = SIMD8<Double>.zero
    var i = 0
    while i &+ 8 <= count {
      sums += SIMD8<Double>(load(x, i)) * SIMD8<Double>(load(y, i))
      i &+= 8
    }
    var total = sums.sum()
    while i < count {
      total += Double(x[i]) * Double(y[i])
      i &+= 1
    }
    return total
  }

  /// Computes `Σ x²` of many runs on all threads, in blocks whose sums are added in order.
  static func squaredNorm<Scalar: EngineScalar>(
    of runs: [UnsafeBufferPointer<Scalar>]
  ) -> Double {
    let size = 1 << 13
    let blocks = runs.flatMap { run in
      stride(from: 0, to: run.count, by: size).map { first in
        UnsafeBufferPointer(rebasing: run[first..<min(run.count, first + size)])
      }
    }
    // The array without elements is one that all threads share: its count would be written here.
    guard !blocks.isEmpty else { return 0 }
    let sums = [Double](unsafeUninitializedCapacity: blocks.count) { sums, initialized in
      let target = sums
      // Neighbours to one thread, which then reads ahead.
      Parallel.ranges(blocks.count, cost: size) { range in
        for i in range {
          target[i] = blocks[i].baseAddress.map { squaredNorm($0, count: blocks[i].count) } ?? 0
        }
      }
      initialized = blocks.count
    }
    return sums.reduce(0, +)
  }
}
