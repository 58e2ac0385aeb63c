/// Every raw value by itself, with a short line at the mean.
struct StripMark: Mark {
  let chartName = "Strip plot"
  let canonicalText = "strip"

  func words(series: Int) -> MarkWords {
    MarkWords(means: nil, intervals: "lines through them", published: "Faint dashed lines")
  }

  /// Values, then means, so that no value hides a mean.
  func items(in context: MarkContext) -> [DisplayItem] {
    let slot = context.frame.slotLength(context.roster.coordinates)
    let step = context.roster.step(slot: slot, share: 0.82, limit: 22)
    var layers: [[DisplayItem]] = [[], []]
    for (series, index, look) in context.entries {
      for point in series.points {
        guard let middle = context.frame.position(of: point.x) else { continue }
        let position = middle + context.roster.offset(index, step: step)
        let values =
          point.finiteSamples.isEmpty
          ? [point.value].compactMap(\.self) : point.finiteSamples
        for (order, value) in values.enumerated() {
          guard let level = context.frame.level(of: value) else { continue }
          // Equal values would hide each other; their order keeps them apart a little.
          let aside = step > 8 ? Double(order % 3 - 1) * min(3, step / 6) : 0
          layers[0].append(
            .marker(
              look.marker, context.frame.place(position + aside, level), size: 5.5,
              Ink(look.color, opacity: 0.6), rim: nil))
        }
        guard let value = point.value, let level = context.frame.level(of: value) else { continue }
        let half = max(4, min(9, step * 0.45))
        layers[1].append(
          .stroke(
            [
              context.frame.place(position - half, level),
              context.frame.place(position + half, level),
            ], width: 2, dash: [], Ink(look.color)))
      }
    }
    return layers.flatMap(\.self)
  }
}

extension ChartMark {
  /// One marker per raw value, with a short line at their mean; series are side by side.
  package static let strip = ChartMark(StripMark())
}
