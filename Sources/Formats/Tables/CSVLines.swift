/// Lines of RFC 4180: CRLF at their ends, quotes where a field needs them.
package struct CSVLines {
  private var bytes: [UInt8] = []

  package init() {}

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends a line.
  ///
  /// - Parameters:
  ///   - fields: In the order of the columns.
  ///   - start: Fields before them, as ``fields(_:)`` writes them.
  ///   - end: Fields after them.
  package mutating func append(
    _ fields: [String], after start: [UInt8] = [], before end: [UInt8] = []
  ) {
    bytes += start
    if !start.isEmpty { bytes.append(UInt8(ascii: ",")) }
    Self.write(fields, to: &bytes)
    if !end.isEmpty { bytes.append(UInt8(ascii: ",")) }
    bytes += end
    bytes += "\r\n".utf8
  }

  /// Fields that many lines share, ready to be put into them.
  package static func fields(_ fields: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    write(fields, to: &bytes)
    return bytes
  }

  private static func write(_ fields: [String], to bytes: inout [UInt8]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      guard field.utf8.contains(where: isSpecial) else {
        bytes += field.utf8
        continue
      }
      bytes.append(UInt8(ascii: "\""))
      for byte in field.utf8 {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\n")
  }
}
