/// An upright rectangle in CSS pixels.
struct Rectangle: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var maxX: Double { x + width }
  var maxY: Double { y + height }
  var center: Position { Position(x: x + width / 2, y: y + height / 2) }

  /// Grown on every side, or shrunk by a negative margin.
  func padded(by margin: Double) -> Rectangle {
    Rectangle(
      x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  func intersects(_ other: Rectangle) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }

  func contains(_ other: Rectangle) -> Bool {
    other.x >= x && other.maxX <= maxX && other.y >= y && other.maxY <= maxY
  }

  /// Whether the segment between two places passes through (Liang and Barsky 1984).
  func isCrossed(from start: Position, to end: Position) -> Bool {
    var (enter, leave) = (0.0, 1.0)
    let edges = [
      (start.x - end.x, start.x - x), (end.x - start.x, maxX - start.x),
      (start.y - end.y, start.y - y), (end.y - start.y, maxY - start.y),
    ]
    for (slope, distance) in edges {
      if slope == 0 {
        if distance < 0 { return false }
      } else if slope < 0 {
        enter = max(enter, distance / slope)
      } else {
        leave = min(leave, distance / slope)
      }
    }
    return enter <= leave
  }

  /// The smallest rectangle around some places, or nil around none.
  static func around(_ places: [Position]) -> Rectangle? {
    guard let first = places.first else { return nil }
    var (low, high) = (first, first)
    for place in places {
      low = Position(x: min(low.x, place.x), y: min(low.y, place.y))
      high = Position(x: max(high.x, place.x), y: max(high.y, place.y))
    }
    return Rectangle(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
  }
}
