extension JSONValue {
  /// The value as JSON text, members in their order, indented by two spaces a level.
  var text: String { text(indent: 0) + "\n" }

  private func text(indent: Int) -> String {
    let (inner, outer) = (
      String(repeating: "  ", count: indent + 1), String(repeating: "  ", count: indent)
    )
    func list(_ open: String, _ items: [String], _ close: String) -> String {
      guard !items.isEmpty else { return open + close }
      return "\(open)\n\(items.map { inner + $0 }.joined(separator: ",\n"))\n\(outer)\(close)"
    }
    switch self {
    case .null: return "null"
    case .boolean(let value): return "\(value)"
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .string(let value): return Self.quoted(value)
    case .array(let values): return list("[", values.map { $0.text(indent: indent + 1) }, "]")
    case .object(let object):
      let members = object.members.map {
        "\(Self.quoted($0.key)): \($0.value.text(indent: indent + 1))"
      }
      return list("{", members, "}")
    }
  }

  /// A string in quotes with what JSON cannot hold escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSONObject {
  init(_ members: KeyValuePairs<String, JSONValue>) {
    self.init(members: members.map { Member(key: $0.key, value: $0.value) })
  }

  /// The object with a member's value replaced, or the member added at the end.
  func replacing(_ key: String, with value: JSONValue) -> JSONObject {
    let member = Member(key: key, value: value)
    guard members.contains(where: { $0.key == key }) else {
      return JSONObject(members: members + [member])
    }
    return JSONObject(members: members.map { $0.key == key ? member : $0 })
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
