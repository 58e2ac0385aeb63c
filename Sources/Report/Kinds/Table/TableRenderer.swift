import Experiments
import Formats

extension TableBlock {
  static func evaluated(
    _ blocks: [TableBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.map { EvaluatedTable(block: $0, evaluation: evaluation) }
  }
}

/// A table with the results it shows.
private struct EvaluatedTable: EvaluatedBlock {
  let block: TableBlock
  let evaluation: EvaluatedResults

  var label: String { block.label }

  func html(in setting: PageSetting) -> HTML {
    TableRenderer(
      experiments: evaluation.experiments, estimates: evaluation.estimates, prose: setting.prose,
      csv: setting.csv
    ).table(block).html
  }
}

/// Makes the table of a table block.
struct TableRenderer {
  let experiments: [PlannedExperiment]
  let estimates: EstimateTable
  let prose: Prose
  /// Address of the report's CSV file, relative to the page.
  let csv: String

  func table(_ block: TableBlock) -> TableComponent {
    let labels = block.selection.experiments.map(\.value)
    let shapes = labels.compactMap { estimates.frame[$0]?.shape }
    let layout = TableLayout(block, shapes: shapes)
    let contents = layout.rows.map { row in
      layout.columns.map { content(layout.place(row: row, column: $0), block) }
    }
    let best = block.highlightsBest ? best(contents, byRow: block.rows == .metric) : []
    let entry = prose.references.entry(ofBlock: block.label)
    let published = block.reference.flatMap { estimates.frame.published($0.value) }
    return TableComponent(
      anchor: entry?.anchor ?? block.label, number: entry?.number ?? 0,
      caption: caption(block),
      grid: published.map { beside($0, grid(layout, contents, best: best), layout, block) }
        ?? grid(layout, contents, best: best),
      notes: notes(layout, contents, block, hasBest: !best.isEmpty)
        + [published].compactMap(\.self).map(note(on:)),
      footer: ResultFooter(csv: csv, provenance: experiments.origin(of: labels)))
  }
}

extension TableRenderer {
  /// One cell, before the best is determined.
  private struct Content {
    var metric: MetricPath?
    var text = ""
    var title = ""
    var interval: String?
    var mean: Double?
    var isPartial = false
    /// Nil where no run failed.
    var failures: RunFailures?

    /// Whether the unit is stated once for the table rather than in every cell.
    var isPercent: Bool { text.hasSuffix(Self.percent) }
    var number: String { isPercent ? String(text.dropLast(Self.percent.count)) : text }

    private static let percent = "\u{A0}%"
  }

  /// The position of a cell.
  private struct Index: Hashable {
    let row: Int
    let column: Int
  }

  private func content(_ place: TableLayout.Place, _ block: TableBlock) -> Content {
    var content = Content(metric: place.metric)
    guard let experiment = place.experiment, let method = place.method, let shots = place.shots,
      let metric = place.metric, let results = estimates.frame[experiment],
      results.shape.methods.contains(method), results.shape.shots.contains(shots)
    else {
      content.title = "not part of the experiment"
      return content
    }
    let format = Self.format(metric, block, isSingle: place.seed != nil)
    if let seed = place.seed {
      let sample = results.sample(of: metric, method: method, shots: shots, seed: seed)
      content.mean = sample.values.first
      content.text = content.mean.map(format.string) ?? ""
      content.title = sample.absences.first?.reason ?? "seed \(seed)"
      return content
    }
    let estimate = estimates.estimate(
      metric, of: method, shots: shots, in: experiment, by: block.statistic)
    content.mean = estimate.center
    content.failures = estimate.failures.flatMap { $0.words == nil ? nil : $0 }
    content.isPartial = estimate.mean != nil && !estimate.absences.isEmpty
    content.title = Self.title(of: estimate, format)
    content.interval = estimate.interval.map {
      format.bare(format.string(from: $0.lower, to: $0.upper))
    }
    if let center = estimate.center {
      content.text =
        format.showsSpread
        ? estimate.moments?.standardDeviation.map { format.string(center, spread: $0) }
          ?? format.string(center)
        : format.string(center)
    }
    return content
  }

  /// The block's format, else the metric's; bytes and counts hardly vary, so their spread says little.
  private static func format(
    _ metric: MetricPath, _ block: TableBlock, isSingle: Bool
  ) -> ValueFormat {
    if let format = block.format { return format }
    let varies = metric.unit != .bytes && metric.unit != .count
    return ValueFormat(
      metric.defaultFormat.style, showsSpread: varies && !isSingle && block.statistic == .mean)
  }

  /// How many runs, their interval, and what is missing.
  private static func title(of estimate: Estimate, _ format: ValueFormat) -> String {
    var parts: [String] = []
    if estimate.isShared {
      parts.append("one run: the method reads no examples")
    } else if let moments = estimate.moments {
      parts.append(
        moments.count == 1 ? "one seed" : "\(estimate.statistic.word) of \(moments.count) seeds")
    }
    if let interval = estimate.interval {
      parts.append(
        "95\u{A0}% interval (\(estimate.basis?.rawValue ?? "")) "
          + format.string(from: interval.lower, to: interval.upper))
    }
    parts += [estimate.failures?.words, ValueExpression.words(for: estimate.absences)]
      .compactMap(\.self)
    return parts.joined(separator: "; ")
  }

  /// The best of each column, or row: several if they tie, none if there is only one value.
  private func best(_ contents: [[Content]], byRow: Bool) -> Set<Index> {
    let indices = contents.indices.flatMap { row in
      contents[row].indices.map { Index(row: row, column: $0) }
    }
    let lines = Dictionary(grouping: indices) { byRow ? $0.row : $0.column }
    return Set(
      lines.values.flatMap { line -> [Index] in
        let values = line.compactMap { contents[$0.row][$0.column].mean }
        guard let metric = contents[line[0].row][line[0].column].metric, values.count > 1,
          let best = metric.prefersLower ? values.min() : values.max(), values.min() != values.max()
        else { return [] }
        return line.filter { contents[$0.row][$0.column].mean == best }
      })
  }

  private func grid(
    _ layout: TableLayout, _ contents: [[Content]], best: Set<Index>
  ) -> TableGrid {
    var headers: [[TableGrid.HeaderCell]] = []
    if layout.columns.contains(where: { !$0.group.isEmpty }) {
      var groups: [TableGrid.HeaderCell] = [.init("")]
      for column in layout.columns {
        if let last = groups.indices.last, last > 0, groups[last].text == "\(column.group)" {
          groups[last].span += 1
        } else {
          groups.append(.init("\(column.group)"))
        }
      }
      headers.append(groups)
    }
    headers.append([.init("\(layout.corner)")] + layout.columns.map { .init("\($0.name)") })
    let rows = zip(layout.rows, contents).enumerated().map { index, line in
      let (row, contents) = line
      let cells = contents.enumerated().map { column, content -> TableGrid.Cell in
        guard content.mean != nil else { return .missing(reason: content.title) }
        return .value(
          "\(content.number)\(content.isPartial ? "\u{202F}†" : "")\(content.failures.map(Self.rate))",
          isBest: best.contains(Index(row: index, column: column)), title: content.title,
          interval: content.interval)
      }
      return TableGrid.Row(
        [.text("\(layout.name(of: row))")] + cells,
        startsGroup: index > 0 && row.group != layout.rows[index - 1].group)
    }
    return TableGrid(
      alignments: [.text] + layout.columns.map { _ in .number }, headerRows: headers, rows: rows)
  }

  private static func rate(_ failures: RunFailures) -> HTML {
    " <small>\(failures.failed)/\(failures.runs) failed</small>"
  }

  private func notes(
    _ layout: TableLayout, _ contents: [[Content]], _ block: TableBlock, hasBest: Bool
  ) -> [HTML] {
    let all = contents.joined()
    var notes: [HTML] = []
    if let shots = layout.onlyShots {
      notes.append("At \(shots) \(experiments.shotWords(of: block.selection.labels)).")
    }
    let numbers = all.filter { $0.mean != nil }
    if numbers.contains(where: \.isPercent) {
      let isAll = numbers.allSatisfy(\.isPercent)
      notes.append(isAll ? "In percent." : "Shares are in percent.")
    }
    if hasBest {
      let line: HTML = block.rows == .metric ? "row" : "column"
      notes.append(
        "<b>Bold</b>: the best number of its \(line); whether it differs is not tested here.")
    }
    if all.contains(where: { $0.text.contains("±") }) {
      notes.append("Mean ± standard deviation over seeds.")
    }
    if block.statistic != .mean {
      notes.append("The \(block.statistic.word) over seeds.")
    }
    if all.contains(where: \.isPartial) {
      notes.append(
        "†: some seeds are missing, and the \(block.statistic.word) is that of the others.")
    }
    if all.contains(where: { $0.failures != nil }) {
      notes.append("\(RunFailures.definition)")
    }
    if all.contains(where: { $0.mean == nil }) {
      notes.append("—: missing; the reason is in the cell’s title.")
    }
    return notes.isEmpty ? [] : [notes.joined(separator: " ")]
  }

  private func caption(_ block: TableBlock) -> HTML {
    // One element, which the style sheet sets apart from the number.
    if let caption = block.caption { return "<span>\(prose.html(caption))</span>" }
    let words = Words.list(block.y.map(\.value.fullWords))
    return
      "<span>\(words.capitalizedFirst) by \(block.rows.rawValue) and \(block.columns.rawValue).</span>"
  }
}

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
    let mean = estimates.estimate(
      metric, of: method, shots: shots, in: experiment, by: block.statistic
    ).center
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
