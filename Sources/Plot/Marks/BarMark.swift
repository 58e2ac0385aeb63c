/// Bars from zero with whiskers, series side by side.
struct BarMark: Mark {
  let chartName = "Bar chart"
  let canonicalText = "bar"
  let startsAtZero = true
  let legendSample = LegendSample.patch

  func words(series: Int) -> MarkWords {
    MarkWords(means: "Bars", intervals: "thin lines", published: "Faint dashed lines")
  }

  func height(slots: Double, seriesInSlot: Double) -> Double {
    slots * max(28, seriesInSlot * 14 + 12) + 6
  }

  func items(in context: MarkContext) -> [DisplayItem] {
    let frame = context.frame
    let slot = frame.slotLength(context.roster.coordinates)
    let step = context.roster.step(slot: slot, share: 0.8, limit: 40)
    var layers: [[DisplayItem]] = [[], [], []]
    for (series, index, look) in context.entries {
      for point in series.points {
        guard let middle = frame.position(of: point.x), let value = point.value,
          let level = frame.level(of: value)
        else { continue }
        let position = middle + context.roster.offset(index, step: step)
        layers[0].append(
          .rectangle(
            frame.bar(
              center: position, breadth: max(1, step - (step > 5 ? 1.5 : 0.5)), from: frame.foot,
              to: level), Ink(look.color)))
        layers[1] += context.samples(point, at: position, context.theme.text)
        // The rim keeps the whisker visible on its own bar.
        layers[2] += [
          context.whisker(
            point.interval, at: position, width: 3.4, Ink(context.theme.background, opacity: 0.7)),
          context.whisker(point.interval, at: position, width: 1.4, Ink(context.theme.text)),
        ].compactMap(\.self)
      }
    }
    return layers.flatMap(\.self)
  }
}

extension ChartMark {
  /// A bar from zero with an interval; series that share a position are side by side.
  package static let bar = ChartMark(BarMark())
}
