import Experiments
import Plot

extension FigureData {
  /// The picture in the words of the chart grammar.
  ///
  /// - Parameter styles: The looks of the report's methods.
  /// - Returns: The chart; failed and missing points are gaps.
  func chart(styles: StyleBook) -> Chart {
    Chart(
      mark: mark, x: xAxis, y: yAxis,
      panels: panels.map { panel in
        Plot.Panel(
          title: panel.title,
          series: panel.series.map { series in
            Plot.Series(
              name: series.name, styleName: series.style, points: series.points.map(point),
              isReference: series.isPublished)
          },
          rules: panel.levels.map { level in
            Plot.Rule(at: level.value, label: "\(level.name) \(Words.percent(level.value))")
          })
      }, styles: styles)
  }

  /// How many runs the estimates rest on: "6 seeds", "5 to 6 seeds"; nil where no seed is involved.
  var runWords: String? {
    let counts = estimates.filter { !$0.isShared }.map(\.values.count).filter { $0 > 0 }
    guard let least = counts.min(), let most = counts.max() else { return nil }
    if most == 1 { return "one seed" }
    return least == most ? "\(most) seeds" : "\(least) to \(most) seeds"
  }

  private var xAxis: Axis {
    if isGrid { return Axis(scale: .categorical) }
    if let xMetric {
      return Axis(title: xTitle, scale: xScale, format: format(of: [xMetric]))
    }
    let positions = panels.flatMap(\.series).flatMap(\.points).map(\.position)
    if case .epoch? = positions.first { return Axis(title: xTitle) }
    let shots = Set(
      positions.compactMap { if case .shots(let count) = $0 { Double(count) } else { nil } })
    guard mark.joinsPoints, let least = shots.min(), let most = shots.max(),
      shots.count > 1
    else {
      return Axis(title: shots.isEmpty ? "" : xTitle, scale: .categorical)
    }
    // Numbers of examples are usually doubled; a logarithmic axis spreads them evenly.
    let isWide = least > 0 && most >= 4 * least
    return Axis(
      title: xTitle, scale: isWide ? .logarithmic(base: 2) : .linear, ticks: shots.sorted())
  }

  /// Ratios matter where a quantity spans an order of magnitude.
  private var xScale: Axis.ScaleKind {
    let values = panels.flatMap(\.series).flatMap(\.points).compactMap { $0.x?.center }
    guard let least = values.min(), let most = values.max(), least > 0, most >= 20 * least else {
      return .linear
    }
    return .logarithmic(base: 10)
  }

  private var yAxis: Axis {
    // Columns of a heat map are where other charts have values.
    if isGrid { return Axis(title: xTitle) }
    return Axis(
      title: valueTitle, domain: block.yRange, format: format(of: panels.map(\.metric)),
      includesZero: startsAtZero)
  }

  private var valueTitle: String {
    yTitle + (runWords.map { ", \(block.statistic.word) of \($0)" } ?? "")
  }

  private var isGrid: Bool { shape == .grid || shape == .confusion }

  private var startsAtZero: Bool {
    shape == .parts
  }

  private func format(of metrics: [MetricPath]) -> Plot.ValueFormat {
    Plot.ValueFormat(metrics)
  }

  private func point(_ point: Point) -> Plot.Point {
    let coordinate: Coordinate =
      switch point.position {
      case .shots(let count), .epoch(let count): .number(Double(count))
      case .method(let name), .truth(let name): .category(name)
      // A method without a value on the horizontal axis has no place: a gap.
      case .metric: .number(point.x?.center ?? .nan)
      }
    let isPart = shape == .parts
    return Plot.Point(
      x: coordinate, y: point.y.center,
      interval: isPart ? nil : point.y.interval.map { Interval($0.lower, $0.upper) },
      xInterval: point.x?.interval.map { Interval($0.lower, $0.upper) },
      samples: isPart || point.x != nil || point.y.isShared ? [] : point.y.values)
  }
}

extension Plot.ValueFormat {
  /// The format for values of several metrics: plain if their units differ.
  init(_ metrics: [MetricPath]) {
    let units = Set(metrics.map(\.unit))
    self =
      switch units.count == 1 ? units.first : nil {
      case .share: .percent
      case .bytes: .bytes
      case .seconds: .seconds
      default: .plain
      }
  }
}
