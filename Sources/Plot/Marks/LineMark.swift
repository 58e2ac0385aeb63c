/// Lines through points, with bands or whiskers.
struct LineMark {
  let context: MarkContext
  let style: Mark.IntervalStyle

  /// More overlapping bands than this cannot be told apart.
  private static let bandLimit = 3
  /// Beyond this many points a line is a curve, and markers would hide it.
  private static let markerLimit = 24

  private struct Place {
    let point: Point
    let position: Double
    let value: Position
  }

  /// Bands, raw values, lines, whiskers, markers: each layer of all series before the next.
  func items() -> [DisplayItem] {
    let bands = hasBands
    let entries = context.entries.map { ($0.look, runs(of: $0.series, $0.index)) }
    var layers: [[DisplayItem]] = Array(repeating: [], count: 5)
    for (look, runs) in entries {
      let isCurve = runs.reduce(0) { $0 + $1.count } > Self.markerLimit
      for run in runs {
        if bands { layers[0] += band(run, look.color) }
        for place in run {
          layers[1] += context.samples(place.point, at: place.position, look.color)
          if style != .hidden, !bands {
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

  /// The last point of a series, where a direct label belongs.
  func end(of series: Series) -> Position? {
    guard let index = context.roster.entry(series)?.index else { return nil }
    return runs(of: series, index).last?.last?.value
  }

  private var hasBands: Bool {
    switch style {
    case .band: true
    case .automatic: context.roster.entries.count { !$0.isReference } <= Self.bandLimit
    case .whisker, .hidden: false
    }
  }

  /// The stretches between gaps.
  private func runs(of series: Series, _ index: Int) -> [[Place]] {
    let slot = context.frame.slotLength(context.roster.coordinates)
    let hasWhiskers = style != .hidden && !hasBands
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
  private func band(_ run: [Place], _ color: Color) -> [DisplayItem] {
    var (upper, lower, bands) = ([Position](), [Position](), [DisplayItem]())
    func close() {
      if upper.count > 1 {
        bands.append(.polygon(upper + lower.reversed(), Ink(color, opacity: 0.15)))
      }
      (upper, lower) = ([], [])
    }
    for place in run {
      if let interval = place.point.interval?.finite,
        let low = context.frame.level(of: interval.low),
        let high = context.frame.level(of: interval.high)
      {
        upper.append(context.frame.place(place.position, high))
        lower.append(context.frame.place(place.position, low))
      } else {
        close()
      }
    }
    close()
    return bands
  }
}
