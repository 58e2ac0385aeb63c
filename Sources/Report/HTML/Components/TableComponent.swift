/// A numbered table of results.
package struct TableComponent: Hashable, Sendable {
  /// The label, as in "tbl-accuracy".
  package var anchor: String
  /// What it is called before its number: "Table", "Comparison".
  package var noun: String
  package var number: Int
  package var caption: HTML
  package var grid: TableGrid
  /// What stands under the table: what bold means, what is missing.
  package var notes: [HTML]
  package var footer: ResultFooter

  package init(
    anchor: String, noun: String = "Table", number: Int, caption: HTML, grid: TableGrid,
    notes: [HTML] = [], footer: ResultFooter
  ) {
    self.anchor = anchor
    self.noun = noun
    self.number = number
    self.caption = caption
    self.grid = grid
    self.notes = notes
    self.footer = footer
  }

  package var html: HTML {
    """
    <figure class="result table" id="\(anchor)">
    <figcaption><span class="number">\(noun) \(number)</span> \(caption)</figcaption>
    \(grid.html(named: "\(noun) \(number)"))
    \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())\(footer.html)</figure>
    """
  }
}
