/// Bars that add up, one per position; negative and missing parts add nothing.
struct StackMark {
  let context: MarkContext

  /// The breadth of a bar in a slot.
  static func breadth(slot: Double) -> Double { min(30, slot * 0.62) }

  func items() -> [DisplayItem] {
    let frame = context.frame
    let breadth = Self.breadth(slot: frame.slotLength(context.roster.coordinates))
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
