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
    let points = chart.panels.flatMap { $0.series.flatMap(\.points) }
    let xResolver = AxisResolver(axis: chart.x, name: "x", stepCount: xSteps)
    if chart.isCategorical {
      x = xResolver.banded(points.map(\.x))
    } else {
      let intervals = chart.mark.isScatter ? points.compactMap { $0.xInterval?.finite } : []
      x = try xResolver.resolved(
        values: points.compactMap(\.x.number), ends: intervals.flatMap { [$0.low, $0.high] },
        includesZero: false, isPadded: chart.mark.isScatter)
    }
    guard !chart.mark.isHeat else {
      y = AxisResolver(axis: chart.y, name: "y", stepCount: ySteps).banded(
        chart.panels.flatMap(\.series).map { .category($0.name) })
      return
    }
    let rules = chart.panels.flatMap { $0.rules.map(\.value) }.filter(\.isFinite)
    let values =
      chart.mark == .stack
      ? chart.panels.flatMap(\.stackTotals)
      : points.compactMap(\.value) + points.flatMap(\.finiteSamples)
    let intervals = chart.mark == .stack ? [] : points.compactMap { $0.interval?.finite }
    y = try AxisResolver(axis: chart.y, name: "y", stepCount: ySteps).resolved(
      values: values + rules, ends: intervals.flatMap { [$0.low, $0.high] },
      // A stack's totals are written out, so its axis may end with the longest bar.
      includesZero: chart.mark.startsAtZero, isPadded: chart.mark != .stack)
  }
}

extension Chart {
  /// Whether positions are slots: asked for, implied by bars, or needed by a name.
  var isCategorical: Bool {
    if x.scale == .categorical || mark.startsAtZero || mark.isHeat { return true }
    return panels.contains { panel in
      panel.series.contains { series in
        series.points.contains { if case .category = $0.x { true } else { false } }
      }
    }
  }
}

extension Panel {
  /// The coordinates of the panel's points, each once, in order of appearance.
  var positions: [Coordinate] {
    var seen: Set<Coordinate> = []
    return series.flatMap { $0.points.map(\.x) }.filter { seen.insert($0).inserted }
  }

  /// The sum of the parts at each position that has any.
  var stackTotals: [Double] { positions.compactMap(stackTotal(at:)) }

  /// The sum of the parts at one position, or nil where all are missing.
  func stackTotal(at position: Coordinate) -> Double? {
    let parts = series.flatMap { part in
      part.points.filter { $0.x == position }.compactMap(\.value).filter { $0 > 0 }
    }
    return parts.isEmpty ? nil : parts.reduce(0, +)
  }
}
