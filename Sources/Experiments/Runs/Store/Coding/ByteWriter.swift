/// Writes numbers and texts as bytes: integers and counts as LEB128, floating point as 8 bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt8) { bytes.append(value) }

  /// Zig-zag, so that small negative numbers stay short.
  mutating func write(_ value: Int) {
    write(count: UInt64(bitPattern: Int64(value &<< 1) ^ Int64(value >> 63)))
  }

  mutating func write(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ value: String) {
    write(count: UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  mutating func write<T>(_ value: T?, _ body: (inout ByteWriter, T) -> Void) {
    write(UInt8(value == nil ? 0 : 1))
    if let value { body(&self, value) }
  }

  mutating func write<T>(_ values: [T], _ body: (inout ByteWriter, T) -> Void) {
    write(count: UInt64(values.count))
    for value in values { body(&self, value) }
  }

  /// Numbers below 256 in as few bits each as the largest needs.
  mutating func write(packed values: [UInt8]) {
    let largest = values.max() ?? 0
    let width = 8 - largest.leadingZeroBitCount
    write(count: UInt64(values.count))
    write(UInt8(width))
    var (pending, bits): (UInt32, Int) = (0, 0)
    for value in values {
      pending |= UInt32(value) << UInt32(bits)
      bits += width
      while bits >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        bits -= 8
      }
    }
    if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
  }

  private mutating func write(count: UInt64) {
    var rest = count
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
