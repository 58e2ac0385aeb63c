/// A number in running text, with what it is computed from.
package struct InlineValue: Hashable, Sendable {
  /// As in "84.2 %".
  package var text: String
  /// As in "lowres[lora,128].ood.accuracy, mean of 6 seeds".
  package var title: String
  /// Whether there is no number, and the text says so.
  package var isMissing: Bool

  package init(text: String, title: String, isMissing: Bool = false) {
    self.text = text
    self.title = title
    self.isMissing = isMissing
  }

  package var html: HTML {
    "<span class=\"val\(isMissing ? " missing" : "" as HTML)\" title=\"\(title)\">\(text)</span>"
  }
}
