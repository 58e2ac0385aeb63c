/// Where the panels, the margins and the titles of a chart lie.
struct Arrangement {
  let key: Key
  let rules: RulePlacement
  let height: Double
  /// The room left of the plots for labels.
  let leftMargin: Double
  private let layout: ChartLayout
  private let scales: ChartScales
  private let orientation: Orientation
  private let columns: Int
  private let columnStep: Double
  private let plotWidth: Double
  private let plotHeight: Double
  private let top: Double
  private let rowHeight: Double
  private let headHeight: Double

  private static let titleHeight = 20.0
  private static let rowGap = 14.0
  /// Below this width, panels go below each other.
  private static let twoColumnWidth = 520.0

  init(_ layout: ChartLayout, key: Key, rules: RulePlacement) throws(PlotError) {
    let (chart, metrics) = (layout.chart, layout.metrics)
    self.layout = layout
    self.key = key
    self.rules = rules
    columns = chart.panels.count > 1 && layout.width >= Self.twoColumnWidth ? 2 : 1
    let columnWidth = layout.width / Double(columns) - 60
    orientation = chart.orientation ?? Self.orientation(chart, columnWidth, metrics)
    let isVertical = orientation == .vertical
    let wanted = chart.plotHeight.map(Double.init) ?? (layout.width < 520 ? 220 : 272)
    // The room that names at the left of a plot take: those, and the widest total.
    let beside =
      isVertical
      ? 0
      : Self.nameWidth(chart, metrics)
        + (TotalLabels(chart.panels, chart.y.format).width(metrics) - 50)
    scales = try Self.scales(
      chart, length: max(80, columnWidth - beside / Double(columns)),
      ySteps: isVertical ? max(2, Int(wanted / 40)) : nil, metrics)
    let (verticalAxis, bottomAxis) = isVertical ? (scales.y, scales.x) : (scales.x, scales.y)

    let longest =
      verticalAxis.ticks.map { metrics.width(of: $0.label, isVertical ? .tick : .label) }.max() ?? 0
    leftMargin = min(longest + AxisGuide.gap + 1, layout.width * 0.42).rounded(.up)
    let margins = Self.margins(layout, key, rules, bottomAxis, isVertical: isVertical)
    let gap = max(26, margins.column + 16)
    let room = layout.width - leftMargin - margins.right - Double(columns - 1) * gap
    plotWidth = max(60, (room / Double(columns)).rounded(.down))
    columnStep = plotWidth + gap
    plotHeight = isVertical ? wanted : Self.height(chart, layout.roster, scales)

    top = key == .legend ? layout.legend.height + 8 : 2
    let ruleRows =
      isVertical
      ? 0
      : RuleGuide.rowsAbove(chart.panels, scales.y.scale, width: plotWidth, metrics)
    headHeight =
      (layout.hasPanelTitles ? Self.titleHeight : 0)
      + (verticalAxis.title.isEmpty ? 0 : Self.titleHeight)
      + Double(ruleRows) * RuleGuide.rowHeight + 8
    let isBand = isVertical && scales.x.scale.slotCount != nil
    let slot = plotWidth / Double(max(1, scales.x.scale.slotCount ?? 1)) - 4
    let lines =
      isBand
      ? scales.x.ticks.map { AxisGuide.lines($0.label, width: slot, metrics).count }.max() ?? 1 : 1
    rowHeight = headHeight + plotHeight + 25 + Double(lines - 1) * AxisGuide.lineHeight
    let rows = Double((chart.panels.count + columns - 1) / columns)
    height =
      top + rows * rowHeight + (rows - 1) * Self.rowGap
      + (bottomAxis.title.isEmpty ? 0 : Self.titleHeight)
  }

  /// Whether a panel is at the left, and so has the labels of its row.
  func isFirstInRow(_ index: Int) -> Bool { index % columns == 0 }

  /// Whether a panel carries labels of rules beside it: once per row where they are the same.
  func hasRuleLabels(_ index: Int) -> Bool {
    let isLast = index % columns == columns - 1 || index == layout.chart.panels.count - 1
    return isLast || !layout.sharesRules
  }

  /// The plot of a panel.
  func frame(_ index: Int) -> PlotFrame {
    let hasInset = scales.x.scale.slotCount == nil && !layout.chart.mark.isPlane
    return PlotFrame(
      box: Rectangle(
        x: leftMargin + Double(index % columns) * columnStep,
        y: top + Double(index / columns) * (rowHeight + Self.rowGap) + headHeight,
        width: plotWidth, height: plotHeight),
      x: scales.x, y: scales.y, orientation: orientation,
      inset: hasInset ? min(24, plotWidth * 0.06) : 0)
  }

  /// Panel and axis titles.
  func titles() -> [DisplayItem] {
    let isVertical = orientation == .vertical
    var items: [DisplayItem] = []
    for (index, panel) in layout.chart.panels.enumerated() where !panel.title.isEmpty {
      let box = frame(index).box
      let text = layout.metrics.fitted(panel.title, .heading, width: plotWidth)
      items.append(
        .text(
          TextRun(
            text, at: Position(x: box.x, y: box.y - headHeight + 14), style: .heading,
            color: layout.theme.text)))
    }
    let side = isVertical ? scales.y.title : scales.x.title
    let baseline = top + 14 + (layout.hasPanelTitles ? Self.titleHeight : 0)
    items += title(side, at: Position(x: 1, y: baseline), .leading)
    let bottom = isVertical ? scales.x.title : scales.y.title
    let last = frame(min(columns, layout.chart.panels.count) - 1).box
    let middle = (frame(0).box.x + last.maxX) / 2
    return items + title(bottom, at: Position(x: middle, y: height - 6), .center)
  }

  /// An axis title, kept within the page.
  private func title(
    _ text: String, at place: Position, _ alignment: TextRun.Alignment
  ) -> [DisplayItem] {
    guard !text.isEmpty else { return [] }
    let text = layout.metrics.fitted(text, .title, width: layout.width - 4)
    var run = TextRun(
      text, at: place, alignment, style: .title, color: layout.theme.muted)
    if alignment == .center {
      let half = layout.metrics.width(of: text, .title) / 2 + 1
      run.anchor.x = max(half, min(layout.width - half, place.x))
    }
    return [.text(run)]
  }

  /// The room right of the last column, and right of every other one.
  private static func margins(
    _ layout: ChartLayout, _ key: Key, _ rules: RulePlacement, _ bottom: ResolvedAxis,
    isVertical: Bool
  ) -> (right: Double, column: Double) {
    let (chart, metrics) = (layout.chart, layout.metrics)
    let names =
      key == .beside
      ? (layout.roster.entries.map { metrics.width(of: $0.name, .label) }.max() ?? 0)
        + EndLabels.margin + 2 : 0
    let totals =
      isVertical ? 0 : chart.mark.endMargin(chart.panels, chart.y.format, metrics)
    let side =
      rules == .outside ? RuleGuide.sideWidth(chart.panels.flatMap(\.rules), metrics) : 0
    // A label in the middle of its slot never hangs over; one below a tick at the end does.
    let hangsOver = !isVertical || bottom.scale.slotCount == nil
    let meetsNeighbour = !isVertical || chart.mark.isPlane
    let overhang =
      hangsOver ? (bottom.ticks.last.map { metrics.width(of: $0.label, .tick) / 2 + 2 } ?? 2) : 2
    let labels = max(names, totals)
    return (
      max(labels, side, overhang).rounded(.up),
      max(labels, layout.sharesRules ? 0 : side, meetsNeighbour ? overhang * 2 : 0)
        .rounded(.up)
    )
  }

  /// The width of the longest position's name.
  private static func nameWidth(_ chart: Chart, _ metrics: TextMetrics) -> Double {
    let widths = chart.panels.flatMap(\.positions).map { position in
      guard case .category(let name) = position else { return 40.0 }
      return metrics.width(of: name, .label)
    }
    return widths.max() ?? 0
  }

  /// Fits the scales, with as many ticks below the plot as their labels leave room for.
  ///
  /// `length` is the room for those labels, and `ySteps` counts the steps of a vertical value axis;
  /// it is nil where values run along the bottom.
  private static func scales(
    _ chart: Chart, length: Double, ySteps: Int?, _ metrics: TextMetrics
  ) throws(PlotError) -> ChartScales {
    var steps = max(2, Int(length / 55))
    while true {
      let scales = try ChartScales(chart, xSteps: steps, ySteps: ySteps ?? steps)
      let ticks = ySteps == nil ? scales.y.ticks : scales.x.ticks
      let widest = ticks.map { metrics.width(of: $0.label, .tick) }.max() ?? 0
      let spaces = zip(ticks, ticks.dropFirst()).map { ($1.fraction - $0.fraction) * length }
      if steps == 2 || spaces.allSatisfy({ $0 > widest + 16 }) { return scales }
      steps -= 1
    }
  }

  /// Names that do not fit below their slots go to the left of them.
  private static func orientation(
    _ chart: Chart, _ columnWidth: Double, _ metrics: TextMetrics
  ) -> Orientation {
    if let orientation = chart.mark.orientation { return orientation }
    guard chart.isCategorical else { return .vertical }
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
    return chart.mark.height(slots: slots, seriesInSlot: inSlot)
  }
}

/// The two axes that all panels of a chart share.
struct ChartScales: Hashable, Sendable {
  let x: ResolvedAxis
  let y: ResolvedAxis

  /// Fits both axes of a chart.
  ///
  /// - Parameters:
  ///   - chart: The chart; its numeric positions decide whether a categorical axis is needed.
  ///   - xSteps: About how many steps between ticks the position axis has room for.
  ///   - ySteps: The same for the value axis.
  /// - Throws: ``PlotError`` for a value, range or tick that an axis has no place for.
  init(_ chart: Chart, xSteps: Int, ySteps: Int) throws(PlotError) {
    let points = chart.panels.flatMap(\.points)
    let xResolver = AxisResolver(axis: chart.x, name: "x", stepCount: xSteps)
    if chart.isCategorical {
      x = xResolver.banded(points.map(\.x))
    } else {
      let intervals = chart.mark.isPlane ? points.compactMap { $0.xInterval?.finite } : []
      x = try xResolver.resolved(
        values: points.compactMap(\.x.number), ends: intervals.flatMap { [$0.low, $0.high] },
        includesZero: false, isPadded: chart.mark.isPlane)
    }
    let yResolver = AxisResolver(axis: chart.y, name: "y", stepCount: ySteps)
    guard let extent = chart.mark.extent(of: chart.panels) else {
      y = yResolver.banded(chart.panels.flatMap(\.series).map { .category($0.name) })
      return
    }
    let rules = chart.panels.flatMap { $0.rules.map(\.value) }.filter(\.isFinite)
    y = try yResolver.resolved(
      values: extent.values + rules, ends: extent.ends, includesZero: chart.mark.startsAtZero,
      isPadded: extent.isPadded)
  }
}
