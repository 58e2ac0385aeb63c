import Formats

/// What a page needs from the rest of the program: what fills the places of the results.
struct RenderContext {
  /// What a reference leads to.
  struct Target: Hashable, Sendable {
    /// As in "Figure 3".
    package var text: String
    /// As in "#fig-accuracy".
    var href: String

    package init(text: String, href: String) {
      self.text = text
      self.href = href
    }
  }

  /// The figure, table, claim or summary that an embedded block became.
  package var embedded: (EmbeddedBlock) -> HTML
  /// The number of an inline value's expression.
  package var value: (String, SourcePosition) -> HTML
  /// Where a label leads, or nil if it is unknown.
  package var reference: (String, SourcePosition) -> Target?
  /// The address to load a picture from, or nil if there is none; a self-contained page needs `data:`.
  package var image: (String) -> String?
  /// The address on the page of what a link of the source leads to.
  package var link: (String) -> String
  /// Whether HTML in the source is kept; otherwise it is shown as text, without comments.
  var allowsRawHTML: Bool

  package init(
    embedded: @escaping (EmbeddedBlock) -> HTML,
    value: @escaping (String, SourcePosition) -> HTML,
    reference: @escaping (String, SourcePosition) -> Target?,
    image: @escaping (String) -> String? = { $0 },
    link: @escaping (String) -> String = { $0 },
    allowsRawHTML: Bool = false
  ) {
    self.embedded = embedded
    self.value = value
    self.reference = reference
    self.image = image
    self.link = link
    self.allowsRawHTML = allowsRawHTML
  }
}
