/// Words that expressions can hold without quotes: labels, method names, sets and metrics.
package enum Name {
  /// What a name must be, for a line of help.
  package static let rule = "a name is letters, digits, '-' and '_', and begins with a letter"

  /// Whether expressions can hold the name without quotes.
  package static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first), let last = name.utf8.last else {
      return false
    }
    return last != UInt8(ascii: "-") && name.utf8.allSatisfy(isInside)
      && !name.contains("--")
  }

  package static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  package static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  package static func isInside(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
