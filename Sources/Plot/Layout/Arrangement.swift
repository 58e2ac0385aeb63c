/// Where the panels, the margins and the titles of a chart lie.
struct Arrangement {
  let key: Key
  let height: Double
  /// The room left of the plots for labels.
  let leftMargin: Double
  private let layout: ChartLayout
  private let scales: ChartScales
  private let orientation: Chart.Orientation
  private let columns: Int
  private let plotWidth: Double
  private let plotHeight: Double
  private let top: Double
  private let rowHeight: Double
  private let rightMargin: Double
  private let headHeight: Double

  private static let columnGap = 26.0
  private static let titleHeight = 20.0
  /// Below this width, panels go below each other.
  private static let twoColumnWidth = 520.0

  init(_ layout: ChartLayout, key: Key) throws(PlotError) {
    let (chart, metrics) = (layout.chart, layout.metrics)
    self.layout = layout
    self.key = key
    columns = chart.panels.count > 1 && layout.width >= Self.twoColumnWidth ? 2 : 1
    let columnWidth = layout.width / Double(columns) - 60
    let orientation = chart.orientation ?? Self.orientation(chart, columnWidth, metrics)
    self.orientation = orientation
    let isVertical = orientation == .vertical
    let wanted = chart.plotHeight.map(Double.init) ?? (layout.width < 520 ? 220 : 272)
    scales = try ChartScales(
      chart, xSteps: max(2, Int(columnWidth / 80)),
      ySteps: isVertical ? max(2, Int(wanted / 52)) : max(2, Int((columnWidth - 60) / 80)))

    let verticalAxis = isVertical ? scales.y : scales.x
    let longest =
      verticalAxis.ticks.map { metrics.width(of: $0.label, isVertical ? .tick : .label) }.max() ?? 0
    leftMargin = min(longest + 9, layout.width * 0.42).rounded(.up)
    let names = layout.roster.entries.map { metrics.width(of: $0.name, .label) }.max() ?? 0
    let beside = key == .beside ? names + EndLabels.margin + 2 : 0
    let totals =
      chart.mark == .stack && !isVertical
      ? chart.panels.flatMap(\.stackTotals)
        .map { metrics.width(of: chart.y.format.text($0), .tick) + 8 }.max() ?? 0 : 0
    let bottomAxis = isVertical ? scales.x : scales.y
    let overhang =
      bottomAxis.ticks.last.map { metrics.width(of: $0.label, .tick) / 2 + 2 } ?? 2
    let isBand = isVertical && bottomAxis.scale.slotCount != nil
    rightMargin = max(beside, totals, isBand ? 2 : overhang).rounded(.up)

    let gaps = Double(columns - 1) * (Self.columnGap + max(beside, totals))
    plotWidth = max(60, (layout.width - leftMargin - rightMargin - gaps) / Double(columns))
    plotHeight = isVertical ? wanted : Self.height(chart, layout.roster, scales)
    let legend =
      key == .legend
      ? Legend(
        roster: layout.roster, mark: chart.mark, theme: layout.theme, metrics: metrics,
        width: layout.width
      ).height + 8 : 2
    top = legend
    let rules = chart.panels.map(\.rules.count).max() ?? 0
    let ruleRows = isVertical ? 0.0 : Double(min(2, rules)) * AxisGuide.lineHeight + 4
    headHeight =
      (chart.panels.allSatisfy(\.title.isEmpty) ? 0 : Self.titleHeight)
      + (verticalAxis.title.isEmpty ? 0 : Self.titleHeight) + ruleRows + 8
    let slot = plotWidth / Double(max(1, scales.x.scale.slotCount ?? 1)) - 4
    let lines =
      isBand
      ? scales.x.ticks.map { AxisGuide.lines($0.label, width: slot, metrics).count }.max() ?? 1 : 1
    let foot = 25 + Double(lines - 1) * AxisGuide.lineHeight
    rowHeight = headHeight + plotHeight + foot
    let rows = Double((chart.panels.count + columns - 1) / columns)
    let rowGaps = (rows - 1) * 14
    height = top + rows * rowHeight + rowGaps + (bottomAxis.title.isEmpty ? 0 : Self.titleHeight)
  }

  func isFirstInRow(_ index: Int) -> Bool { index % columns == 0 }

  /// The plot of a panel.
  func frame(_ index: Int) -> PlotFrame {
    let isNumeric = scales.x.scale.slotCount == nil
    let isScatter = if case .scatter = layout.chart.mark { true } else { false }
    let beside = columns > 1 ? layout.width - leftMargin - rightMargin - plotWidth : 0
    return PlotFrame(
      box: Rectangle(
        x: leftMargin + Double(index % columns) * beside,
        y: top + Double(index / columns) * (rowHeight + 14) + headHeight, width: plotWidth,
        height: plotHeight),
      x: scales.x, y: scales.y, orientation: orientation,
      inset: isNumeric && !isScatter ? min(24, plotWidth * 0.06) : 0)
  }

  /// Panel and axis titles.
  func titles() -> [DisplayItem] {
    let (theme, chart) = (layout.theme, layout.chart)
    let isVertical = orientation == .vertical
    var items: [DisplayItem] = []
    for (index, panel) in chart.panels.enumerated() {
      let box = frame(index).box
      var baseline = box.y - headHeight + 14
      if !panel.title.isEmpty {
        let title = layout.metrics.fitted(panel.title, .heading, width: plotWidth)
        items.append(
          .text(
            TextRun(
              title, at: Position(x: box.x, y: baseline), style: .heading, color: theme.text)))
      }
      if !chart.panels.allSatisfy(\.title.isEmpty) { baseline += Self.titleHeight }
      let title = isVertical ? scales.y.title : scales.x.title
      if !title.isEmpty, index == 0 {
        let text = layout.metrics.fitted(title, .title, width: layout.width)
        items.append(
          .text(TextRun(text, at: Position(x: 0, y: baseline), style: .title, color: theme.muted)))
      }
    }
    let title = isVertical ? scales.x.title : scales.y.title
    if !title.isEmpty {
      let row = frame(0).box
      let last = frame(min(columns, chart.panels.count) - 1).box
      let text = layout.metrics.fitted(title, .title, width: layout.width)
      let half = layout.metrics.width(of: text, .title) / 2
      let middle = max(half, min(layout.width - half, (row.x + last.maxX) / 2))
      items.append(
        .text(
          TextRun(
            text, at: Position(x: middle, y: height - 6), .center, style: .title,
            color: theme.muted)))
    }
    return items
  }

  /// Names that do not fit below their slots go to the left of them.
  private static func orientation(
    _ chart: Chart, _ columnWidth: Double, _ metrics: TextMetrics
  ) -> Chart.Orientation {
    if chart.mark == .stack { return .horizontal }
    guard chart.isCategorical, chart.mark == .dot || chart.mark == .bar else { return .vertical }
    let positions = Set(chart.panels.flatMap(\.positions))
    let slot = columnWidth / Double(max(1, positions.count)) - 4
    let fits = positions.allSatisfy { position in
      guard case .category(let name) = position else { return true }
      return metrics.wrapped(name, .tick, width: slot, lines: 2) != nil
    }
    return fits ? .vertical : .horizontal
  }

  /// The height of a horizontal chart's plot: a fair share for every slot.
  private static func height(_ chart: Chart, _ roster: Roster, _ scales: ChartScales) -> Double {
    if let height = chart.plotHeight { return Double(height) }
    let slots = Double(max(1, scales.x.scale.slotCount ?? 8))
    let inSlot = Double(roster.sharesPositions ? roster.entries.count : 1)
    switch chart.mark {
    case .stack: return slots * 32 + 6
    case .bar: return slots * max(28, inSlot * 14 + 12) + 6
    case .dot, .line, .scatter: return slots * max(30, inSlot * 13 + 10) + 6
    }
  }
}
