/// Reads little-endian numbers from bytes, never beyond their end.
struct ByteCursor {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next `count` bytes, or nil where there are fewer.
  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func byte() -> UInt8? { take(1)?.first }

  /// An unsigned number of up to eight bytes that fits `Int`.
  mutating func natural(_ size: Int) -> Int? {
    guard let digits = take(size) else { return nil }
    return Int(exactly: digits.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
  }
}
