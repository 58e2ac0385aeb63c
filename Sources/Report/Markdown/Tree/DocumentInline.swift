package import Formats

/// Running text as a tree.
package enum DocumentInline: Hashable, Sendable {
  case text(String)
  case softBreak
  case lineBreak
  case code(String)
  indirect case emphasis([DocumentInline])
  indirect case strong([DocumentInline])
  indirect case strikethrough([DocumentInline])
  /// The destination is as written: whoever renders it keeps only those ``SafeURL`` allows.
  indirect case link(destination: String, title: String, [DocumentInline])
  case image(source: String, title: String, alternative: String)
  case html(String)
  /// A mark that points to the footnote of this number, counted from 1; `occurrence` counts the
  /// marks of one footnote from 1.
  case footnoteReference(number: Int, occurrence: Int)
  /// A code span `{val} expression`; the position is that of the expression's first byte.
  case value(String, SourcePosition)
  /// `@fig-accuracy`: the label without `@`; the position is that of the `@`.
  case reference(String, SourcePosition)
}

extension DocumentInline {
  /// The text a reader sees, without marks, values and references.
  package var plainText: String {
    switch self {
    case .text(let text), .code(let text): text
    case .softBreak, .lineBreak: " "
    case .emphasis(let children), .strong(let children), .strikethrough(let children),
      .link(_, _, let children):
      children.map(\.plainText).joined()
    case .image(_, _, let alternative): alternative
    case .html, .footnoteReference, .value, .reference: ""
    }
  }
}
