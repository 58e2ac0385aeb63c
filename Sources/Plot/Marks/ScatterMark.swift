/// Points in the plane of two quantities, with a frontier.
struct ScatterMark {
  let context: MarkContext
  let frontier: Mark.Frontier?

  func items() -> [DisplayItem] {
    var items = frontierItems()
    var markers: [DisplayItem] = []
    for (series, _, look) in context.entries {
      for point in series.points {
        guard let place = place(of: point) else { continue }
        let ink = Ink(look.color, opacity: 0.65)
        if let interval = point.xInterval?.finite,
          let low = context.frame.position(of: .number(interval.low)),
          let high = context.frame.position(of: .number(interval.high))
        {
          items.append(
            .stroke(
              [Position(x: low, y: place.y), Position(x: high, y: place.y)], width: 1.4, dash: [],
              ink))
        }
        items += [context.whisker(point.interval, at: place.x, width: 1.4, ink)].compactMap(\.self)
        markers.append(
          .marker(look.marker, place, size: 9.5, Ink(look.color), rim: context.theme.background))
      }
    }
    return items + markers
  }

  /// Where a point lies, or nil for a gap.
  func place(of point: Point) -> Position? {
    guard let value = point.value, let position = context.frame.position(of: point.x),
      let level = context.frame.level(of: value)
    else { return nil }
    return Position(x: position, y: level)
  }

  /// The corners of the staircase below or beside which no point lies, left to right.
  func staircase() -> [Position] {
    guard let frontier else { return [] }
    // On the page y grows downwards, so "better" is smaller for x and, by kind, smaller or larger.
    let sign = frontier == .lowXHighY ? 1.0 : -1.0
    let places = context.panel.series.flatMap(\.points).compactMap(place(of:))
      .sorted { ($0.x, sign * $0.y) < ($1.x, sign * $1.y) }
    var steps: [Position] = []
    var best = Double.infinity
    for place in places where sign * place.y < best {
      if let last = steps.last { steps.append(Position(x: place.x, y: last.y)) }
      steps.append(place)
      best = sign * place.y
    }
    guard let last = steps.last else { return [] }
    return steps + [Position(x: context.frame.box.maxX, y: last.y)]
  }

  private func frontierItems() -> [DisplayItem] {
    let steps = staircase()
    guard steps.count > 1 else { return [] }
    return [.stroke(steps, width: 1.2, dash: [], Ink(context.theme.axis))]
  }
}
