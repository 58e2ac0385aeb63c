package import Formats

/// A heading with the id that links lead to.
package struct DocumentHeading: Hashable, Sendable {
  /// 1 … 6.
  package var level: Int
  /// Written as `{#sec-name}` or made from the text; always starts with `sec-`, unique in a page.
  package var id: String
  package var content: [DocumentInline]
  package var position: SourcePosition
}
