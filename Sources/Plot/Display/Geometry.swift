import Foundation

/// A place on the page in CSS pixels from the top left corner.
struct Position: Hashable, Sendable {
  var x: Double
  var y: Double
}

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

/// The shape of a point, so that series differ without colour too.
enum MarkerShape: String, Hashable, Sendable, CaseIterable {
  /// A disc.
  case circle
  /// A square standing on its side.
  case square
  /// A triangle pointing up.
  case triangle
  /// A square standing on its corner.
  case diamond
  /// A triangle pointing down.
  case wedge
  /// A ring.
  case ring
  /// An upright cross.
  case plus
  /// A diagonal cross.
  case cross
  /// A five-pointed star.
  case star
  /// A hollow square.
  case frame

  /// The outline around a centre, sized so that all shapes weigh about the same.
  ///
  /// - Parameters:
  ///   - center: The marker's centre.
  ///   - size: The diameter of the disc of the same weight, in CSS pixels.
  /// - Returns: The outer polygon, and the inner one to cut out of a hollow shape.
  func outline(at center: Position, size: Double) -> (outer: [Position], hole: [Position]?) {
    let r = size / 2
    switch self {
    case .circle: return (Self.regular(center, r, corners: 40, turn: 0), nil)
    case .ring:
      return (
        Self.regular(center, r * 1.08, corners: 40, turn: 0),
        Self.regular(center, r * 0.56, corners: 40, turn: 0)
      )
    case .square: return (Self.regular(center, r * 1.27, corners: 4, turn: .pi / 4), nil)
    case .frame:
      return (
        Self.regular(center, r * 1.34, corners: 4, turn: .pi / 4),
        Self.regular(center, r * 0.68, corners: 4, turn: .pi / 4)
      )
    case .diamond: return (Self.regular(center, r * 1.3, corners: 4, turn: 0), nil)
    case .triangle:
      let lowered = Position(x: center.x, y: center.y + r * 0.2)
      return (Self.regular(lowered, r * 1.42, corners: 3, turn: -.pi / 2), nil)
    case .wedge:
      let raised = Position(x: center.x, y: center.y - r * 0.2)
      return (Self.regular(raised, r * 1.42, corners: 3, turn: .pi / 2), nil)
    case .plus: return (Self.crossed(center, r, turn: 0), nil)
    case .cross: return (Self.crossed(center, r, turn: .pi / 4), nil)
    case .star:
      let corners = (0..<10).map { index in
        Self.polar(
          center, r * (index % 2 == 0 ? 1.42 : 0.62), -.pi / 2 + .pi / 5 * Double(index))
      }
      return (corners, nil)
    }
  }

  private static func regular(
    _ center: Position, _ radius: Double, corners: Int, turn: Double
  ) -> [Position] {
    (0..<corners).map { polar(center, radius, turn + 2 * .pi * Double($0) / Double(corners)) }
  }

  /// The twelve corners of a cross with thick arms.
  private static func crossed(_ center: Position, _ r: Double, turn: Double) -> [Position] {
    let (long, thin) = (r * 1.25, r * 0.42)
    let arm = [(long, -thin), (long, thin), (thin, thin)]
    return (0..<4).flatMap { quarter in
      arm.map { x, y in
        polar(
          center, (x * x + y * y).squareRoot(), turn + atan2(y, x) + .pi / 2 * Double(quarter))
      }
    }
  }

  private static func polar(_ center: Position, _ radius: Double, _ angle: Double) -> Position {
    Position(x: center.x + radius * cos(angle), y: center.y + radius * sin(angle))
  }
}
