/// A JSON document as read: integers stay apart from other numbers, and members keep their order.
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
