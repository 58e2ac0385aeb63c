extension FloatConversion {
  /// Whether `Float`s can be written as `element`.
  static func isPossible(to element: TensorElement) -> Bool {
    switch element {
    case .f32, .f16, .bf16: true
    default: false
    }
  }

  /// The bytes of `source` as `element`, each number rounded to the nearest, ties to even.
  static func bytes(
    of source: UnsafeBufferPointer<Float>, as element: TensorElement
  ) -> [UInt8] {
    precondition(isPossible(to: element), "Float cannot be written as \(element.rawValue)")
    return [UInt8](unsafeUninitializedCapacity: source.count * element.size) { bytes, count in
      let target = UnsafeMutableRawBufferPointer(bytes)
      for i in 0..<source.count {
        switch element {
        case .f16: target.storeBytes(of: halfBits(source[i]), toByteOffset: 2 * i, as: UInt16.self)
        case .bf16:
          target.storeBytes(of: brainBits(source[i]), toByteOffset: 2 * i, as: UInt16.self)
        default: target.storeBytes(of: source[i], toByteOffset: 4 * i, as: Float.self)
        }
      }
      count = source.count * element.size
    }
  }

  /// IEEE 754 binary16 of a number; too large ones become infinite.
  static func halfBits(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
    if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {  // below 2⁻¹⁴ a number is a multiple of 2⁻²⁴
      let steps = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
      return sign | UInt16(steps)
    }
    let rounded = magnitude + 0xFFF + (magnitude >> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded - 0x3800_0000) >> 13)
  }

  /// The upper half of a `Float`, rounded.
  static func brainBits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }
}
