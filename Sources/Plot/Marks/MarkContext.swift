/// What a mark draws a panel with.
struct MarkContext {
  let panel: Panel
  /// All panels of the chart, among them ``panel``.
  let panels: [Panel]
  /// The format of values.
  let valueFormat: ValueFormat
  let frame: PlotFrame
  let roster: Roster
  let theme: Theme
  let metrics: TextMetrics

  /// The panel's series with their looks.
  var entries: [(series: Series, index: Int, look: Roster.Entry)] {
    panel.series.compactMap { series in
      roster.entry(series).map { (series, $0.index, $0.entry) }
    }
  }

  /// A thin line between two values at one position.
  func whisker(_ interval: Interval?, at position: Double, width: Double, _ ink: Ink)
    -> DisplayItem?
  {
    guard let interval = interval?.finite, let low = frame.level(of: interval.low),
      let high = frame.level(of: interval.high)
    else { return nil }
    return .stroke(
      [frame.place(position, low), frame.place(position, high)], width: width, dash: [], ink)
  }

  /// The raw values of a point, faint.
  func samples(_ point: Point, at position: Double, _ color: Color) -> [DisplayItem] {
    point.finiteSamples.compactMap { sample in
      frame.level(of: sample).map { level in
        .marker(
          .circle, frame.place(position, level), size: 3.6,
          Ink(color, opacity: theme == .light ? 0.3 : 0.4), rim: nil)
      }
    }
  }
}

/// The series of all panels, each name once, with what is the same for it in every panel.
struct Roster: Sendable {
  struct Entry: Hashable, Sendable {
    let name: String
    let color: Color
    let marker: MarkerShape
    var isReference = false

    /// How strongly it is drawn.
    var opacity: Double { isReference ? 0.55 : 1 }
    /// The dashes of its lines.
    var dash: [Double] { isReference ? [5, 4] : [] }
  }

  let entries: [Entry]
  /// Whether two series ever share a position, and so must be side by side.
  let sharesPositions: Bool
  /// Every position in use.
  let coordinates: [Coordinate]
  /// Whether names are worth a key: there are some, and the axis does not name each series already.
  let needsKey: Bool

  init(_ panels: [Panel], mark: any Mark, styles: StyleBook, theme: Theme) {
    var seen: Set<String> = []
    let all = panels.flatMap(\.series)
    let distinct = all.filter { seen.insert($0.name).inserted }
    let styles = mark.looks(of: distinct.map(\.styleName), in: styles)
    entries = zip(distinct, styles).map { series, style in
      Entry(
        name: series.name, color: style.color(theme), marker: style.marker,
        isReference: series.isReference)
    }
    coordinates = all.flatMap { $0.points.map(\.x) }
    sharesPositions = panels.contains { panel in
      panel.positions.contains { position in
        panel.series.count { series in series.points.contains { $0.x == position } } > 1
      }
    }
    let isNamedByAxis = all.allSatisfy { series in
      series.points.allSatisfy { $0.x == .category(series.name) }
    }
    needsKey = !isNamedByAxis && !entries.allSatisfy(\.name.isEmpty)
  }

  /// The entry of a series and its place among the entries.
  func entry(_ series: Series) -> (index: Int, entry: Entry)? {
    guard let index = entries.firstIndex(where: { $0.name == series.name }) else { return nil }
    return (index, entries[index])
  }

  /// How far a series is moved from its position to not cover others, in steps between neighbours.
  func offset(_ index: Int, step: Double) -> Double {
    sharesPositions ? (Double(index) - Double(entries.count - 1) / 2) * step : 0
  }

  /// The distance between neighbours when a share of a slot is filled with all series.
  func step(slot: Double, share: Double, limit: Double) -> Double {
    min(limit, slot * share / Double(sharesPositions ? max(1, entries.count) : 1))
  }
}
