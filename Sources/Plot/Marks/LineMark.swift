/// Lines through points, with bands or whiskers.
struct LineMark: Mark {
  let intervals: ChartMark.IntervalStyle

  let chartName = "Line chart"
  let orientation: Orientation? = .vertical
  let joinsPoints = true
  let legendSample = LegendSample.line

  func words(series: Int) -> MarkWords {
    MarkWords(
      means: "Markers", intervals: series <= 3 ? "bands" : "lines through them",
      published: "Faint dashed lines")
  }

  var canonicalText: String { "line \(intervals.rawValue)" }

  /// More overlapping bands than this are not distinguishable.
  private static let bandLimit = 3
  /// Beyond this many points a line is a curve, and markers would hide it.
  private static let markerLimit = 24

  private struct Place {
    let point: Point
    let position: Double
    let value: Position
  }

  func keys(_ roster: Roster) -> [Key] {
    guard roster.needsKey else { return [.none] }
    // Twice as many names beside the lines would crowd: a key separates dashed from solid lines.
    return roster.entries.contains(where: \.isReference) ? [.legend] : [.beside, .legend]
  }

  func labels(_ key: Key, in context: MarkContext) -> [DisplayItem]? {
    guard key == .beside else { return [] }
    let ends = context.entries.compactMap { series, index, look in
      runs(of: series, index, in: context).last?.last.map { (look, $0.value) }
    }
    return EndLabels(context: context).items(ends)
  }

  /// Bands, raw values, lines, whiskers, markers: each layer of all series before the next.
  func items(in context: MarkContext) -> [DisplayItem] {
    let bands = hasBands(context.roster)
    let entries = context.entries.map { ($0.look, runs(of: $0.series, $0.index, in: context)) }
    var layers: [[DisplayItem]] = Array(repeating: [], count: 5)
    for (look, runs) in entries {
      let isCurve = runs.reduce(0) { $0 + $1.count } > Self.markerLimit
      for run in runs {
        if bands { layers[0] += band(run, look.color, in: context.frame) }
        for place in run {
          layers[1] += context.samples(place.point, at: place.position, look.color)
          if intervals != .hidden, !bands {
            layers[3] += [
              context.whisker(
                place.point.interval, at: place.position, width: 1.4,
                Ink(look.color, opacity: 0.75))
            ].compactMap(\.self)
          }
          if !isCurve || run.count == 1 {
            layers[4].append(
              .marker(
                look.marker, place.value, size: look.isReference ? 5.5 : 7.5,
                Ink(look.color, opacity: look.opacity),
                rim: context.theme.background))
          }
        }
        if run.count > 1 {
          layers[2].append(
            .stroke(
              run.map(\.value), width: look.isReference ? 1.4 : 1.9, dash: look.dash,
              Ink(look.color, opacity: look.opacity)))
        }
      }
    }
    return layers.flatMap(\.self)
  }

  private func hasBands(_ roster: Roster) -> Bool {
    switch intervals {
    case .band: true
    case .automatic: roster.entries.count { !$0.isReference } <= Self.bandLimit
    case .whisker, .hidden: false
    }
  }

  /// The stretches between gaps.
  private func runs(of series: Series, _ index: Int, in context: MarkContext) -> [[Place]] {
    let slot = context.frame.slotLength(context.roster.coordinates)
    let hasWhiskers = intervals != .hidden && !hasBands(context.roster)
    let step = hasWhiskers ? context.roster.step(slot: slot, share: 0.6, limit: 6) : 0
    let offset = context.roster.offset(index, step: step)
    var runs: [[Place]] = [[]]
    for point in series.points {
      guard let value = point.value, let position = context.frame.position(of: point.x),
        let level = context.frame.level(of: value)
      else {
        runs.append([])
        continue
      }
      let place = context.frame.place(position + offset, level)
      runs[runs.count - 1].append(Place(point: point, position: position + offset, value: place))
    }
    return runs.filter { !$0.isEmpty }
  }

  /// The area between the interval ends, interrupted where a point has none.
  private func band(_ run: [Place], _ color: Color, in frame: PlotFrame) -> [DisplayItem] {
    var (upper, lower, bands) = ([Position](), [Position](), [DisplayItem]())
    func close() {
      if upper.count > 1 {
        bands.append(.polygon(upper + lower.reversed(), Ink(color, opacity: 0.15)))
      }
      (upper, lower) = ([], [])
    }
    for place in run {
      if let interval = place.point.interval?.finite,
        let low = frame.level(of: interval.low),
        let high = frame.level(of: interval.high)
      {
        upper.append(frame.place(place.position, high))
        lower.append(frame.place(place.position, low))
      } else {
        close()
      }
    }
    close()
    return bands
  }
}

extension ChartMark {
  /// A line through each series's points; position is numeric or categorical.
  package static func line(_ intervals: IntervalStyle) -> ChartMark {
    ChartMark(LineMark(intervals: intervals))
  }

  /// How a line shows the uncertainty of its points.
  package enum IntervalStyle: String, Hashable, Sendable {
    /// Bands as long as they are distinguishable, whiskers side by side beyond that.
    case automatic
    /// A soft filled band.
    case band
    /// A thin line at each point, series side by side.
    case whisker
    /// Not at all.
    case hidden
  }
}

/// The names of lines beside their last points, when they fit there without confusion.
struct EndLabels {
  let context: MarkContext

  /// How far a label may move from its line before a legend reads better.
  private static let reach = 20.0
  private static let gap = 16.5
  static let margin = 12.0

  /// The labels, or nil where they would crowd.
  func items(_ ends: [(look: Roster.Entry, place: Position)]) -> [DisplayItem]? {
    let box = context.frame.box
    let right = ends.map(\.place.x).max() ?? box.maxX
    // A line that stops early has no label beside it that a reader would find.
    guard ends.allSatisfy({ right - $0.place.x < 40 }) else { return nil }
    let levels = ends.map(\.place.y)
    guard
      let spread = LabelSpreading.spread(levels, gap: Self.gap, in: box.y...max(box.y, box.maxY)),
      zip(spread, levels).allSatisfy({ abs($0 - $1) <= Self.reach })
    else { return nil }
    return zip(ends, spread).flatMap { end, level in
      label(end.look, from: end.place, at: Position(x: box.maxX + Self.margin, y: level))
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
