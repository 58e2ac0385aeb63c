/// A cell for every point, shaded by its value, with the value written in it.
///
/// Positions are rows and series are columns.
struct HeatMark {
  let context: MarkContext
  let shades: Shades

  func items() -> [DisplayItem] {
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
