/// The `{#sec-name}` at the end of a heading.
enum HeadingLabel {
  /// Removes the label from the end of a heading's inlines.
  ///
  /// - Returns: The label without braces and `#`, unchecked, or nil if the heading has none.
  static func take(from content: inout [DocumentInline]) -> String? {
    guard case .text(let text) = content.last, text.hasSuffix("}"),
      let open = text.lastIndex(of: "{"), text[open...].hasPrefix("{#")
    else { return nil }
    let label = text[open...].dropFirst(2).dropLast()
    var kept = text[..<open]
    while kept.last == " " { kept.removeLast() }
    content.removeLast()
    if !kept.isEmpty { content.append(.text(String(kept))) }
    return String(label)
  }
}
