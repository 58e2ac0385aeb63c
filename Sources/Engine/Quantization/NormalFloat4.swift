/// The 4-bit type whose values are equally likely for normal weights, scaled to ±1 a block.
///
/// Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3 and appendix E.
enum NormalFloat4 {
  /// Weights that share a scale.
  static let blockSize = 64

  /// What each code stands for.
  static let values: [Float] = [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ]

  /// What both codes of a byte stand for, so that one load decodes two weights.
  ///
  /// The first weight's code is in the upper half, as bitsandbytes packs them.
  static let pairs: [SIMD2<Float>] = (0..<256).map { SIMD2(values[$0 >> 4], values[$0 & 15]) }

  /// The values halfway between neighbours; a weight above `i` of them has code `i`.
  private static let boundaries: [Float] = zip(values, values.dropFirst()).map { ($0 + $1) / 2 }

  /// Writes the codes of a block and returns its scale, the largest magnitude.
  ///
  /// The scale is never below the smallest normal number, whose inverse is finite: weights below it
  /// become zero or that number times a value.
  ///
  /// - Parameters:
  ///   - x: ``blockSize`` finite weights; a short block ends in zeros.
  ///   - codes: Two codes a byte, the first weight's in the upper half.
  ///   - byteCount: How many bytes of codes are wanted, at most 32.
  /// - Returns: What values are multiplied by to decode them.
  static func encode(
    _ x: UnsafePointer<Float>, into codes: UnsafeMutablePointer<UInt8>, byteCount: Int
  ) -> Float {
    let scale = max(Magnitude.largest(x, count: blockSize), .leastNormalMagnitude)
    let inverse = 1 / scale
    boundaries.withUnsafeBufferPointer { boundaries in
      var byte = 0
      while byte < byteCount {
        let v = Elementwise.load(x, byte &* 2) * inverse
        var code = SIMD8<Float>.zero  // counting in floats is what the compiler vectorises
        for boundary in boundaries { code.replace(with: code + 1, where: v .> boundary) }
        let packed = code.evenHalf * 16 + code.oddHalf
        for i in 0..<min(4, byteCount &- byte) { codes[byte &+ i] = UInt8(packed[i]) }
        byte &+= 4
      }
    }
    return scale
  }

  /// Decodes `count` weights, which share `scale`, from weight `first` of `codes` on.
  @inline(__always)
  static func decode(
    _ codes: UnsafePointer<UInt8>, from first: Int, count: Int, scale: Float,
    pairs: UnsafePointer<SIMD2<Float>>, into y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    if first & 1 == 1, count > 0 {
      y[0] = pairs[Int(codes[first >> 1])].y * scale
      i = 1
    }
    var byte = codes + (first &+ i) >> 1
    while i &+ 8 <= count {
      let bytes = UnsafeRawPointer(byte).loadUnaligned(as: UInt32.self).littleEndian
      let low = SIMD4(
        lowHalf: pairs[Int(bytes & 255)], highHalf: pairs[Int((bytes >> 8) & 255)])
      let high = SIMD4(
        lowHalf: pairs[Int((bytes >> 16) & 255)], highHalf: pairs[Int(bytes >> 24)])
      Elementwise.store(SIMD8(lowHalf: low, highHalf: high) * scale, y, i)
      byte += 4
      i &+= 8
    }
    while i < count {
      let pair = pairs[Int(byte.pointee)]
      y[i] = pair.x * scale
      if i &+ 1 < count { y[i &+ 1] = pair.y * scale }
      byte += 1
      i &+= 2
    }
  }
}

/// The 8-bit type that the scales of ``NormalFloat4`` blocks are quantized to.
///
/// QLoRA stores a scale's distance from the mean of all scales in an 8-bit float whose exponent
/// grows at the expense of its fraction (Dettmers 2016, "8-bit approximations for parallelism in deep
/// learning", arXiv:1511.04561), relative to the largest distance of 256 scales.
enum ScaleCode {
  /// Scales that share a second-level scale.
  static let groupSize = 256

  /// What each code stands for, rising: zero, one, and ±10^e times the middles of equal parts of
  /// 0.1…1, of which there are 2^(e + 6) for e in -6…0.
  ///
  /// Rounded as bitsandbytes' `create_dynamic_map` is, so that matrices agree with it bit by bit.
  static let values: [Float] = {
    var values: [Float] = [0, 1]
    for (exponent, power) in [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1 as Float].enumerated() {
      let parts = 1 << exponent
      let width = (1 - 0.1 as Float) / Float(parts)
      let edges = (0...parts).map { i in
        i < (parts + 1) / 2
          ? Float(0.1).addingProduct(width, Float(i))
          : Float(1).addingProduct(-width, Float(parts - i))
      }
      for (lower, upper) in zip(edges, edges.dropFirst()) {
        let value = power * ((lower + upper) / 2)
        values += [value, -value]
      }
    }
    return values.sorted()
  }()

  /// The code of the value nearest to `x`, the lower of two equally near.
  static func nearest(to x: Float) -> UInt8 {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if x > (values[middle] + values[middle + 1]) / 2 { low = middle + 1 } else { high = middle }
    }
    return UInt8(low)
  }
}
