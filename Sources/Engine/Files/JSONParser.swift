import Foundation

/// Reads a JSON text (RFC 8259) and names the line and column of the first mistake.
///
/// Foundation's reader loses the order of members, the difference of `1` and `1.0` and the place of
/// a mistake; all three are needed here. Like Python's, it takes `NaN` and `Infinity` for numbers,
/// since Python writes them.
package struct JSONParser {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var depth = 0

  /// Deeper nesting is rejected, so that a hostile file cannot exhaust the stack.
  private static let maximumDepth = 100

  private init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Parses a complete text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, with or without a byte order mark.
  ///   - file: Path to name in errors.
  /// - Returns: The value.
  /// - Throws: ``CheckpointError`` of kind `corrupt` with the place of the first mistake.
  package static func parse(_ bytes: [UInt8], file: String) throws(CheckpointError) -> JSONValue {
    var parser = JSONParser(bytes, file: file)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else {
      throw parser.mistake("expected the end of the text")
    }
    return value
  }

  /// Reads and parses a file.
  static func parse(contentsOf url: URL) throws(CheckpointError) -> JSONValue {
    try parse(FileBytes.read(url), file: url.path)
  }
}

// MARK: - Grammar

extension JSONParser {
  private mutating func value() throws(CheckpointError) -> JSONValue {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try keyword("true", .boolean(true))
    case UInt8(ascii: "f"): return try keyword("false", .boolean(false))
    case UInt8(ascii: "n"): return try keyword("null", .null)
    case UInt8(ascii: "N"): return try keyword("NaN", .number(.nan))
    case UInt8(ascii: "I"): return try keyword("Infinity", .number(.infinity))
    case nil: throw mistake("expected a value, found the end of the text")
    case let byte? where byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10:
      return try number()
    default: throw mistake("expected a value")
    }
  }

  private mutating func object() throws(CheckpointError) -> JSONValue {
    try enter()
    var members: [JSONObject.Member] = []
    skipSpace()
    if !take("}") {
      repeat {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw mistake("expected a key in quotes") }
        let key = try string()
        skipSpace()
        guard take(":") else { throw mistake("expected ':' after the key \"\(key)\"") }
        members.append(JSONObject.Member(key: key, value: try value()))
        skipSpace()
      } while take(",")
      guard take("}") else { throw mistake("expected ',' or '}'") }
    }
    depth -= 1
    return .object(JSONObject(members: members))
  }

  private mutating func array() throws(CheckpointError) -> JSONValue {
    try enter()
    var values: [JSONValue] = []
    skipSpace()
    if !take("]") {
      repeat {
        values.append(try value())
        skipSpace()
      } while take(",")
      guard take("]") else { throw mistake("expected ',' or ']'") }
    }
    depth -= 1
    return .array(values)
  }

  private mutating func enter() throws(CheckpointError) {
    depth += 1
    guard depth <= Self.maximumDepth else {
      throw mistake("nested more than \(Self.maximumDepth) deep")
    }
    position += 1
  }

  private mutating func keyword(
    _ word: StaticString, _ value: JSONValue
  ) throws(CheckpointError) -> JSONValue {
    let end = position + word.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
      throw mistake("expected a value")
    }
    position = end
    return value
  }

  private mutating func number() throws(CheckpointError) -> JSONValue {
    let start = position
    if take("-"), peek == UInt8(ascii: "I") {
      return try keyword("Infinity", .number(-.infinity))
    }
    if !take("0") { try digits() }
    var isInteger = true
    if take(".") {
      isInteger = false
      try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      position = start
      throw mistake("the number \(text.prefix(40)) is too large")
    }
    return .number(value)
  }

  private mutating func digits() throws(CheckpointError) {
    let start = position
    while let byte = peek, byte &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw mistake("expected a digit") }
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(CheckpointError) -> String {
    let opening = position
    position += 1
    let start = position
    var unescaped: [UInt8]?
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        let text =
          unescaped.map { String(validating: $0, as: UTF8.self) }
          ?? String(validating: bytes[start..<position - 1], as: UTF8.self)
        guard let text else {
          position = opening
          throw mistake("the string is not valid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"):
        var buffer = unescaped ?? Array(bytes[start..<position - 1])
        unescaped = nil  // so that the buffer is not copied at every escape
        try escape(into: &buffer)
        unescaped = buffer
      case 0..<0x20:
        position -= 1
        throw mistake("a string contains the control character \(byte)")
      default:
        unescaped?.append(byte)
      }
    }
    position = opening
    throw mistake("the string has no closing quote")
  }

  private mutating func escape(into buffer: inout [UInt8]) throws(CheckpointError) {
    let code = peek
    position += 1
    switch code {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      buffer.append(code ?? 0)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"): try unicodeEscape(into: &buffer)
    default:
      position -= 1
      throw mistake("unknown escape in a string")
    }
  }

  private mutating func unicodeEscape(into buffer: inout [UInt8]) throws(CheckpointError) {
    var value = try hexadecimal()
    if value & 0xFC00 == 0xD800, take("\\") {
      guard take("u") else { throw mistake("expected the second half of a surrogate pair") }
      let low = try hexadecimal()
      guard low & 0xFC00 == 0xDC00 else {
        throw mistake("expected the second half of a surrogate pair")
      }
      value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw mistake("a surrogate has no partner")
    }
    buffer.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
  }

  private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw mistake("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}

// MARK: - Bytes

extension JSONParser {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func mistake(_ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: file, place: TextPlace(offset: position, in: bytes),
      "malformed JSON: \(message)",
      help: "the file was probably truncated or edited by hand; fetch it again")
  }
}
