/// Turns lines into the polygons that cover them.
enum StrokeOutline {
  /// One quadrilateral a segment, and a disc at each inner corner for a round join.
  static func polygons(along places: [Position], width: Double) -> [[Position]] {
    var polygons: [[Position]] = []
    for (start, end) in zip(places, places.dropFirst()) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 0 else { continue }
      let (nx, ny) = (-dy / length * width / 2, dx / length * width / 2)
      polygons.append([
        Position(x: start.x + nx, y: start.y + ny), Position(x: end.x + nx, y: end.y + ny),
        Position(x: end.x - nx, y: end.y - ny), Position(x: start.x - nx, y: start.y - ny),
      ])
    }
    for corner in places.dropFirst().dropLast() {
      polygons.append(MarkerShape.circle.outline(at: corner, size: width).outer)
    }
    return polygons
  }

  /// The pieces of a line that a dash pattern leaves; lengths on and off in turn.
  static func dashed(_ places: [Position], _ pattern: [Double]) -> [[Position]] {
    guard !pattern.isEmpty, pattern.allSatisfy({ $0 > 0 }), let first = places.first else {
      return [places]
    }
    var (pieces, current) = ([[Position]](), [first])
    var (phase, left) = (0, pattern[0])
    for (start, end) in zip(places, places.dropFirst()) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      var done = 0.0
      while length - done > left {
        done += left
        let place = Position(x: start.x + dx * done / length, y: start.y + dy * done / length)
        if phase % 2 == 0 { pieces.append(current + [place]) }
        current = [place]
        phase += 1
        left = pattern[phase % pattern.count]
      }
      left -= length - done
      current.append(end)
    }
    return phase % 2 == 0 ? pieces + [current] : pieces
  }
}
