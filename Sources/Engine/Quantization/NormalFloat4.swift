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
