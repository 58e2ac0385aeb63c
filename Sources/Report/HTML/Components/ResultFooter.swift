/// The small line under a figure or table: its data as a table and as a file, and its origin.
package struct ResultFooter: Hashable, Sendable {
  /// The numbers behind a picture; nil where the numbers are shown anyway.
  package var data: TableGrid?
  /// Address of the CSV file, relative to the page.
  package var csv: String?
  /// As in "lowres · 120 cells · 6 seeds".
  package var provenance: String?

  package init(data: TableGrid? = nil, csv: String? = nil, provenance: String? = nil) {
    self.data = data
    self.csv = csv
    self.provenance = provenance
  }

  package var html: HTML {
    let table = data.map { grid -> HTML in
      "<details><summary>Data</summary>\n\(grid.html(named: "Data of the figure"))\n</details>\n"
    }
    let file = csv.map { address -> HTML in
      Address(address).isLink ? "<a href=\"\(address: address)\" download>CSV</a>\n" : ""
    }
    let origin = provenance.map { "<span class=\"origin\">\($0)</span>\n" as HTML }
    guard table != nil || file != nil || origin != nil else { return "" }
    return "<div class=\"footer\">\n\(table)\(file)\(origin)</div>\n"
  }
}
