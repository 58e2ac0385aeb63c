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
  /// Whether two series ever share a position, and so have to stand side by side.
  let sharesPositions: Bool
  /// Every position in use.
  let coordinates: [Coordinate]
  /// Whether each series is named by the position it stands at, so that a key would repeat the axis.
  let isNamedByAxis: Bool

  init(_ chart: Chart, theme: Theme) {
    var seen: Set<String> = []
    let all = chart.panels.flatMap(\.series)
    let distinct = all.filter { seen.insert($0.name).inserted }
    let styles = chart.looks(of: distinct)
    entries = zip(distinct, styles).map { series, style in
      Entry(
        name: series.name, color: style.color(theme), marker: style.marker,
        isReference: series.isReference)
    }
    coordinates = all.flatMap { $0.points.map(\.x) }
    sharesPositions = chart.panels.contains { panel in
      panel.positions.contains { position in
        panel.series.count { series in series.points.contains { $0.x == position } } > 1
      }
    }
    isNamedByAxis = all.allSatisfy { series in
      series.points.allSatisfy { $0.x == .category(series.name) }
    }
  }

  /// The entry of a series and its place among the entries.
  func entry(_ series: Series) -> (index: Int, entry: Entry)? {
    guard let index = entries.firstIndex(where: { $0.name == series.name }) else { return nil }
    return (index, entries[index])
  }

  /// How far from its position a series stands, in steps between neighbours, not to cover them.
  func offset(_ index: Int, step: Double) -> Double {
    sharesPositions ? (Double(index) - Double(entries.count - 1) / 2) * step : 0
  }

  /// The distance between neighbours when a share of a slot is filled with all series.
  func step(slot: Double, share: Double, limit: Double) -> Double {
    min(limit, slot * share / Double(sharesPositions ? max(1, entries.count) : 1))
  }
}

extension Chart {
  /// How some series look: methods by their own style, parts of a stack by theirs.
  func looks(of series: [Series]) -> [SeriesStyle] {
    mark == .stack
      ? styles.partStyles(for: series.map(\.styleName))
      : series.map { styles.style(for: $0.styleName) }
  }
}
