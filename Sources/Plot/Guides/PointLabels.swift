import Foundation

/// The names of a scatter chart's points, beside them.
struct PointLabels {
  let context: MarkContext
  let frontier: Mark.Frontier?
  let metrics: TextMetrics

  /// The labels, or nil where one would cover a marker or another label.
  ///
  /// The placer knows what is drawn already, and learns where the labels are.
  func items(_ placer: inout LabelPlacer) -> [DisplayItem]? {
    let mark = ScatterMark(context: context, frontier: frontier)
    var items: [DisplayItem] = []
    for (series, _, look) in context.entries {
      guard let place = series.points.compactMap(mark.place(of:)).last else { continue }
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
      width: metrics.width(of: name, style), height: style.capHeight + style.descent
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
