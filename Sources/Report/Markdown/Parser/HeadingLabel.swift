import Formats

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
