/// Arranges a chart on a page of a given width.
struct ChartLayout {
  let chart: Chart
  let theme: Theme
  let width: Double
  let metrics: TextMetrics
  let roster: Roster

  init(_ chart: Chart, theme: Theme, width: Int, metrics: TextMetrics) throws(PlotError) {
    guard !chart.panels.isEmpty else { throw .noPanels }
    guard (240...2400).contains(width) else { throw .widthOutOfRange(width) }
    if let height = chart.plotHeight, !(40...4000).contains(height) {
      throw .heightOutOfRange(height)
    }
    self.chart = chart
    self.theme = theme
    self.width = Double(width)
    self.metrics = metrics
    roster = Roster(chart, theme: theme)
  }

  /// Lays the chart out with names beside what they name, or above it where that would crowd.
  func displayList() throws(PlotError) -> DisplayList {
    for key in keys {
      let arrangement = try Arrangement(self, key: key)
      if let items = items(arrangement) {
        return DisplayList(
          width: width, height: arrangement.height.rounded(.up), background: theme.background,
          items: items)
      }
    }
    // The last of the keys is one that always fits.
    preconditionFailure("no key fits a chart of \(roster.entries.count) series")
  }

  /// How the series are named, best first; the last always fits.
  private var keys: [Key] {
    if chart.mark == .stack { return [.legend] }
    if roster.entries.allSatisfy(\.name.isEmpty) || roster.isNamedByAxis { return [.none] }
    switch chart.mark {
    case .line: return [.beside, .legend]
    case .scatter: return [.within, .legend]
    case .dot, .bar, .stack: return roster.entries.count > 1 ? [.legend] : [.none]
    }
  }

  private func items(_ arrangement: Arrangement) -> [DisplayItem]? {
    var items =
      arrangement.key == .legend
      ? Legend(
        roster: roster, mark: chart.mark, theme: theme, metrics: metrics, width: width
      ).items() : []
    for (index, panel) in chart.panels.enumerated() {
      guard let drawn = self.items(panel, at: index, arrangement) else { return nil }
      items += drawn
    }
    return items + arrangement.titles()
  }

  /// One panel, back to front: grid, rules, marks, labels.
  private func items(
    _ panel: Panel, at index: Int, _ arrangement: Arrangement
  ) -> [DisplayItem]? {
    let frame = arrangement.frame(index)
    let context = MarkContext(
      panel: panel, frame: frame, roster: roster, theme: theme, mark: chart.mark)
    let axes = AxisGuide(
      frame: frame, theme: theme, metrics: metrics,
      showsVerticalLabels: arrangement.isFirstInRow(index),
      verticalLabelWidth: arrangement.leftMargin)
    let rules = RuleGuide(rules: panel.rules, frame: frame, theme: theme, metrics: metrics)
    let marks = context.items()
    guard !marks.isEmpty else {
      return axes.items() + rules.lines() + [empty(frame)]
    }
    var labels: [DisplayItem] = []
    if chart.mark == .stack {
      labels = TotalLabels(context: context, format: chart.y.format).items()
    }
    if case .line(let style) = chart.mark, arrangement.key == .beside {
      guard let names = EndLabels(context: context, style: style, metrics: metrics).items() else {
        return nil
      }
      labels += names
    }
    var placer = LabelPlacer(around: marks + labels + rules.lines(), metrics)
    labels += rules.labels(&placer)
    if case .scatter(let frontier) = chart.mark, arrangement.key == .within {
      let points = PointLabels(context: context, frontier: frontier, metrics: metrics)
      guard let names = points.items(&placer) else { return nil }
      labels += names
    }
    return axes.items() + rules.lines() + marks + labels
  }

  private func empty(_ frame: PlotFrame) -> DisplayItem {
    .text(
      TextRun(
        "no data", at: frame.box.center, .center, style: .tick, color: theme.muted,
        halo: theme.background))
  }
}
