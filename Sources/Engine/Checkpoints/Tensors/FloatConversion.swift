/// Conversions of stored elements to `Float`, a whole buffer at a time.
///
/// `Float16` is not part of Swift on every x86 Linux, so 16-bit formats are taken apart by bits; the
/// loops hold no branch, so the compiler turns them into vector code.
enum FloatConversion {
  /// Whether `element` can be read as `Float`.
  static func isPossible(from element: TensorElement) -> Bool {
    switch element {
    case .f32, .f16, .bf16, .f64: true
    default: false
    }
  }

  /// Converts `target.count` elements of `source`, little-endian as the machines Swift runs on.
  ///
  /// - Parameters:
  ///   - source: Exactly `target.count · element.size` bytes, at any alignment.
  ///   - element: One for which ``isPossible(from:)`` holds.
  ///   - target: Receives the values; F64 is rounded to the nearest.
  static func convert(
    _ source: UnsafeRawBufferPointer, _ element: TensorElement,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      source.count == target.count * element.size,
      "\(source.count) bytes for \(target.count) elements of \(element.size)")
    guard let bytes = source.baseAddress, let floats = target.baseAddress else { return }
    switch element {
    case .bf16:
      for i in 0..<target.count {
        let bits = bytes.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self)
        floats[i] = Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
      }
    case .f16:
      for i in 0..<target.count {
        let bits = bytes.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self)
        floats[i] = half(bits)
      }
    case .f32:
      UnsafeMutableRawPointer(floats).copyMemory(from: bytes, byteCount: source.count)
    case .f64:
      for i in 0..<target.count {
        let bits = bytes.loadUnaligned(fromByteOffset: 8 &* i, as: UInt64.self)
        floats[i] = Float(Double(bitPattern: bits))
      }
    default:
      preconditionFailure("\(element.rawValue) has no conversion to Float")
    }
  }

  /// The value of an IEEE 754 binary16 number.
  ///
  /// A subnormal is `mantissa · 2⁻²⁴`; it is computed from the integer, not from a subnormal
  /// `Float`, so that it survives a processor set to flush those to zero.
  @inline(__always)
  static func half(_ bits: UInt16) -> Float {
    let wide = UInt32(truncatingIfNeeded: bits)
    let sign = (wide & 0x8000) << 16
    let magnitude = wide & 0x7FFF
    let rebias: UInt32 = magnitude >= 0x7C00 ? 0x7000_0000 : 0x3800_0000
    let normal = magnitude << 13 &+ rebias
    let subnormal = (Float(Int32(truncatingIfNeeded: magnitude)) * 0x1p-24).bitPattern
    return Float(bitPattern: sign | (magnitude < 0x0400 ? subnormal : normal))
  }
}

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
