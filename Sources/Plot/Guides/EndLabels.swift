/// The names of lines beside their last points, when they can stand there without confusion.
struct EndLabels {
  let context: MarkContext
  let style: Mark.IntervalStyle
  let metrics: TextMetrics

  /// How far a label may move from its line before a legend reads better.
  private static let reach = 20.0
  private static let gap = 16.5
  static let margin = 12.0

  /// The labels, or nil where they would crowd.
  func items() -> [DisplayItem]? {
    let mark = LineMark(context: context, style: style)
    let box = context.frame.box
    let ends = context.entries.compactMap { series, _, look in
      mark.end(of: series).map { (look, $0) }
    }
    let right = ends.map(\.1.x).max() ?? box.maxX
    // A line that stops early has no label beside it that a reader would find.
    guard ends.allSatisfy({ right - $0.1.x < 40 }) else { return nil }
    let levels = ends.map(\.1.y)
    guard
      let spread = LabelSpreading.spread(levels, gap: Self.gap, in: box.y...max(box.y, box.maxY)),
      zip(spread, levels).allSatisfy({ abs($0 - $1) <= Self.reach })
    else { return nil }
    return zip(ends, spread).flatMap { end, level in
      label(end.0, from: end.1, at: Position(x: box.maxX + Self.margin, y: level))
    }
  }

  private func label(
    _ look: Roster.Entry, from end: Position, at place: Position
  ) -> [DisplayItem] {
    let background = context.theme.background
    let text = DisplayItem.text(
      TextRun(
        look.name, at: Position(x: place.x, y: place.y + 4.5), style: .label,
        color: look.color.readable(on: background)))
    guard abs(place.y - end.y) > 4 else { return [text] }
    let leader = [Position(x: end.x + 7, y: end.y), Position(x: place.x - 3, y: place.y)]
    return [.stroke(leader, width: 0.8, dash: [], Ink(look.color, opacity: 0.6)), text]
  }
}
