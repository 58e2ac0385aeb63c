/// A JSON document as read: integers are distinct from other numbers, and members keep their order.
package enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// A number written without fraction and exponent that fits `Int`.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  var isNull: Bool { self == .null }

  var boolean: Bool? {
    guard case .boolean(let value) = self else { return nil }
    return value
  }

  var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The value of an integer or any other number.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  var array: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  package var object: JSONObject? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// The value in words short enough for an error message.
  package var summary: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value.prefix(60))\""
    case .array(let values): "an array of \(values.count)"
    case .object(let object): "an object of \(object.members.count)"
    }
  }
}

/// The members of a JSON object in the order of the file.
///
/// Look-up walks the members, which suits objects of a few fields; vocabularies are walked once.
package struct JSONObject: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package let key: String
    package let value: JSONValue
  }

  package let members: [Member]

  /// The value of the last member with this key, as Python's reader has it; null counts as absent.
  package subscript(key: String) -> JSONValue? {
    guard let value = members.last(where: { $0.key == key })?.value, !value.isNull else {
      return nil
    }
    return value
  }
}

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
    case .number(let value): return Self.spelled(value)
    case .string(let value): return Self.quoted(value)
    case .array(let values): return list("[", values.map { $0.text(indent: indent + 1) }, "]")
    case .object(let object):
      let members = object.members.map {
        "\(Self.quoted($0.key)): \($0.value.text(indent: indent + 1))"
      }
      return list("{", members, "}")
    }
  }

  /// The value as JSON text on one line, members in their order.
  package var line: String {
    switch self {
    case .null, .boolean, .integer, .number, .string: text(indent: 0)
    case .array(let values): "[\(values.map(\.line).joined(separator: ","))]"
    case .object(let object):
      "{\(object.members.map { "\(Self.quoted($0.key)):\($0.value.line)" }.joined(separator: ","))}"
    }
  }

  /// A number as Python writes it.
  private static func spelled(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value.isFinite ? "\(value)" : value < 0 ? "-Infinity" : "Infinity"
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
