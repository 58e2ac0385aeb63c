/// Markers with intervals, series side by side.
struct DotMark: Mark {
  let chartName = "Dot plot"
  let canonicalText = "dot"

  func words(series: Int) -> MarkWords {
    MarkWords(means: "Markers", intervals: "lines through them", published: "Faint markers")
  }

  /// Raw values, intervals, markers: each layer of all series before the next.
  func items(in context: MarkContext) -> [DisplayItem] {
    let slot = context.frame.slotLength(context.roster.coordinates)
    let step = context.roster.step(slot: slot, share: 0.82, limit: 16)
    // Raw values are beside their interval if there is room, else behind it.
    let aside = step >= 11 ? -4.5 : 0
    var layers: [[DisplayItem]] = [[], [], []]
    for (series, index, look) in context.entries {
      for point in series.points {
        guard let middle = context.frame.position(of: point.x) else { continue }
        let position = middle + context.roster.offset(index, step: step)
        layers[0] += context.samples(point, at: position + aside, look.color)
        guard let value = point.value, let level = context.frame.level(of: value) else { continue }
        layers[1] += [
          context.whisker(point.interval, at: position, width: 1.8, Ink(look.color))
        ].compactMap(\.self)
        layers[2].append(
          .marker(
            look.marker, context.frame.place(position, level), size: min(8, max(6, step)),
            Ink(look.color, opacity: look.opacity), rim: context.theme.background))
      }
    }
    return layers.flatMap(\.self)
  }
}

extension ChartMark {
  /// A marker with its interval; series that share a position are side by side.
  package static let dot = ChartMark(DotMark())
}
