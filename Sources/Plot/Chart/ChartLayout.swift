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
    roster = Roster(chart.panels, mark: chart.mark, styles: chart.styles, theme: theme)
  }

  /// Lays the chart out with names beside what they name, or above it where that would crowd.
  func displayList() throws(PlotError) -> DisplayList {
    for (key, rules, mustFit) in attempts {
      let arrangement = try Arrangement(self, key: key, rules: rules)
      if let items = items(arrangement, mustFit: mustFit) {
        return DisplayList(
          width: width, height: arrangement.height.rounded(.up), background: theme.background,
          items: items)
      }
    }
    // The last attempt takes what it gets.
    preconditionFailure("no attempt at a chart of \(roster.entries.count) series succeeded")
  }

  var legend: Legend {
    Legend(
      roster: roster, sample: chart.mark.legendSample, theme: theme, metrics: metrics,
      width: width)
  }

  var hasPanelTitles: Bool { !chart.panels.allSatisfy(\.title.isEmpty) }

  /// Whether all panels have the same reference lines, so that one label serves a row.
  var sharesRules: Bool { Set(chart.panels.map(\.rules)).count == 1 }

  /// What to try, best first, and whether an attempt may fail for lack of room.
  private var attempts: [(Key, RulePlacement, mustFit: Bool)] {
    let keys = chart.mark.keys(roster)
    let tries = keys.flatMap { key -> [(Key, RulePlacement, mustFit: Bool)] in
      // Names of lines and labels of rules would compete for the same margin.
      key == .beside ? [(key, .inside, true)] : [(key, .inside, true), (key, .outside, true)]
    }
    return tries + [(keys.last ?? .none, .inside, false)]
  }

  private func items(_ arrangement: Arrangement, mustFit: Bool) -> [DisplayItem]? {
    var items =
      arrangement.key == .legend
      ? legend.items() : []
    for (index, panel) in chart.panels.enumerated() {
      guard let drawn = self.items(panel, at: index, arrangement, mustFit: mustFit) else {
        return nil
      }
      items += drawn
    }
    return items + arrangement.titles()
  }

  /// One panel, back to front: grid, rules, marks, labels.
  private func items(
    _ panel: Panel, at index: Int, _ arrangement: Arrangement, mustFit: Bool
  ) -> [DisplayItem]? {
    let frame = arrangement.frame(index)
    let context = MarkContext(
      panel: panel, panels: chart.panels, valueFormat: chart.y.format, frame: frame,
      roster: roster, theme: theme, metrics: metrics)
    let axes = AxisGuide(
      frame: frame, theme: theme, metrics: metrics,
      showsVerticalLabels: arrangement.isFirstInRow(index),
      verticalLabelWidth: arrangement.leftMargin, hasPositionGrid: chart.mark.isPlane)
    let rules = RuleGuide(rules: panel.rules, frame: frame, theme: theme, metrics: metrics)
    let marks = chart.mark.items(in: context)
    guard !marks.isEmpty else {
      return axes.items() + rules.lines() + [empty(frame)]
    }
    guard
      var labels = chart.mark.labels(arrangement.key, in: context) ?? (mustFit ? nil : [])
    else { return nil }
    var placer = LabelPlacer(around: marks + labels + rules.lines(), metrics)
    switch arrangement.rules {
    case .inside:
      let placed = rules.labels(&placer)
      guard placed.cost < 1 || !mustFit || !isVertical(frame) else { return nil }
      labels += placed.items
    case .outside:
      guard !arrangement.hasRuleLabels(index) || isVertical(frame) else { return nil }
      if arrangement.hasRuleLabels(index) {
        guard let names = rules.sideLabels() else { return nil }
        labels += names
      }
    }
    guard
      let names = chart.mark.labels(arrangement.key, in: context, placedBy: &placer)
        ?? (mustFit ? nil : [])
    else { return nil }
    labels += names
    // Bars would hide a line behind them; points must not be hidden by one.
    let body =
      chart.mark.startsAtZero ? marks + rules.lines() : rules.lines() + marks
    return axes.items() + body + labels
  }

  private func isVertical(_ frame: PlotFrame) -> Bool { frame.orientation == .vertical }

  private func empty(_ frame: PlotFrame) -> DisplayItem {
    .text(
      TextRun(
        "no data", at: frame.box.center, .center, style: .tick, color: theme.muted,
        halo: theme.background))
  }
}
