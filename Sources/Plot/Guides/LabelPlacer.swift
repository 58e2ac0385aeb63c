/// Finds free places for labels among what is already drawn.
struct LabelPlacer {
  private var hard: [Rectangle]
  private var lines: [(Position, Position)]
  private var edges: [(Position, Position)]

  /// Takes markers and texts as obstacles never to cover, lines as ones to avoid.
  init(around items: [DisplayItem], _ metrics: TextMetrics) {
    hard = []
    lines = []
    edges = []
    for item in items {
      switch item {
      case .marker(_, _, let size, _, _):
        // Raw values are small and faint, and may be covered if need be.
        if let box = item.bounds(metrics) {
          if size > 5 {
            hard.append(box)
          } else {
            lines.append((box.center, box.center))
          }
        }
      case .text, .rectangle:
        if let box = item.bounds(metrics) { hard.append(box) }
      case .stroke(let places, _, _, _): lines += zip(places, places.dropFirst())
      case .polygon(let places, _): edges += zip(places, places.dropFirst())
      }
    }
  }

  /// How much a box would hide: a marker or text 50 each, a line or faint dot 1, a band's edge 0.01.
  func cost(of box: Rectangle) -> Double {
    let covered = hard.count { $0.intersects(box) }
    let crossed = lines.count { box.isCrossed(from: $0.0, to: $0.1) }
    let touched = edges.count { box.isCrossed(from: $0.0, to: $0.1) }
    return Double(50 * covered + crossed) + 0.01 * Double(touched)
  }

  /// Whether a box covers a marker or a text.
  func covers(_ box: Rectangle) -> Bool { hard.contains { $0.intersects(box) } }

  /// Keeps later labels off a box.
  mutating func reserve(_ box: Rectangle) { hard.append(box) }

  /// Keeps later labels off a line where they can.
  mutating func reserve(from start: Position, to end: Position) { lines.append((start, end)) }
}
