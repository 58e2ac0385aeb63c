extension TableRenderer {
  /// A table in which every column of measured numbers is followed by the published ones and by the
  /// difference, measured minus published.
  func beside(
    _ numbers: PublishedNumbers, _ grid: TableGrid, _ layout: TableLayout, _ block: TableBlock
  ) -> TableGrid {
    var headers = grid.headerRows.dropLast().map { row in
      row.map { TableGrid.HeaderCell($0.text, span: $0.text.isEmpty ? 1 : 3 * $0.span) }
    }
    let names = grid.headerRows.last ?? []
    headers.append([.init("")] + names.dropFirst().map { .init($0.text, span: 3) })
    headers.append(
      names.prefix(1)
        + layout.columns.flatMap { _ in
          ["here", "published", "difference"].map { TableGrid.HeaderCell("\($0 as String)") }
        })
    let rows = zip(layout.rows, grid.rows).map { row, measured in
      let cells = zip(layout.columns, measured.cells.dropFirst()).flatMap { column, cell in
        [cell] + published(numbers, at: layout.place(row: row, column: column), block)
      }
      return TableGrid.Row(
        measured.cells.prefix(1) + cells, startsGroup: measured.startsGroup)
    }
    return TableGrid(
      alignments: [.text] + Array(repeating: .number, count: 3 * layout.columns.count),
      headerRows: headers, rows: rows)
  }

  /// The published number of a place and how far the measured mean is from it.
  private func published(
    _ numbers: PublishedNumbers, at place: TableLayout.Place, _ block: TableBlock
  ) -> [TableGrid.Cell] {
    guard let method = place.method, let shots = place.shots, let metric = place.metric,
      let experiment = place.experiment,
      let number = numbers.number(metric, of: method, shots: shots)
    else { return Array(repeating: .missing(reason: "not published"), count: 2) }
    let format = ValueFormat((block.format ?? metric.defaultFormat).style)
    let mean = estimates.estimate(metric, of: method, shots: shots, in: experiment).mean
    let difference = ValueFormat(
      metric.unit == .share && format.style == .percent ? .points : format.style)
    return [
      .published("\(format.bare(format.string(number.value)))", title: numbers.sourceText),
      mean.map { .value("\(difference.bare(difference.signed($0 - number.value)))") }
        ?? .missing(reason: "not measured"),
    ]
  }

  func note(on numbers: PublishedNumbers) -> HTML {
    let source = prose.html(InlineMarkdown.inlines(numbers.source, file: numbers.label))
    return """
      <i>Published</i>: not measured here; \(source). Difference: the mean here minus the \
      published number.
      """
  }
}
