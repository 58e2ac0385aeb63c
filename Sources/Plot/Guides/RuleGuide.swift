/// Reference lines across a panel, and their labels where they hide nothing.
struct RuleGuide {
  let rules: [Rule]
  let frame: PlotFrame
  let theme: Theme
  let metrics: TextMetrics

  /// The most room that labels beside a plot take, and their distance from it.
  private static let sideWidth = 92.0
  static let sideGap = 6.0
  /// From one row of labels above a plot to the next.
  static let rowHeight = 17.0

  /// Rules that lie on the scale, in order of value.
  private var placed: [(rule: Rule, level: Double)] {
    rules.filter { rule in
      frame.y.scale.fraction(of: rule.value).map { (-1e-9...1 + 1e-9).contains($0) } ?? false
    }
    .sorted { ($0.value, $0.label) < ($1.value, $1.label) }
    .compactMap { rule in frame.level(of: rule.value).map { (rule, $0) } }
  }

  /// The lines; they lie behind points and over bars.
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

  /// The labels on their lines.
  ///
  /// - Parameter placer: Knows what is already drawn, and records the labels.
  /// - Returns: The labels, and how much they hide.
  func labels(_ placer: inout LabelPlacer) -> (items: [DisplayItem], cost: Double) {
    var (items, total) = ([DisplayItem](), 0.0)
    for (rule, level) in placed where !rule.label.isEmpty {
      let text = metrics.fitted(rule.label, .tick, width: frame.box.width - 8)
      let width = metrics.width(of: text, .tick)
      let candidates =
        frame.orientation == .vertical
        ? beside(level, width: width) : above(level, width: width)
      let costs = candidates.map { placer.cost(of: box($0, width)) }
      // The first of the cheapest: labels line up where nothing is in the way.
      guard let best = candidates.indices.min(by: { (costs[$0], $0) < (costs[$1], $1) }) else {
        continue
      }
      total += costs[best]
      placer.reserve(box(candidates[best], width).padded(by: 1))
      items.append(
        .text(
          TextRun(
            text, at: candidates[best], style: .tick, color: theme.muted, halo: theme.background)))
    }
    return (items, total)
  }

  /// The labels to the right of the plot, in two lines where one is long.
  ///
  /// - Returns: Nil where there is no height for all of them.
  func sideLabels() -> [DisplayItem]? {
    let labelled = placed.filter { !$0.rule.label.isEmpty }
    let texts = labelled.map { Self.sideLines($0.rule.label, metrics) }
    let tallest = Double(texts.map(\.count).max() ?? 1) * AxisGuide.lineHeight
    guard
      let levels = LabelSpreading.spread(
        labelled.map(\.level), gap: tallest + 2,
        in: frame.box.y...(frame.box.maxY - min(tallest / 2, frame.box.height)))
    else { return nil }
    return zip(texts, levels).flatMap { lines, level -> [DisplayItem] in
      let top = level - Double(lines.count - 1) * AxisGuide.lineHeight / 2
      return lines.enumerated().map { row, text in
        let place = Position(
          x: frame.box.maxX + Self.sideGap, y: top + Double(row) * AxisGuide.lineHeight + 4.3)
        return .text(TextRun(text, at: place, style: .tick, color: theme.muted))
      }
    }
  }

  /// The room that labels beside a plot take, including their distance from it.
  static func sideWidth(_ rules: [Rule], _ metrics: TextMetrics) -> Double {
    let widths = rules.flatMap { rule in
      sideLines(rule.label, metrics).map { metrics.width(of: $0, .tick) }
    }
    return widths.max().map { $0 + sideGap + 1 } ?? 0
  }

  private static func sideLines(_ label: String, _ metrics: TextMetrics) -> [String] {
    // The narrowest that two lines can be made looks best in a margin.
    let words = label.split(separator: " ")
    let broken = words.indices.dropFirst().map { index in
      [words[..<index].joined(separator: " "), words[index...].joined(separator: " ")]
    }
    let options = ([[label]] + broken).map { lines -> ([String], Double) in
      // A break before the number keeps the words together, which is worth a little room.
      let penalty = lines.last?.first?.isNumber == true ? 0.0 : 16
      return (lines, (lines.map { metrics.width(of: $0, .tick) }.max() ?? 0) + penalty)
    }
    let best = options.enumerated().min { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
    return (best?.element.0 ?? [label]).map { metrics.fitted($0, .tick, width: sideWidth) }
  }

  /// How many rows the labels above upright lines need, before heights are known.
  static func rowsAbove(_ panels: [Panel], _ scale: Scale, width: Double, _ metrics: TextMetrics)
    -> Int
  {
    let rows = panels.map { panel in
      let rules = panel.rules.filter { !$0.label.isEmpty }
      let spans = rules.compactMap { rule -> (Double, Double)? in
        guard let fraction = scale.fraction(of: rule.value) else { return nil }
        let length = metrics.width(of: rule.label, .tick)
        let start = max(-4, min(width + 4 - length, fraction * width - length / 2))
        return (start, start + length)
      }
      .sorted { $0 < $1 }
      let touches = zip(spans, spans.dropFirst()).contains { $0.1 + 4 > $1.0 }
      return spans.isEmpty ? 0 : touches ? 2 : 1
    }
    return rows.max() ?? 0
  }

  private func box(_ anchor: Position, _ width: Double) -> Rectangle {
    let style = TextStyle.tick
    return Rectangle(
      x: anchor.x, y: anchor.y - style.capHeight, width: width,
      height: style.capHeight + style.descent
    ).padded(by: 1.5)
  }

  /// Above or below a horizontal line, the right end first.
  private func beside(_ level: Double, width: Double) -> [Position] {
    let room = frame.box.width - width - 8
    let baselines = [level - 5.5, level + 14].filter {
      $0 > frame.box.y + 9 && $0 < frame.box.maxY - 4
    }
    return [1, 0, 0.5, 0.75, 0.25, 0.875, 0.625, 0.375, 0.125].flatMap { share in
      baselines.map { Position(x: frame.box.x + 4 + room * share, y: $0) }
    }
  }

  /// Above the top end of a vertical line, in two rows.
  private func above(_ level: Double, width: Double) -> [Position] {
    let limits = (frame.box.x - 4, frame.box.maxX + 4 - width)
    return [0, 1].flatMap { row in
      [0.5, 0.2, 0.8].map { share in
        Position(
          x: max(limits.0, min(limits.1, level - width * share)),
          y: frame.box.y - 6 - Double(row) * Self.rowHeight)
      }
    }
  }
}

/// The placement of reference lines' labels.
enum RulePlacement: Hashable, Sendable {
  /// On the line, where they hide nothing; above its end for upright lines.
  case inside
  /// To the right of the plot, at the line's end.
  case outside
}
