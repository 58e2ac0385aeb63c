import Formats

/// The rows and columns of a table of results; the first column names the rows.
struct TableGrid: Hashable, Sendable {
  enum Alignment: Hashable, Sendable {
    case text
    /// Right-aligned, in figures of one width.
    case number
  }

  struct HeaderCell: Hashable, Sendable {
    package var text: HTML
    /// Columns that it spans; more than one makes it a group.
    var span: Int

    package init(_ text: HTML, span: Int = 1) {
      self.text = text
      self.span = span
    }
  }

  package enum Cell: Hashable, Sendable {
    case text(HTML)
    /// A number; the title explains where it comes from, its interval is below it on paper, and the
    /// best of its group is in bold.
    case value(HTML, isBest: Bool = false, title: String? = nil, interval: String? = nil)
    /// Several lines, the first of them the largest; a marked one is set off, which its words say too.
    case lines([HTML], isMarked: Bool = false)
    /// A number that others published.
    case published(HTML, title: String? = nil)
    /// A missing number, shown as a dash with the reason.
    case missing(reason: String)
  }

  package struct Row: Hashable, Sendable {
    package var cells: [Cell]
    /// Whether there is a rule above it.
    var startsGroup: Bool

    package init(_ cells: [Cell], startsGroup: Bool = false) {
      self.cells = cells
      self.startsGroup = startsGroup
    }
  }

  /// One a column.
  var alignments: [Alignment]
  var headerRows: [[HeaderCell]]
  package var rows: [Row]
  /// Whether the first column holds running texts, which wrap, and not names.
  var hasTexts = false

  package init(alignments: [Alignment], headerRows: [[HeaderCell]], rows: [Row]) {
    self.alignments = alignments
    self.headerRows = headerRows
    self.rows = rows
  }

  /// The table in a box that scrolls sideways where it does not fit, the first column staying.
  ///
  /// - Parameter name: What a screen reader calls the box.
  /// - Returns: Its HTML.
  package func html(named name: String) -> HTML {
    """
    <div class="scroll" role="region" aria-label="\(name)" tabindex="0"><table class="data\(hasTexts ? " texts" : "" as HTML)">
    <thead>
    \(headerRows.map(header).joined())</thead>
    <tbody>
    \(rows.map(body).joined())</tbody>
    </table></div>
    """
  }
}

extension TableGrid {
  private func header(_ cells: [HeaderCell]) -> HTML {
    var column = 0
    var html: HTML = ""
    for cell in cells {
      let isGroup = cell.span > 1
      let style: HTML = isGroup ? " class=\"group\"" : style(ofColumn: column)
      let scope: HTML = isGroup ? "colgroup\" colspan=\"\(cell.span)" : "col"
      // An empty corner is no header of anything.
      html += cell.text.isEmpty ? "<td></td>" : "<th scope=\"\(scope)\"\(style)>\(cell.text)</th>"
      column += cell.span
    }
    return "<tr>\(html)</tr>\n"
  }

  private func body(_ row: Row) -> HTML {
    let cells = row.cells.enumerated().map { column, cell -> HTML in
      switch cell {
      case .text(let text) where column == 0: "<th scope=\"row\">\(text)</th>"
      case .text(let text): "<td\(style(ofColumn: column))>\(text)</td>"
      case .value(let text, let isBest, let title, let interval):
        """
        <td class="num\(isBest ? " best" : "" as HTML)"\
        \(title.map { " title=\"\($0)\"" })>\(isBest ? "<b>\(text)</b>" : text)\
        \(interval.map { "<small class=\"paper\">\($0)</small>" })</td>
        """
      case .lines(let lines, let isMarked):
        """
        <td class="\(alignments[column] == .number ? "num" : "lines" as HTML)\
        \(isMarked ? " best" : "" as HTML)">\(lines.first)\
        \(lines.dropFirst().map { "<small>\($0)</small>" as HTML }.joined())</td>
        """
      case .published(let text, let title):
        "<td class=\"num published\"\(title.map { " title=\"\($0)\"" })>\(text)</td>"
      case .missing(let reason):
        """
        <td class="num missing" title="\(reason)">—\
        <span class="unseen"> \(reason.starts(withBytes: "missing") || reason.starts(withBytes: "not tested") ? "" : "missing: " as HTML)\(reason)\
        </span></td>
        """
      }
    }
    return "<tr\(row.startsGroup ? " class=\"group-start\"" : "" as HTML)>\(cells.joined())</tr>\n"
  }

  private func style(ofColumn column: Int) -> HTML {
    alignments.indices.contains(column) && alignments[column] == .number ? " class=\"num\"" : ""
  }
}

/// A numbered table of results.
struct TableComponent: Hashable, Sendable {
  /// The label, as in "tbl-accuracy".
  var anchor: String
  /// The noun before its number: "Table", "Comparison".
  var noun: String
  package var number: Int
  var caption: HTML
  var grid: TableGrid
  /// Notes below the table: what bold means, what is missing.
  var notes: [HTML]
  var footer: ResultFooter

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

/// The small line under a figure or table: its data as a table and as a file, and its origin.
struct ResultFooter: Hashable, Sendable {
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
