/// The sums of a stack's parts, written beyond their ends in one unit.
struct TotalLabels {
  private let format: ValueFormat
  private let unit: ValueFormat.Unit
  private let decimals: Int
  private let totals: [Double]

  init(_ chart: Chart) {
    totals = chart.panels.flatMap(\.stackTotals)
    let largest = totals.max() ?? 0
    format = chart.y.format
    unit = format.sharedUnit(for: largest)
    let scaled = largest / unit.factor
    decimals = scaled >= 100 || format == .bytes && unit.factor == 1 ? 0 : scaled >= 10 ? 1 : 2
  }

  /// The room that the widest label takes beyond a horizontal bar.
  func width(_ metrics: TextMetrics) -> Double {
    totals.map { metrics.width(of: text($0), .tick) + 8 }.max() ?? 0
  }

  func items(_ context: MarkContext) -> [DisplayItem] {
    let frame = context.frame
    return context.panel.positions.compactMap { position in
      guard let total = context.panel.stackTotal(at: position),
        let center = frame.position(of: position), let end = frame.level(of: total)
      else { return nil }
      let isVertical = frame.orientation == .vertical
      let place =
        isVertical ? Position(x: center, y: end - 6) : Position(x: end + 6, y: center + 4.3)
      return .text(
        TextRun(
          text(total), at: place, isVertical ? .center : .leading, style: .tick,
          color: context.theme.text))
    }
  }

  private func text(_ total: Double) -> String {
    format.label(total, in: unit, decimals: decimals)
  }
}
