import Formats

/// The grammar of labels: runs of ASCII letters and digits joined by single `-` or `_`.
///
/// Single joints leave the dashes of `@fig-acc--as expected` to the prose.
enum SourceLabel {
  /// What may follow `@` in prose, before the hyphen.
  static let referencePrefixes = ["fig", "tbl", "sec", "clm", "cmp", "rec", "ref", "exp", "err"]

  /// The longest label that starts the bytes; empty if none does.
  static func prefix(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var end = bytes.startIndex
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if isWord(bytes[index]) {
        index += 1
        end = index
      } else if isJoint(bytes[index]), end == index, end > bytes.startIndex {
        index += 1
      } else {
        break
      }
    }
    return bytes[bytes.startIndex..<end]
  }

  /// Whether the whole text is one label.
  static func isLabel(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && prefix(of: bytes).count == bytes.count
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}

/// The `{#sec-name}` at the end of a heading.
enum HeadingLabel {
  /// Removes the label from the end of a heading's inlines.
  ///
  /// - Returns: The label without braces and `#`, unchecked, or nil if the heading has none.
  static func take(from content: inout [DocumentInline]) -> String? {
    guard case .text(let text) = content.last, text.ends(withBytes: "}"),
      let open = text.utf8.lastIndex(of: UInt8(ascii: "{")),
      text[open...].starts(withBytes: "{#")
    else { return nil }
    let label = text[open...].dropping(firstBytes: 2).dropping(lastBytes: 1)
    var kept = text[..<open].utf8
    while kept.last == UInt8(ascii: " ") { kept.removeLast() }
    content.removeLast()
    if !kept.isEmpty { content.append(.text(String(Substring(kept)))) }
    return String(label)
  }
}
