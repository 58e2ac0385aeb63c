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
