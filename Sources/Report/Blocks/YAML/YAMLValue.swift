/// One node of a block's YAML, typed by the YAML 1.2 core schema, with its place in the source.
struct YAMLValue: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text
    case list([YAMLValue])
    case map([YAMLField])
  }

  var content: Content
  var position: SourcePosition
  /// A scalar as it was written, whatever its type; empty for lists and maps.
  var source: SourceText

  /// What the node is, in words for a message.
  var kind: String {
    switch content {
    case .null: "nothing"
    case .flag: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "text"
    case .list: "a list"
    case .map: "a map"
    }
  }

  var isNull: Bool { content == .null }
}

/// One key of a map with its value.
struct YAMLField: Hashable, Sendable {
  var key: String
  var position: SourcePosition
  var value: YAMLValue
}

extension YAMLValue.Content {
  /// Types a plain scalar by the core schema, so `no` and `2024-05-01` stay text.
  ///
  /// YAML 1.2.2, §10.3.2.
  init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .flag(true)
    case "false", "False", "FALSE": self = .flag(false)
    case ".nan", ".NaN", ".NAN": self = .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": self = .number(-.infinity)
    default: self = Self.numeral(text) ?? .text
    }
  }

  private static func numeral(_ text: String) -> Self? {
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16).map(Self.integer) }
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8).map(Self.integer) }
    let numeric = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard numeric, text.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int(text).map(Self.integer) ?? Double(text).map(Self.number)
  }
}
