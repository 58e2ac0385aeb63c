import Experiments
import Plot

/// What a chart block shows, before any choice of picture: panels of series of estimates.
///
/// Picture, alternative text and data table are all made from it, so they cannot disagree.
struct FigureData: Sendable {
  /// What is compared, and so what words describe the picture.
  enum Shape: Hashable, Sendable {
    /// Values over methods, numbers of examples or epochs.
    case values
    /// Methods in the plane of two metrics; less or more of each is better.
    case plane(ChartMark.Frontier?)
    /// Parts that add up, one whole a method.
    case parts
    /// Values by method and number of examples.
    case grid
    /// Shares of answers by class.
    case confusion
  }

  /// The position of an estimate.
  enum Position: Hashable, Sendable {
    case shots(Int)
    case method(String)
    /// After this many passes over the examples.
    case epoch(Int)
    /// Items of this class.
    case truth(String)
    /// At the value of a metric for the method.
    case metric(of: String)
  }

  struct Point: Sendable {
    let position: Position
    let y: Estimate
    /// The horizontal metric of a scatter chart.
    let x: Estimate?
  }

  /// A method; or a number of shots or a part of memory, over methods.
  struct Series: Sendable {
    let name: String
    let points: [Point]
    /// What the style book looks up in place of the name.
    var style: String?
    /// Whether the numbers are another's, drawn faint and dashed.
    var isPublished = false
  }

  /// What an answer without a model scores.
  struct Level: Hashable, Sendable {
    let name: String
    let value: Double
  }

  struct Panel: Sendable {
    let title: String
    let metric: MetricPath
    let series: [Series]
    let levels: [Level]
  }

  let block: ChartBlock
  let mark: ChartMark
  let shape: Shape
  let panels: [Panel]
  /// What the horizontal axis shows: "examples per class", "method", "peak memory".
  let xTitle: String
  /// The metric of a scatter chart's horizontal axis.
  let xMetric: MetricPath?
  /// The number of shots of every point, where there is only one.
  let shots: Int?
  /// "examples per class" or "examples".
  let shotWords: String
  let seeds: [Int]
  var published: [PublishedNumbers] = []

  /// Of what was measured: published numbers have no runs to count.
  var estimates: [Estimate] {
    panels.flatMap(\.series).filter { !$0.isPublished }
      .flatMap(\.points).flatMap { [$0.y, $0.x].compactMap(\.self) }
  }

  /// What the style book has to know beyond the report's methods.
  var styleNames: [String] { panels.flatMap(\.series).compactMap(\.style) }

  /// What the value axis shows: the metric's name where panels agree on it.
  var yTitle: String {
    let words = Set(panels.map(\.metric.words))
    return words.count == 1 ? words.first ?? "" : "value"
  }

  /// The format of a value of a panel.
  func format(_ metric: MetricPath) -> ValueFormat {
    let format = block.format ?? metric.defaultFormat
    return ValueFormat(format.style)
  }
}

extension FigureData {
  /// The numbers behind the picture, one row per point.
  var grid: TableGrid {
    let hasPanels = panels.count > 1
    let isScatter = xMetric != nil
    var header = [
      TableGrid.HeaderCell(
        shape == .parts ? "part" : shape == .confusion ? "answer" : "series")
    ]
    if hasPanels { header.append(.init("panel")) }
    header.append(.init("\(isScatter ? xTitle : self.header)"))
    header += [
      .init("\(block.statistic.word)"), .init("sd"), .init("95\u{A0}% interval"), .init("runs"),
    ]
    let texts = hasPanels ? 2 : 1
    let alignments =
      Array(repeating: TableGrid.Alignment.text, count: texts)
      + Array(repeating: .number, count: header.count - texts)
    var rows: [TableGrid.Row] = []
    for (index, panel) in panels.enumerated() {
      for (place, series) in panel.series.enumerated() {
        for (order, point) in series.points.enumerated() {
          rows.append(
            TableGrid.Row(
              cells(point, of: series, in: panel, hasPanels: hasPanels),
              startsGroup: order == 0 && (index > 0 || place > 0) && series.points.count > 1))
        }
      }
    }
    return TableGrid(alignments: alignments, headerRows: [header], rows: rows)
  }

  private var header: String {
    if shape == .confusion { return "class" }
    if case .method? = panels.first?.series.first?.points.first?.position { return "method" }
    return xTitle
  }

  private func cells(
    _ point: Point, of series: Series, in panel: Panel, hasPanels: Bool
  ) -> [TableGrid.Cell] {
    var cells: [TableGrid.Cell] = [.text("\(series.name)")]
    if hasPanels { cells.append(.text("\(panel.title)")) }
    switch point.position {
    case .shots(let count), .epoch(let count): cells.append(.value("\(count)"))
    case .method(let name), .truth(let name): cells.append(.value("\(name)"))
    case .metric:
      if let x = point.x, let xMetric {
        cells.append(Self.mean(x, ValueFormat(xMetric.defaultFormat.style)))
      }
    }
    let format = format(panel.metric)
    let estimate = point.y
    guard !series.isPublished else {
      let number = estimate.center.map { TableGrid.Cell.published("\(format.string($0))") }
      return cells + [number ?? .missing(reason: "no value")]
        + Array(repeating: .missing(reason: "not published"), count: 2)
        + [.published("published")]
    }
    cells.append(Self.mean(estimate, format))
    cells.append(
      estimate.moments?.standardDeviation.map { .value("\(format.string($0))") }
        ?? .missing(reason: "fewer than two runs"))
    cells.append(
      estimate.interval.map {
        .value("\(format.string(from: $0.lower, to: $0.upper))", title: $0.method.rawValue)
      } ?? .missing(reason: Self.intervalAbsence(estimate)))
    cells.append(.value("\(estimate.values.count)"))
    return cells
  }

  private static func intervalAbsence(_ estimate: Estimate) -> String {
    if estimate.values.count < 2 { return "fewer than two runs" }
    return estimate.statistic == .mean
      ? "all runs agree" : "no interval of the \(estimate.statistic.word) is computed"
  }

  private static func mean(_ estimate: Estimate, _ format: ValueFormat) -> TableGrid.Cell {
    let words = [estimate.failures?.words, ValueExpression.words(for: estimate.absences)]
      .compactMap(\.self)
    let reasons = words.isEmpty ? nil : words.joined(separator: "; ")
    guard let mean = estimate.center else { return .missing(reason: reasons ?? "no value") }
    return .value("\(format.string(mean))", title: reasons)
  }
}
