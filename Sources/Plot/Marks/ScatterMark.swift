import Foundation

/// Points in the plane of two quantities, with a frontier.
struct ScatterMark: Mark {
  let frontier: ChartMark.Frontier?

  let chartName = "Scatter plot"
  let isPlane = true
  let orientation: Orientation? = .vertical

  func words(series: Int) -> MarkWords {
    MarkWords(means: "Markers", intervals: "lines through them", published: "Faint dashed lines")
  }

  var canonicalText: String { "scatter \(frontier?.rawValue ?? "plain")" }

  func keys(_ roster: Roster) -> [Key] { roster.needsKey ? [.within, .legend] : [.none] }

  func labels(
    _ key: Key, in context: MarkContext, placedBy placer: inout LabelPlacer
  ) -> [DisplayItem]? {
    guard key == .within else { return [] }
    let places = context.entries.compactMap { series, _, look in
      series.points.compactMap { place(of: $0, in: context.frame) }.last.map { (look, $0) }
    }
    return PointLabels(context: context).items(places, &placer)
  }

  func items(in context: MarkContext) -> [DisplayItem] {
    var items = frontierItems(context)
    var markers: [DisplayItem] = []
    for (series, _, look) in context.entries {
      for point in series.points {
        guard let place = place(of: point, in: context.frame) else { continue }
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
  func place(of point: Point, in frame: PlotFrame) -> Position? {
    guard let value = point.value, let position = frame.position(of: point.x),
      let level = frame.level(of: value)
    else { return nil }
    return Position(x: position, y: level)
  }

  /// The corners of the staircase below or beside which no point lies, left to right.
  func staircase(in context: MarkContext) -> [Position] {
    guard let frontier else { return [] }
    // On the page y grows downwards, so "better" is smaller for x and, by kind, smaller or larger.
    let sign = frontier == .lowXHighY ? 1.0 : -1.0
    let places = context.panel.points
      .compactMap { place(of: $0, in: context.frame) }
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

  private func frontierItems(_ context: MarkContext) -> [DisplayItem] {
    let steps = staircase(in: context)
    guard steps.count > 1 else { return [] }
    return [.stroke(steps, width: 1.2, dash: [], Ink(context.theme.axis))]
  }
}

extension ChartMark {
  /// A labelled point per series in the plane of two quantities.
  package static func scatter(_ frontier: Frontier?) -> ChartMark {
    ChartMark(ScatterMark(frontier: frontier))
  }

  /// The corner of a scatter chart in which no other point is better on both axes.
  package enum Frontier: String, Hashable, Sendable {
    /// Less x and more y are better, such as memory against accuracy.
    case lowXHighY
    /// Less of both is better, such as memory against seconds.
    case lowXLowY
  }
}

/// The names of a scatter chart's points, beside them.
struct PointLabels {
  let context: MarkContext

  /// The labels, or nil where one would cover a marker or another label.
  ///
  /// The placer knows what is already drawn, and records the labels.
  func items(
    _ places: [(look: Roster.Entry, place: Position)], _ placer: inout LabelPlacer
  ) -> [DisplayItem]? {
    var items: [DisplayItem] = []
    for (look, place) in places {
      guard let best = best(look.name, beside: place, placer) else { return nil }
      placer.reserve(best.box)
      if best.needsLeader {
        let end = nearest(best.box, to: place)
        items.append(
          .stroke([place, end], width: 0.8, dash: [], Ink(look.color, opacity: 0.6)))
        placer.reserve(from: place, to: end)
      }
      items.append(
        .text(
          TextRun(
            look.name,
            at: Position(x: best.box.x, y: best.box.y + TextStyle.label.capHeight),
            style: .label, color: look.color.readable(on: context.theme.background),
            halo: context.theme.background)))
    }
    return items
  }

  private struct Candidate {
    let box: Rectangle
    let needsLeader: Bool
    let cost: Double
  }

  /// The cheapest free place: near first, to the right first, then around and farther out.
  private func best(
    _ name: String, beside place: Position, _ placer: LabelPlacer
  ) -> Candidate? {
    let style = TextStyle.label
    let size = (
      width: context.metrics.width(of: name, style), height: style.capHeight + style.descent
    )
    var best: Candidate?
    for distance in [9.0, 13, 20, 30, 42, 56] {
      for step in 0..<12 {
        // 0 is to the right; then alternately further up and further down.
        let turn = Double((step + 1) / 2) * (step % 2 == 0 ? 1 : -1) * .pi / 6
        let (dx, dy) = (cos(turn), sin(turn))
        // Beside the point a label keeps clear of it; straight above or below it is centred.
        let share = dx > 0.25 ? 0 : dx < -0.25 ? -1 : -0.5
        let box = Rectangle(
          x: place.x + dx * distance + share * size.width,
          y: place.y + dy * distance + (dy - 1) / 2 * size.height, width: size.width,
          height: size.height)
        guard context.frame.box.padded(by: -2).contains(box), !placer.covers(box.padded(by: 1.5))
        else { continue }
        let cost = placer.cost(of: box.padded(by: 2.5)) * 24 + distance + Double(step)
        if cost < best?.cost ?? .infinity {
          best = Candidate(box: box, needsLeader: distance > 20, cost: cost)
        }
      }
    }
    return best
  }

  private func nearest(_ box: Rectangle, to place: Position) -> Position {
    Position(
      x: max(box.x - 2, min(place.x, box.maxX + 2)), y: max(box.y - 2, min(place.y, box.maxY + 1)))
  }
}
