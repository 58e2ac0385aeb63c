/// A row of weights as signed bytes and one scale.
enum Int8Row {
  /// Writes `round(127 w / absmax)`, ties to even, and returns the scale `absmax / 127`.
  ///
  /// The scale is never below the smallest normal number: a row of zeros has zeros for codes, and
  /// what is lost of tiny weights stays below half a scale.
  static func encode(
    _ x: UnsafePointer<Float>, into codes: UnsafeMutablePointer<UInt8>, count: Int
  ) -> Float {
    let largest = max(Magnitude.largest(x, count: count), 127 * .leastNormalMagnitude)
    let inverse = 127 / largest
    // 1.5 · 2²³: a number this size has no fraction, so adding it rounds and leaves the integer in
    // the lowest bits.
    let shift: Float = 0x1.8p23
    var i = 0
    while i &+ 8 <= count {
      let rounded = Elementwise.load(x, i) * inverse + shift
      let bytes = SIMD8<UInt8>(truncatingIfNeeded: unsafeBitCast(rounded, to: SIMD8<UInt32>.self))
      UnsafeMutableRawPointer(codes + i).storeBytes(of: bytes, as: SIMD8<UInt8>.self)
      i &+= 8
    }
    while i < count {
      codes[i] = UInt8(truncatingIfNeeded: (x[i] * inverse + shift).bitPattern)
      i &+= 1
    }
    return largest / 127
  }

  /// Computes `scale · code`.
  @inline(__always)
  static func decode(
    _ codes: UnsafePointer<UInt8>, count: Int, scale: Float, into y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i &+ 8 <= count {
      let bytes = UnsafeRawPointer(codes + i).loadUnaligned(as: SIMD8<Int8>.self)
      Elementwise.store(SIMD8<Float>(SIMD8<Int32>(truncatingIfNeeded: bytes)) * scale, y, i)
      i &+= 8
    }
    while i < count {
      y[i] = Float(Int8(bitPattern: codes[i])) * scale
      i &+= 1
    }
  }
}

/// The largest magnitude of a run, which a quantized block is scaled by.
enum Magnitude {
  static func largest(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var largest = SIMD8<Float>.zero
    var i = 0
    while i &+ 8 <= count {
      var v = Elementwise.load(x, i)
      v.replace(with: -v, where: v .< 0)
      largest.replace(with: v, where: v .> largest)
      i &+= 8
    }
    var result = largest.max()
    while i < count {
      result = max(result, abs(x[i]))
      i &+= 1
    }
    return result
  }
}
