/// Reference lines across a panel, and their labels where they hide least.
struct RuleGuide {
  let rules: [Rule]
  let frame: PlotFrame
  let theme: Theme
  let metrics: TextMetrics

  /// Rules that lie on the scale, in order of value.
  private var placed: [(rule: Rule, level: Double)] {
    rules.filter { rule in
      frame.y.scale.fraction(of: rule.value).map { (-1e-9...1 + 1e-9).contains($0) } ?? false
    }
    .sorted { ($0.value, $0.label) < ($1.value, $1.label) }
    .compactMap { rule in frame.level(of: rule.value).map { (rule, $0) } }
  }

  /// The lines, to lie behind the marks.
  func lines() -> [DisplayItem] {
    let (start, end) =
      frame.orientation == .vertical
      ? (frame.box.x, frame.box.maxX) : (frame.box.y, frame.box.maxY)
    return placed.map { _, level in
      .stroke(
        [frame.place(start, level), frame.place(end, level)], width: 1.2, dash: [4, 3],
        Ink(theme.muted))
    }
  }

  /// The labels, to lie over the marks.
  ///
  /// - Parameter placer: Knows what is drawn already, and learns where the labels are.
  func labels(_ placer: inout LabelPlacer) -> [DisplayItem] {
    placed.filter { !$0.rule.label.isEmpty }.map { rule, level in
      let text = metrics.fitted(rule.label, .tick, width: frame.box.width - 8)
      let width = metrics.width(of: text, .tick)
      let candidates =
        frame.orientation == .vertical
        ? beside(level, width: width) : above(level, width: width)
      // Ranks break ties, so that labels line up at the right end when nothing is in the way.
      let best = candidates.enumerated().min { one, two in
        let costs = (
          placer.cost(of: box(one.element, width)), placer.cost(of: box(two.element, width))
        )
        return (costs.0, one.offset) < (costs.1, two.offset)
      }
      let anchor = best?.element ?? Position(x: frame.box.x, y: level)
      placer.reserve(box(anchor, width).padded(by: 1))
      return .text(
        TextRun(
          text, at: anchor, style: .tick, color: theme.muted, halo: theme.background))
    }
  }

  private func box(_ anchor: Position, _ width: Double) -> Rectangle {
    let style = TextStyle.tick
    return Rectangle(
      x: anchor.x, y: anchor.y - style.capHeight, width: width,
      height: style.capHeight + style.descent
    ).padded(by: 1)
  }

  /// Above or below a horizontal line, the right end first.
  private func beside(_ level: Double, width: Double) -> [Position] {
    let room = frame.box.width - width - 8
    let baselines = [level - 5, level + 13.5].filter { $0 > frame.box.y + 9 && $0 < frame.box.maxY - 3 }
    return [1, 0, 0.5, 0.75, 0.25, 0.875, 0.625, 0.375, 0.125].flatMap { share in
      baselines.map { Position(x: frame.box.x + 4 + room * share, y: $0) }
    }
  }

  /// Above the top end of a vertical line, in two rows.
  private func above(_ level: Double, width: Double) -> [Position] {
    let limits = (frame.box.x - 4, frame.box.maxX + 4 - width)
    return [0, 1].flatMap { row in
      [0.5, 0, 1].map { share in
        Position(
          x: max(limits.0, min(limits.1, level - width * share)),
          y: frame.box.y - 6 - Double(row) * AxisGuide.lineHeight)
      }
    }
  }
}
