/// One node of a block's YAML, typed by the YAML 1.2 core schema, with its place in the source.
package struct YAMLValue: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text
    case list([YAMLValue])
    case map([YAMLField])
  }

  package var content: Content
  package var position: SourcePosition
  /// A scalar as it was written, whatever its type; empty for lists and maps.
  package var source: SourceText

  package init(content: Content, position: SourcePosition, source: SourceText) {
    self.content = content
    self.position = position
    self.source = source
  }

  /// What the node is, in words for a message.
  package var kind: String {
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

  package var isNull: Bool { content == .null }

  /// A scalar as it was written, whatever its type; nil for lists, maps and nothing.
  package var scalar: String? {
    switch content {
    case .list, .map, .null: nil
    default: source.text
    }
  }

  /// The items of a list, or the value itself as the only one.
  package var items: [YAMLValue] { if case .list(let list) = content { list } else { [self] } }
}

/// One key of a map with its value.
package struct YAMLField: Hashable, Sendable {
  package var key: String
  package var position: SourcePosition
  package var value: YAMLValue

  package init(key: String, position: SourcePosition, value: YAMLValue) {
    self.key = key
    self.position = position
    self.value = value
  }
}

extension YAMLValue.Content {
  /// Types a plain scalar by the core schema, so `no` and `2024-05-01` stay text.
  ///
  /// YAML 1.2.2, §10.3.2.
  package init(plain text: String) {
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
    if text.starts(withBytes: "0x") {
      return Int(text.dropping(firstBytes: 2), radix: 16).map(Self.integer)
    }
    if text.starts(withBytes: "0o") {
      return Int(text.dropping(firstBytes: 2), radix: 8).map(Self.integer)
    }
    let numeric = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard numeric, text.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int(text).map(Self.integer) ?? Double(text).map(Self.number)
  }
}
