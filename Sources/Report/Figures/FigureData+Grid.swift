import Experiments
import Plot

extension FigureData {
  /// The numbers behind the picture, one row a point.
  var grid: TableGrid {
    let hasPanels = panels.count > 1
    let isScatter = xMetric != nil
    var header = [TableGrid.HeaderCell(shape == .parts ? "part" : "series")]
    if hasPanels { header.append(.init("panel")) }
    header.append(.init("\(isScatter ? xTitle : self.header)"))
    header += [.init("mean"), .init("sd"), .init("95\u{A0}% interval"), .init("runs")]
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
    case .method(let name): cells.append(.value("\(name)"))
    case .metric:
      if let x = point.x, let xMetric {
        cells.append(Self.mean(x, ValueFormat(xMetric.defaultFormat.style)))
      }
    }
    let format = format(panel.metric)
    let estimate = point.y
    guard !series.isPublished else {
      let number = estimate.mean.map { TableGrid.Cell.published("\(format.string($0))") }
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
      } ?? .missing(reason: estimate.values.count > 1 ? "all runs agree" : "fewer than two runs"))
    cells.append(.value("\(estimate.values.count)"))
    return cells
  }

  private static func mean(_ estimate: Estimate, _ format: ValueFormat) -> TableGrid.Cell {
    let reasons = ValueExpression.words(for: estimate.absences)
    guard let mean = estimate.mean else { return .missing(reason: reasons ?? "no value") }
    return .value("\(format.string(mean))", title: reasons)
  }
}
