/// Characters of a text held as valid UTF-8, with the classes that the splitting patterns use.
enum UTF8Text {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// The character that begins at `position`, and its length in bytes.
  @inline(__always)
  static func scalar(in text: Bytes, at position: Int) -> (value: UInt32, length: Int) {
    func byte(_ offset: Int) -> UInt32 { UInt32(text[position &+ offset] & 0x3F) }
    let first = UInt32(text[position])
    if first < 0x80 { return (first, 1) }
    if first < 0xE0 { return ((first & 0x1F) << 6 | byte(1), 2) }
    if first < 0xF0 { return ((first & 0x0F) << 12 | byte(1) << 6 | byte(2), 3) }
    return ((first & 0x07) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3), 4)
  }

  /// Where the character that ends before `position` begins; `position` is above 0.
  static func start(before position: Int, in text: Bytes) -> Int {
    var start = position - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// The classes that `\p{L}`, `\p{N}`, `[\r\n]` and `\s` distinguish.
  enum Class {
    case letter
    case number
    /// Carriage return or line feed, which are white space as well.
    case newline
    case space
    case other

    var isSpace: Bool { self == .space || self == .newline }
  }

  @inline(__always)
  static func characterClass(_ value: UInt32) -> Class {
    guard value < 0x80 else { return unicodeClass(value) }
    if (value | 0x20) &- 0x61 < 26 { return .letter }
    if value &- 0x30 < 10 { return .number }
    if value == 0x20 { return .space }
    if value == 0x0A || value == 0x0D { return .newline }
    return value &- 0x09 < 5 ? .space : .other
  }

  private static func unicodeClass(_ value: UInt32) -> Class {
    value < 0x10000 ? basicClasses[Int(value)] : computedClass(value)
  }

  /// The classes of the first 65,536 code points: a look-up is many times faster than the properties.
  private static let basicClasses: [Class] = (0..<0x10000).map(computedClass)

  private static func computedClass(_ value: UInt32) -> Class {
    guard let scalar = Unicode.Scalar(value) else { return .other }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return isKnown(scalar) ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber:
      return isKnown(scalar) ? .number : .other
    default:
      return scalar.properties.isWhitespace ? .space : .other
    }
  }

  /// Whether the character is a digit or another number, to the newest Unicode.
  static func isNumber(_ value: UInt32) -> Bool {
    if value < 0x80 { return value &- 0x30 < 10 }
    switch Unicode.Scalar(value)?.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }

  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    UnicodeTables.isAssigned(scalar, by: UnicodeTables.patternVersion)
  }

  /// Whether the character is one of a word, as `\w` has it.
  static func isWord(_ value: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(value), isKnown(scalar) else { return false }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark:
      return true
    default:
      return properties.isAlphabetic || properties.isJoinControl
    }
  }
}
