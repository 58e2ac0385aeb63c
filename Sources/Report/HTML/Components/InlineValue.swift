/// A number in running text, with what it is computed from.
package struct InlineValue: Hashable, Sendable {
  /// As in "84.2 %".
  package var text: String
  /// As in "lowres[lora,128].ood.accuracy, mean of 6 seeds".
  package var title: String
  /// Whether there is no number, and the text says so.
  package var isMissing: Bool
  /// Whether the number is another's, which a word beside it says.
  package var isPublished: Bool

  package init(text: String, title: String, isMissing: Bool = false, isPublished: Bool = false) {
    self.text = text
    self.title = title
    self.isMissing = isMissing
    self.isPublished = isPublished
  }

  package var html: HTML {
    """
    <span class="val\(isMissing ? " missing" : "" as HTML)\(isPublished ? " published" : "" as HTML)" \
    title="\(title)">\(text)\(isPublished ? "<small> publ.</small>" : "" as HTML)</span>
    """
  }
}
