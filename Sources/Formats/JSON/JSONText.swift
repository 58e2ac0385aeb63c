/// A JSON document put together from parts: keys sorted, numbers exact, null for what is not a number.
///
/// A value that has a type is written by ``JSONCoding``.
package enum JSONText: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONText])
  case map([String: JSONText])

  package init(_ value: Double?) {
    // JSON has no word for what is not a number.
    self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  package init(_ value: Int?) { self = value.map(JSONText.integer) ?? .null }
  package init(_ value: String?) { self = value.map(JSONText.text) ?? .null }
  package init(_ values: [String]) { self = .list(values.map(JSONText.text)) }

  /// The value as text, without a line end behind it.
  package var text: String { string { write(to: &$0) } }

  /// The value without a line break.
  package var line: String { string { write(to: &$0, spreads: false) } }

  private func string(_ write: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the value in UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: What it is appended to.
  ///   - indent: Levels around it.
  ///   - spreads: Whether containers that hold containers get a line for each element.
  private func write(to bytes: inout [UInt8], indent: Int = 0, spreads: Bool = true) {
    switch self {
    case .null: bytes += "null".utf8
    case .flag(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .number(let value):
      bytes += (Int(exactly: value).map { String($0) } ?? value.description).utf8
    case .text(let value): Self.quote(value, to: &bytes)
    case .list(let values):
      write(values, "[", "]", to: &bytes, indent: indent, spreads: spreads) { value, bytes in
        value.write(to: &bytes, indent: indent + 1, spreads: spreads)
      }
    case .map(let fields):
      let sorted = fields.sorted { $0.key < $1.key }
      write(sorted, "{", "}", to: &bytes, indent: indent, spreads: spreads) { field, bytes in
        Self.quote(field.key, to: &bytes)
        bytes += (spreads ? ": " : ":").utf8
        field.value.write(to: &bytes, indent: indent + 1, spreads: spreads)
      }
    }
  }

  private func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to bytes: inout [UInt8], indent: Int,
    spreads: Bool, each: (Element, inout [UInt8]) -> Void
  ) {
    let breaksLines = spreads && holdsContainers
    let separator = spreads && !breaksLines ? ", " : ","
    bytes += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes += separator.utf8 }
      if breaksLines { Self.breakLine(&bytes, indent + 1) }
      each(element, &bytes)
    }
    if breaksLines, !elements.isEmpty { Self.breakLine(&bytes, indent) }
    bytes += close.utf8
  }

  /// Whether some element is worth a line of its own.
  private var holdsContainers: Bool {
    func isContainer(_ value: JSONText) -> Bool {
      switch value {
      case .list(let values): !values.isEmpty
      case .map(let fields): !fields.isEmpty
      default: false
      }
    }
    return switch self {
    case .list(let values): values.contains(where: isContainer)
    case .map(let fields): fields.values.contains(where: isContainer)
    default: false
    }
  }

  private static func breakLine(_ bytes: inout [UInt8], _ indent: Int) {
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<indent { bytes += "  ".utf8 }
  }

  private static func quote(_ value: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case ..<0x20:
        let digits = String(byte, radix: 16)
        bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
