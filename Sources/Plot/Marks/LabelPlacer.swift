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

/// Spreads labels in a column, each as near to its target as the others allow.
enum LabelSpreading {
  /// Places of least total squared displacement with a minimum gap, by pooling neighbours.
  ///
  /// - Parameters:
  ///   - targets: Where each label would like its centre.
  ///   - gap: The least distance between two centres.
  ///   - range: Where centres may lie.
  /// - Returns: A centre per target in the targets' order, or nil where the range is too short.
  static func spread(_ targets: [Double], gap: Double, in range: ClosedRange<Double>) -> [Double]? {
    guard Double(max(0, targets.count - 1)) * gap <= range.upperBound - range.lowerBound + 1e-9
    else { return nil }
    struct Pool {
      /// The sum of the targets, each less its distance from the pool's first label.
      var sum: Double
      var members: [Int]
      let limits: (gap: Double, range: ClosedRange<Double>)

      var start: Double {
        let length = Double(members.count - 1) * limits.gap
        let wanted = sum / Double(members.count)
        return max(limits.range.lowerBound, min(wanted, limits.range.upperBound - length))
      }
      var end: Double { start + Double(members.count - 1) * limits.gap }
    }
    var pools: [Pool] = []
    let order = targets.indices.sorted { (targets[$0], $0) < (targets[$1], $1) }
    for index in order {
      pools.append(Pool(sum: targets[index], members: [index], limits: (gap, range)))
      while pools.count > 1, pools[pools.count - 2].end + gap > pools[pools.count - 1].start {
        let next = pools.removeLast()
        let shift = Double(pools[pools.count - 1].members.count) * gap
        pools[pools.count - 1].sum += next.sum - shift * Double(next.members.count)
        pools[pools.count - 1].members += next.members
      }
    }
    var result = targets
    for pool in pools {
      for (rank, member) in pool.members.enumerated() {
        result[member] = pool.start + Double(rank) * gap
      }
    }
    return result
  }
}
