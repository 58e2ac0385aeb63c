/// Text of others, fit to be shown: what a reader cannot see is written out as `<U+202E>`.
///
/// A name, a label or a message out of a file can hold escape sequences that drive a terminal, and
/// controls that reorder or hide what is around them (Boucher and Anderson 2021, "Trojan Source",
/// arXiv:2111.00169). Whatever this program shows of them goes through here.
package enum VisibleText {
  /// One line: line ends and tabs are written out too, so that a name cannot forge a line.
  package static func line(_ text: String) -> String { shown(text) { _ in false } }

  /// Several lines: LF and TAB stay.
  package static func lines(_ text: String) -> String {
    shown(text) { $0.value == 0x0A || $0.value == 0x09 }
  }

  /// An author's own text: LF, TAB and what only joins or separates letters stay, as scripts and
  /// emoji need them; controls and what reorders text are written out.
  package static func prose(_ text: String) -> String {
    shown(text) { scalar in
      !isControl(scalar) && !isBidirectional(scalar) || [0x0A, 0x0D, 0x09].contains(scalar.value)
    }
  }

  private static func shown(
    _ text: String, keeps: (Unicode.Scalar) -> Bool
  ) -> String {
    // Almost every text has nothing to write out.
    guard text.unicodeScalars.contains(where: { isInvisible($0) && !keeps($0) }) else {
      return text
    }
    var result = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if !isInvisible(scalar) || keeps(scalar) || isJoining(at: index, in: scalars) {
        result.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        result.append(contentsOf: "<U+\(zeros)\(digits)>".unicodeScalars)
      }
    }
    return String(result)
  }

  /// Whether a reader does not see a scalar, or only sees what it does to others.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    // Letters of most languages, so that nothing below is looked at.
    if (0x20...0x7E).contains(scalar.value) || (0xA1...0xAC).contains(scalar.value)
      || (0xAE...0x2FF).contains(scalar.value)
    {
      return false
    }
    if isControl(scalar) || isBidirectional(scalar) { return true }
    switch scalar.value {
    case 0xAD, 0x034F, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200D,
      0x2028...0x2029, 0x2060...0x2064, 0x206A...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB,
      0xE0000...0xE0FFF:
      return true
    default: return false
    }
  }

  /// C0, DEL and C1.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  /// Unicode's `Bidi_Control`.
  private static func isBidirectional(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Whether a joiner or non-joiner is between what it joins: Persian, Indic scripts, emoji.
  private static func isJoining(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    guard (0x200C...0x200D).contains(scalars[index].value), index > 0, index + 1 < scalars.count
    else { return false }
    return [scalars[index - 1], scalars[index + 1]].allSatisfy {
      !$0.isASCII && !(0x200B...0x200D).contains($0.value)
    }
  }
}
