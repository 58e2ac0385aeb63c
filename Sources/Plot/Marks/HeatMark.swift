/// A cell for every point, shaded by its value, with the value written in it.
///
/// Positions are rows and series are columns.
struct HeatMark: Mark {
  let shades: Shades

  let chartName = "Heat map"
  let needsSlots = true
  let orientation: Orientation? = .horizontal
  let legendSample = LegendSample.patch

  func words(series: Int) -> MarkWords {
    MarkWords(means: "Shades", intervals: "lines through them", published: "Faint dashed lines")
  }

  var canonicalText: String {
    "heat \(shades.domain.lowerBound) \(shades.domain.upperBound) \(shades.format.rawValue)"
  }

  func extent(of panels: [Panel]) -> ValueExtent? { nil }
  func height(slots: Double, seriesInSlot: Double) -> Double { slots * 30 }
  func keys(_ roster: Roster) -> [Key] { [.none] }

  func items(in context: MarkContext) -> [DisplayItem] {
    let (frame, theme) = (context.frame, context.theme)
    let columns = Double(max(1, context.roster.entries.count))
    let height = frame.slotLength(context.roster.coordinates) - 2
    var items: [DisplayItem] = []
    for (series, index, _) in context.entries {
      let start = frame.level(at: Double(index) / columns) + 1
      let end = frame.level(at: Double(index + 1) / columns) - 1
      for point in series.points {
        guard let middle = frame.position(of: point.x) else { continue }
        let cell = frame.bar(center: middle, breadth: height, from: start, to: end)
        let color = point.value.map { shades.color(of: $0, on: theme) } ?? theme.stripe
        let ink =
          [theme.text, theme.background].max { $0.contrast(with: color) < $1.contrast(with: color) }
          ?? theme.text
        items.append(.rectangle(cell, Ink(color)))
        let text = point.value.map(shades.text) ?? "–"
        // No font is much wider than this; a number that might not fit is in the data table.
        guard Double(text.count) * TextStyle.tick.size * 0.62 < end - start else { continue }
        items.append(
          .text(
            TextRun(
              text, at: Position(x: (start + end) / 2, y: middle + 4.3), .center, style: .tick,
              color: point.value == nil ? theme.muted : ink)))
      }
    }
    return items
  }
}

extension ChartMark {
  /// A shaded cell for each point: series are columns, positions are rows.
  package static func heat(_ shades: Shades) -> ChartMark { ChartMark(HeatMark(shades: shades)) }
}

/// How a heat map turns values into shades, and writes them.
package struct Shades: Hashable, Sendable {
  /// The faintest and the strongest shade's values.
  package var domain: ClosedRange<Double>
  /// The format of a value in its cell.
  package var format: ValueFormat

  package init(domain: ClosedRange<Double>, format: ValueFormat) {
    self.domain = domain
    self.format = format
  }

  /// A value as its cell shows it: percents without the sign, which a caption can say once.
  func text(_ value: Double) -> String {
    format == .percent
      ? ValueFormat.number(100 * value, decimals: 1) : format.text(value)
  }

  /// The shade of a value: one hue, away from the page as values grow.
  func color(of value: Double, on theme: Theme) -> Color {
    let span = domain.upperBound - domain.lowerBound
    let share = span > 0 ? min(1, max(0, (value - domain.lowerBound) / span)) : 0.5
    let (faint, strong) = theme == .light ? (0.95, 0.42) : (0.27, 0.8)
    return Color(
      PerceptualColor(
        lightness: faint + (strong - faint) * share, chroma: 0.03 + 0.09 * share, hue: 4.45))
  }
}
