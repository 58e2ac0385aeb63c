/// Bars that add up, one per position; negative and missing parts add nothing.
struct StackMark: Mark {
  let chartName = "Stacked bar chart"
  let canonicalText = "stack"
  let startsAtZero = true
  let orientation: Orientation? = .horizontal
  let legendSample = LegendSample.patch

  func words(series: Int) -> MarkWords {
    MarkWords(means: "Bars", intervals: "lines through them", published: "Faint dashed lines")
  }

  /// The totals are written out, so the axis may end with the longest bar.
  func extent(of panels: [Panel]) -> ValueExtent? {
    ValueExtent(values: panels.flatMap(\.stackTotals), isPadded: false)
  }

  func height(slots: Double, seriesInSlot: Double) -> Double { slots * 32 + 6 }
  func keys(_ roster: Roster) -> [Key] { [.legend] }

  func looks(of names: [String], in styles: StyleBook) -> [SeriesStyle] {
    styles.partStyles(for: names)
  }

  func labels(_ key: Key, in context: MarkContext) -> [DisplayItem]? {
    TotalLabels(context.panels, context.valueFormat).items(context)
  }

  func endMargin(_ panels: [Panel], _ format: ValueFormat, _ metrics: TextMetrics) -> Double {
    TotalLabels(panels, format).width(metrics)
  }

  func items(in context: MarkContext) -> [DisplayItem] {
    let frame = context.frame
    let breadth = min(30, frame.slotLength(context.roster.coordinates) * 0.62)
    var items: [DisplayItem] = []
    for position in context.panel.positions {
      guard let center = frame.position(of: position) else { continue }
      var total = 0.0
      for (series, _, look) in context.entries {
        for point in series.points where point.x == position {
          guard let value = point.value, value > 0, let start = frame.level(of: total),
            let end = frame.level(of: total + value)
          else { continue }
          total += value
          // A hairline of page keeps neighbours apart, where the part is thick enough to spare it.
          let gap = abs(end - start) > 2 ? (end > start ? -0.75 : 0.75) : 0
          items.append(
            .rectangle(
              frame.bar(center: center, breadth: breadth, from: start, to: end + gap),
              Ink(look.color)))
        }
      }
    }
    return items
  }
}

extension ChartMark {
  /// Bars that add up: a series is a part (such as gradients), a position is a whole (a method).
  package static let stack = ChartMark(StackMark())
}

/// The sums of a stack's parts, written beyond their ends in one unit.
struct TotalLabels {
  private let format: ValueFormat
  private let unit: ValueFormat.Unit
  private let decimals: Int
  private let totals: [Double]

  init(_ panels: [Panel], _ format: ValueFormat) {
    totals = panels.flatMap(\.stackTotals)
    let largest = totals.max() ?? 0
    self.format = format
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
