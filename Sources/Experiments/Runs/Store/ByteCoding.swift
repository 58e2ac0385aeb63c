import Foundation

/// Reads what ``ByteWriter`` wrote; bytes that end too soon or make no sense are an error.
struct ByteReader {
  struct Malformed: Error {}

  /// Far more predictions than any evaluation set has, so that a damaged length cannot exhaust memory.
  private static let longestPacked: UInt64 = 1 << 26

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard position < bytes.count else { throw Malformed() }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func integer() throws(Malformed) -> Int {
    let value = try varying()
    return Int(bitPattern: UInt(value >> 1)) ^ -Int(value & 1)
  }

  mutating func double() throws(Malformed) -> Double {
    var pattern: UInt64 = 0
    for (i, byte) in try take(8).enumerated() { pattern |= UInt64(byte) << UInt64(8 * i) }
    return Double(bitPattern: pattern)
  }

  mutating func text() throws(Malformed) -> String {
    guard let text = String(validating: try take(count()), as: UTF8.self) else {
      throw Malformed()
    }
    return text
  }

  mutating func optional<T>(
    _ body: (inout ByteReader) throws(Malformed) -> T
  ) throws(Malformed) -> T? {
    switch try byte() {
    case 0: nil
    case 1: try body(&self)
    default: throw Malformed()
    }
  }

  mutating func array<T>(
    _ body: (inout ByteReader) throws(Malformed) -> T
  ) throws(Malformed) -> [T] {
    var values: [T] = []
    for _ in 0..<(try count()) { values.append(try body(&self)) }
    return values
  }

  mutating func packed() throws(Malformed) -> [UInt8] {
    let total = try varying()
    let width = Int(try byte())
    guard total <= Self.longestPacked, width <= 8 else { throw Malformed() }
    let source = try take((Int(total) * width + 7) / 8)
    switch width {
    case 0: return Array(repeating: 0, count: Int(total))
    case 1: return Self.bits(of: source, count: Int(total))
    default: break
    }
    var values: [UInt8] = []
    values.reserveCapacity(Int(total))
    let mask = UInt32((1 << width) - 1)
    var (pending, bits): (UInt32, Int) = (0, 0)
    for byte in source {
      pending |= UInt32(byte) << UInt32(bits)
      bits += 8
      while bits >= width, values.count < total {
        values.append(UInt8(truncatingIfNeeded: pending & mask))
        pending >>= UInt32(width)
        bits -= width
      }
    }
    return values
  }

  /// Eight values at a time: byte `i` of the product holds the source byte, of which the mask leaves
  /// bit `i`; the addition carries that bit to the top of its byte.
  private static func bits(of source: ArraySlice<UInt8>, count: Int) -> [UInt8] {
    Array(unsafeUninitializedCapacity: source.count * 8) { buffer, initialized in
      for (i, byte) in source.enumerated() {
        let chosen = (UInt64(byte) &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
        let spread = ((chosen &+ 0x7F7F_7F7F_7F7F_7F7F) >> 7) & 0x0101_0101_0101_0101
        UnsafeMutableRawBufferPointer(buffer).storeBytes(
          of: spread.littleEndian, toByteOffset: 8 * i, as: UInt64.self)
      }
      initialized = count
    }
  }

  /// A count of things that take at least one byte each, so it cannot exceed what is left.
  private mutating func count() throws(Malformed) -> Int {
    let value = try varying()
    guard value <= UInt64(bytes.count - position) else { throw Malformed() }
    return Int(value)
  }

  private mutating func varying() throws(Malformed) -> UInt64 {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while shift < 64 {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Malformed()
  }

  private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else { throw Malformed() }
    defer { position += count }
    return bytes[position..<position + count]
  }
}

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

  mutating func write(_ value: Data) {
    write(count: UInt64(value.count))
    bytes.append(contentsOf: value)
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
