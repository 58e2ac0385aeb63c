/// A bullet, ordered or task list.
package struct DocumentList: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    /// The box of a task list item; nil without one.
    package var isChecked: Bool?
    package var blocks: [DocumentBlock]
  }

  /// The first number; nil for bullets.
  package var start: Int?
  /// Whether paragraphs are set without space between them.
  package var isTight: Bool
  package var items: [Item]
}
