/// What every mark needs to know to draw a panel.
struct MarkContext {
  let panel: Panel
  let frame: PlotFrame
  let roster: Roster
  let theme: Theme
  let mark: Mark

  /// Draws the panel's series, back to front.
  func items() -> [DisplayItem] {
    switch mark {
    case .line(let style): LineMark(context: self, style: style).items()
    case .dot: DotMark(context: self).items()
    case .strip: StripMark(context: self).items()
    case .bar: BarMark(context: self).items()
    case .heat(let shades): HeatMark(context: self, shades: shades).items()
    case .stack: StackMark(context: self).items()
    case .scatter(let frontier): ScatterMark(context: self, frontier: frontier).items()
    }
  }

  /// The panel's series with their looks.
  var entries: [(series: Series, index: Int, look: Roster.Entry)] {
    panel.series.compactMap { series in
      roster.entry(series).map { (series, $0.index, $0.entry) }
    }
  }

  /// A thin line between two values at one position.
  func whisker(_ interval: Interval?, at position: Double, width: Double, _ ink: Ink)
    -> DisplayItem?
  {
    guard let interval = interval?.finite, let low = frame.level(of: interval.low),
      let high = frame.level(of: interval.high)
    else { return nil }
    return .stroke(
      [frame.place(position, low), frame.place(position, high)], width: width, dash: [], ink)
  }

  /// The raw values of a point, faint.
  func samples(_ point: Point, at position: Double, _ color: Color) -> [DisplayItem] {
    point.finiteSamples.compactMap { sample in
      frame.level(of: sample).map { level in
        .marker(
          .circle, frame.place(position, level), size: 3.6,
          Ink(color, opacity: theme == .light ? 0.3 : 0.4), rim: nil)
      }
    }
  }
}
