/// The key above a chart: a sample of each series with its name, wrapped to the width.
struct Legend {
  let roster: Roster
  let sample: LegendSample
  let theme: Theme
  let metrics: TextMetrics
  let width: Double

  static let rowHeight = 21.0
  private static let gap = 18.0
  /// Keeps the rim of the first sample on the page.
  private static let edge = 1.0

  /// The height the key takes, without the space below it.
  var height: Double { Double((rows().last?.row ?? -1) + 1) * Self.rowHeight }

  func items() -> [DisplayItem] {
    rows().flatMap { place in
      let middle = Double(place.row) * Self.rowHeight + Self.rowHeight / 2
      let name = TextRun(
        place.name, at: Position(x: place.x + sampleWidth + 6, y: middle + 4.5),
        style: .label, color: theme.text)
      return sample(place.entry, at: place.x, middle) + [.text(name)]
    }
  }

  private struct Place {
    let entry: Roster.Entry
    let name: String
    let x: Double
    let row: Int
  }

  private func rows() -> [Place] {
    var (x, row) = (Self.edge, 0)
    return roster.entries.map { entry in
      let name = metrics.fitted(entry.name, .label, width: width - sampleWidth - 6 - Self.edge)
      let length = sampleWidth + 6 + metrics.width(of: name, .label)
      if x > Self.edge, x + length > width { (x, row) = (Self.edge, row + 1) }
      defer { x += length + Self.gap }
      return Place(entry: entry, name: name, x: x, row: row)
    }
  }

  private var sampleWidth: Double {
    switch sample {
    case .line: 22
    case .patch: 11
    case .marker: 10
    }
  }

  private func sample(_ entry: Roster.Entry, at x: Double, _ middle: Double) -> [DisplayItem] {
    let ink = Ink(entry.color, opacity: entry.opacity)
    let center = Position(x: x + sampleWidth / 2, y: middle)
    let point = DisplayItem.marker(entry.marker, center, size: 8, ink, rim: theme.background)
    switch sample {
    case .line:
      let ends = [Position(x: x, y: middle), Position(x: x + sampleWidth, y: middle)]
      return [.stroke(ends, width: 1.9, dash: entry.dash, ink), point]
    case .marker: return [point]
    case .patch:
      return [.rectangle(Rectangle(x: x, y: middle - 5.5, width: 11, height: 11), ink)]
    }
  }
}
