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
