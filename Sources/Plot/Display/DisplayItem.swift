/// One thing to draw; the canvas knows no other.
enum DisplayItem: Hashable, Sendable {
  case rectangle(Rectangle, Ink)
  case polygon([Position], Ink)
  /// A line with round joins and flat ends; dashes are lengths in CSS pixels, empty for solid.
  case stroke([Position], width: Double, dash: [Double], Ink)
  /// A point with a rim in another colour, which keeps it apart from what it overlaps.
  case marker(MarkerShape, Position, size: Double, Ink, rim: Color?)
  case text(TextRun)

  /// The box that the item's ink stays within.
  func bounds(_ metrics: TextMetrics) -> Rectangle? {
    switch self {
    case .rectangle(let rectangle, _): rectangle
    case .polygon(let places, _): Rectangle.around(places)
    case .stroke(let places, let width, _, _): Rectangle.around(places)?.padded(by: width / 2)
    case .marker(let shape, let center, let size, _, _):
      Rectangle.around(shape.outline(at: center, size: size).outer)
    case .text(let run): run.bounds(metrics)
    }
  }
}
