/// Grid, baseline and tick labels of one panel.
struct AxisGuide {
  let frame: PlotFrame
  let theme: Theme
  let metrics: TextMetrics
  /// Whether the labels of the axis that runs vertically belong to this panel.
  let showsVerticalLabels: Bool
  /// The room beside the plot for those labels.
  let verticalLabelWidth: Double
  /// Whether points are read against both axes, so that both need a grid.
  let hasPositionGrid: Bool

  static let lineHeight = 15.0
  static let gap = 9.0

  private var isVertical: Bool { frame.orientation == .vertical }

  func items() -> [DisplayItem] {
    stripes() + grid() + baseline() + valueLabels() + positionLabels()
  }

  /// The lines of a slot's name, as many as fit.
  static func lines(_ label: String, width: Double, _ metrics: TextMetrics) -> [String] {
    metrics.wrapped(label, .tick, width: width, lines: 3)
      ?? [metrics.fitted(label, .tick, width: width)]
  }

  /// A faint ground behind every other slot keeps series side by side with their position.
  private func stripes() -> [DisplayItem] {
    guard isVertical, let count = frame.x.scale.slotCount, count > 1 else { return [] }
    let slot = frame.box.width / Double(count)
    return stride(from: 0, to: count, by: 2).map { index in
      .rectangle(
        Rectangle(
          x: frame.box.x + Double(index) * slot, y: frame.box.y, width: slot,
          height: frame.box.height), Ink(theme.stripe))
    }
  }

  private func grid() -> [DisplayItem] {
    var items = frame.y.ticks.map { tick in
      let level = frame.level(at: tick.fraction)
      return line(across: level, theme.grid)
    }
    if case .linear(let domain) = frame.y.scale, domain.lowerBound < 0, domain.upperBound > 0 {
      items.append(line(across: frame.foot, theme.axis))
    }
    if hasPositionGrid {
      items += frame.x.ticks.map { tick in
        let x = frame.position(at: tick.fraction)
        return .stroke(
          [Position(x: x, y: frame.box.y), Position(x: x, y: frame.box.maxY)], width: 1, dash: [],
          Ink(theme.grid))
      }
    }
    return items
  }

  private func baseline() -> [DisplayItem] {
    let box = frame.box
    guard isVertical else {
      return frame.y.scale.startsAtZero ? [line(across: frame.foot, theme.axis)] : []
    }
    var items: [DisplayItem] = [
      .stroke(
        [Position(x: box.x, y: box.maxY), Position(x: box.maxX, y: box.maxY)], width: 1, dash: [],
        Ink(theme.axis))
    ]
    if frame.x.scale.slotCount == nil {
      items += frame.x.ticks.map { tick in
        let x = frame.position(at: tick.fraction)
        return .stroke(
          [Position(x: x, y: box.maxY), Position(x: x, y: box.maxY + 4)], width: 1, dash: [],
          Ink(theme.axis))
      }
    }
    return items
  }

  private func valueLabels() -> [DisplayItem] {
    let level = frame.level(at:)
    guard isVertical else {
      return spaced(frame.y.ticks, at: { level($0.fraction) })
    }
    guard showsVerticalLabels else { return [] }
    return frame.y.ticks.map { tick in
      .text(
        TextRun(
          tick.label, at: Position(x: frame.box.x - Self.gap, y: level(tick.fraction) + 4.3),
          .trailing, style: .tick, color: theme.muted))
    }
  }

  private func positionLabels() -> [DisplayItem] {
    let position = frame.position(at:)
    guard isVertical else {
      guard showsVerticalLabels else { return [] }
      return frame.x.ticks.map { tick in
        let label = metrics.fitted(tick.label, .label, width: verticalLabelWidth - Self.gap)
        return .text(
          TextRun(
            label, at: Position(x: frame.box.x - Self.gap, y: position(tick.fraction) + 4.5),
            .trailing, style: .label, color: theme.text))
      }
    }
    guard let count = frame.x.scale.slotCount else {
      return spaced(frame.x.ticks, at: { position($0.fraction) })
    }
    let slot = frame.box.width / Double(count) - 4
    return frame.x.ticks.flatMap { tick in
      Self.lines(tick.label, width: slot, metrics).enumerated().map { row, text in
        .text(
          TextRun(
            text,
            at: Position(
              x: position(tick.fraction), y: frame.box.maxY + 18 + Double(row) * Self.lineHeight),
            .center, style: .tick, color: theme.muted))
      }
    }
  }

  /// Labels below the plot, leaving out those that would touch the one before.
  private func spaced(_ ticks: [Tick], at place: (Tick) -> Double) -> [DisplayItem] {
    var (items, end) = ([DisplayItem](), -Double.infinity)
    for tick in ticks {
      let run = TextRun(
        tick.label, at: Position(x: place(tick), y: frame.box.maxY + 19), .center, style: .tick,
        color: theme.muted)
      let bounds = run.bounds(metrics)
      guard bounds.x > end + 5 else { continue }
      end = bounds.maxX
      items.append(.text(run))
    }
    return items
  }

  private func line(across level: Double, _ color: Color) -> DisplayItem {
    let (start, end) =
      isVertical
      ? (frame.box.x, frame.box.maxX) : (frame.box.y, frame.box.maxY)
    return .stroke(
      [frame.place(start, level), frame.place(end, level)], width: 1, dash: [], Ink(color))
  }
}

extension Scale {
  /// Whether the axis begins exactly at zero.
  fileprivate var startsAtZero: Bool {
    guard case .linear(let domain) = self else { return false }
    return domain.lowerBound == 0
  }
}
