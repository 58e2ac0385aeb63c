import Foundation
// Foundation's composition on Linux leaves Hangul syllables apart and orders the marks of recent
// Unicode versions wrongly; the standard library's, which compares strings, is right.
@_spi(_Unicode) import Swift

/// Unicode's normal forms as the reference has them.
enum NormalForm: String, Hashable, Sendable {
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"

  /// The only characters of combining class 0 that decompose into marks: the standard library takes
  /// the first of these for a starter and leaves marks around it in the wrong order.
  private static let tibetanVowels: [Unicode.Scalar: [Unicode.Scalar]] = [
    "\u{F73}": ["\u{F71}", "\u{F72}"], "\u{F75}": ["\u{F71}", "\u{F74}"],
    "\u{F81}": ["\u{F71}", "\u{F80}"],
  ]

  /// The text in this form, or nil where it is certainly in it already.
  func apply(to text: UTF8Text.Bytes) -> [UInt8]? {
    // Below U+0300, whose first byte is 0xCC, every text is composed; below U+0080 decomposed too.
    let limit: UInt8 = self == .nfc ? 0xCC : 0x80
    if text.allSatisfy({ $0 < limit }) { return nil }
    var result = String.UnicodeScalarView()
    var pending = String.UnicodeScalarView()
    // To the reference, a newer character has no decomposition and does not combine: it stands
    // between two texts.
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if let marks = Self.tibetanVowels[scalar] {
        pending.append(contentsOf: marks)
      } else if UnicodeTables.isAssigned(scalar, by: UnicodeTables.normalizationVersion) {
        pending.append(scalar)
      } else {
        append(pending, to: &result)
        pending.removeAll()
        result.append(scalar)
      }
    }
    append(pending, to: &result)
    return Array(String(result).utf8)
  }

  private func append(
    _ text: String.UnicodeScalarView, to result: inout String.UnicodeScalarView
  ) {
    if text.isEmpty { return }
    switch self {
    case .nfc: result.append(contentsOf: String(text)._nfc)
    case .nfd: result.append(contentsOf: String(text)._nfd)
    case .nfkc: result.append(contentsOf: Self.compatible(text)._nfc)
    case .nfkd: result.append(contentsOf: Self.compatible(text)._nfd)
    }
  }

  /// The text with each character's compatibility decomposition, marks not yet in order.
  private static func compatible(_ text: String.UnicodeScalarView) -> String {
    var result = ""
    for scalar in text {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += String(scalar).decomposedStringWithCompatibilityMapping
      }
    }
    return result
  }
}

/// Properties of characters as the reference's tables have them.
///
/// Hugging Face `tokenizers` 0.23 takes them from libraries of several ages, all older than Swift's.
/// A character that came to Unicode after such a library was made has no property in it, and Unicode
/// never changes how an assigned character decomposes, so a limit on ``Unicode/Scalar/Properties/age``
/// gives the same answers. The few characters whose category did change are listed.
/// Compared with the reference for every code point.
enum UnicodeTables {
  /// Version of the expressions that cut words (Oniguruma, `regex`).
  static let patternVersion = 16
  /// Version of decompositions and combining classes (`unicode-normalization-alignments`).
  static let normalizationVersion = 9
  /// Version of the categories that BERT's rules ask for (`unicode_categories`).
  static let categoryVersion = 8

  /// Whether a version of Unicode knows the character.
  static func isAssigned(_ scalar: Unicode.Scalar, by version: Int) -> Bool {
    scalar.value < 0x250 || (scalar.properties.age.map { $0.major <= version } ?? false)
  }

  /// Whether the character is punctuation to BERT, to which all ASCII symbols are.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return (0x21...0x2F).contains(scalar.value) || (0x3A...0x40).contains(scalar.value)
        || (0x5B...0x60).contains(scalar.value) || (0x7B...0x7E).contains(scalar.value)
    }
    if scalar.value == 0x166D || scalar.value == 0x111C9 { return true }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return isAssigned(scalar, by: categoryVersion)
    default:
      return false
    }
  }

  /// Whether BERT's clean-up drops the character: a control, format or private one.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: !["\t", "\n", "\r"].contains(scalar)
    case .format, .privateUse: isAssigned(scalar, by: categoryVersion)
    default: false
    }
  }

  /// Whether BERT takes the character for an accent, which is a mark without width.
  static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1734, 0x1171E: true
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    default:
      scalar.properties.generalCategory == .nonspacingMark
        && isAssigned(scalar, by: categoryVersion)
    }
  }

  /// Whether the character is a mark of any kind, which `StripAccents` drops.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value == 0x1CF2 || scalar.value == 0x1CF3 { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark:
      return scalar.value != 0x111C9 && isAssigned(scalar, by: normalizationVersion)
    default:
      return false
    }
  }

  /// Whether BERT puts spaces around the character, as around Chinese ones.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // The reference begins extension E at 2B920 rather than 2B820.
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default:
      false
    }
  }
}
