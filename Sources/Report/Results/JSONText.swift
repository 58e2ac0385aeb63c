import Experiments

/// A JSON value that writes itself the same way every time: keys sorted, numbers exact.
enum JSONText {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONText])
  case map([String: JSONText])

  init(_ value: Double?) {
    // JSON has no word for what is not a number.
    self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  init(_ value: Int?) { self = value.map(JSONText.integer) ?? .null }
  init(_ value: String?) { self = value.map(JSONText.text) ?? .null }
  init(_ values: [String]) { self = .list(values.map(JSONText.text)) }

  /// Appends the value; containers that hold containers get a line for each element.
  func write(to text: inout String, indent: Int = 0) {
    switch self {
    case .null: text += "null"
    case .flag(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += Int(exactly: value).map(String.init) ?? "\(value)"
    case .text(let value): Self.quote(value, to: &text)
    case .list(let values):
      write(values, "[", "]", to: &text, indent: indent) { value, text, indent in
        value.write(to: &text, indent: indent)
      }
    case .map(let fields):
      write(fields.sorted { $0.key < $1.key }, "{", "}", to: &text, indent: indent) {
        field, text, indent in
        Self.quote(field.key, to: &text)
        text += ": "
        field.value.write(to: &text, indent: indent)
      }
    }
  }

  /// The value without a line break.
  var line: String {
    switch self {
    case .list(let values): "[\(values.map(\.line).joined(separator: ","))]"
    case .map(let fields):
      "{"
        + fields.sorted { $0.key < $1.key }
        .map { "\(JSONText.text($0.key).line):\($0.value.line)" }.joined(separator: ",") + "}"
    default:
      {
        var text = ""
        write(to: &text)
        return text
      }()
    }
  }

  private func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int,
    each: (Element, inout String, Int) -> Void
  ) {
    let spreads = holdsContainers
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += spreads ? "," : ", " }
      if spreads { Self.breakLine(&text, indent + 1) }
      each(element, &text, indent + 1)
    }
    if spreads, !elements.isEmpty { Self.breakLine(&text, indent) }
    text += close
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

  private static func breakLine(_ text: inout String, _ indent: Int) {
    text += "\n"
    for _ in 0..<indent { text += "  " }
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    defer { text += "\"" }
    guard value.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
      text += value
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension JSONText {
  init(_ interval: ConfidenceInterval) {
    self = .map([
      "lower": JSONText(interval.lower), "upper": JSONText(interval.upper),
      "confidence": JSONText(interval.confidence), "method": .text(interval.method.rawValue),
    ])
  }

  /// An option of a method or a parameter of a report.
  init(_ option: OptionValue?) {
    switch option {
    case nil: self = .null
    case .flag(let value): self = .flag(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = JSONText(value)
    case .text(let value): self = .text(value)
    case .list(let values): self = .list(values.map { JSONText($0) })
    }
  }
}
