package import Foundation

/// JSON of values that have a type: keys, stored records, messages of workers, output for programs.
///
/// Keys are sorted and slashes are not escaped, so that equal values give equal bytes. What is put
/// together from parts is a ``JSONText``.
package enum JSONCoding {
  package enum Layout: Sendable {
    /// No white space. Keys of cells are digests of it, so it never changes.
    case line
    /// A member a line, for people.
    case indented
  }

  /// What becomes of NaN and the infinities, for which JSON has no number.
  package enum NonFinite: Sendable {
    case rejected
    /// The texts `nan`, `inf` and `-inf`.
    case text
  }

  /// Writes a value.
  ///
  /// - Throws: What the value's `encode(to:)` throws, and `EncodingError` for a rejected number.
  package static func data(
    of value: some Encodable, _ layout: Layout = .line, nonFinite: NonFinite = .rejected
  ) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if layout == .indented { encoder.outputFormatting.insert(.prettyPrinted) }
    if nonFinite == .text {
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }
    return try encoder.encode(value)
  }

  /// Writes a value as text; see ``data(of:_:nonFinite:)``.
  package static func text(
    of value: some Encodable, _ layout: Layout = .line, nonFinite: NonFinite = .rejected
  ) throws -> String {
    String(decoding: try data(of: value, layout, nonFinite: nonFinite), as: UTF8.self)
  }

  /// Reads what ``data(of:_:nonFinite:)`` wrote with the same `nonFinite`, or any other JSON.
  ///
  /// - Throws: `DecodingError` for what is no JSON or not the type's.
  package static func value<Value: Decodable>(
    _ type: Value.Type, from data: Data, nonFinite: NonFinite = .rejected
  ) throws -> Value {
    let decoder = JSONDecoder()
    if nonFinite == .text {
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }
    return try decoder.decode(type, from: data)
  }
}
