/// A numbered table of results.
package struct TableComponent: Hashable, Sendable {
  /// The label, as in "tbl-accuracy".
  package var anchor: String
  package var number: Int
  package var caption: HTML
  package var grid: TableGrid
  /// What stands under the table: what bold means, what is missing.
  package var notes: [HTML]
  package var footer: ResultFooter

  package init(
    anchor: String, number: Int, caption: HTML, grid: TableGrid, notes: [HTML] = [],
    footer: ResultFooter
  ) {
    self.anchor = anchor
    self.number = number
    self.caption = caption
    self.grid = grid
    self.notes = notes
    self.footer = footer
  }

  package var html: HTML {
    """
    <figure class="result table" id="\(anchor)">
    <figcaption><span class="number">Table \(number)</span> \(caption)</figcaption>
    \(grid.html(named: "Table \(number)"))
    \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())\(footer.html)</figure>
    """
  }
}
