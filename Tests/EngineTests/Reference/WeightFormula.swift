@testable import Engine

/// The weights of the reference models: a hash of a tensor's name and an element's row-major index.
///
/// The same formula as `formula` in `make_reference.py`: murmur3's finalizer over FNV-1a of the name,
/// cut to 24 bits so that Python and Swift agree to the last bit.
enum WeightFormula {
  /// Matrices lie in ±0.4, biases in ±0.2 and the weights of normalizations in 1 ± 0.25.
  static func values(_ name: String, shape: [Int]) -> [Float] {
    var seed: UInt32 = 0x811C_9DC5
    for byte in name.utf8 { seed = (seed ^ UInt32(byte)) &* 0x0100_0193 }
    let isMatrix = shape.count > 1
    let isNorm = !isMatrix && name.hasSuffix(".weight")
    return (0..<shape.reduce(1, *)).map { index in
      var x = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9 &+ seed
      x ^= x >> 16
      x &*= 0x85EB_CA6B
      x ^= x >> 13
      x &*= 0xC2B2_AE35
      x ^= x >> 16
      let unit = Double(x >> 8) / 8_388_608 - 1
      return Float(isMatrix ? 0.4 * unit : isNorm ? 1 + 0.25 * unit : 0.2 * unit)
    }
  }

  /// Overwrites a matrix with the formula's values.
  static func fill(_ tensor: Tensor<Float>, as name: String) {
    let values = values(name, shape: [tensor.rows, tensor.columns])
    for (index, value) in values.enumerated() { tensor.elements[index] = value }
  }
}
