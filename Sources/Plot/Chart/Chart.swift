/// A picture described in the grammar's words: a mark, two channels with their scales, and facets.
///
/// A chart is a plain value. ``rendered(theme:width:)`` takes it through pure stages (resolve scales,
/// lay out, display list) and then draws it:
///
///     let chart = Chart(
///       mark: .line(.automatic),
///       x: Axis(title: "examples", scale: .logarithmic(base: 2), ticks: [2, 16, 32, 64, 128]),
///       y: Axis(title: "accuracy", format: .percent),
///       panels: [Panel(title: "in-domain", series: series, rules: [Rule(at: 0.5, label: "chance")])])
///     let image = try chart.rendered(theme: .light, width: 720)
package struct Chart: Sendable {
  /// What rows become.
  let mark: any Mark
  /// The position channel.
  package var x: Axis
  /// The value channel.
  var y: Axis
  /// The facets, side by side where the width allows.
  var panels: [Panel]
  /// Colours and markers by name.
  var styles: StyleBook
  /// Which way the position channel runs; nil lets the mark and the length of the names decide.
  package var orientation: Orientation?
  /// The height of one panel's plot in CSS pixels; nil chooses it.
  var plotHeight: Int?

  /// Makes a chart.
  package init(
    mark: ChartMark, x: Axis, y: Axis, panels: [Panel], styles: StyleBook = StyleBook(),
    orientation: Orientation? = nil, plotHeight: Int? = nil
  ) {
    self.mark = mark.mark
    self.x = x
    self.y = y
    self.panels = panels
    self.styles = styles
    self.orientation = orientation
    self.plotHeight = plotHeight
  }

  /// Whether positions are slots: asked for, implied by the mark, or needed by a name.
  var isCategorical: Bool {
    if x.scale == .categorical || mark.needsSlots { return true }
    return panels.flatMap(\.points).contains { point in
      if case .category = point.x { true } else { false }
    }
  }

  /// How some series look.
  func looks(of series: [Series]) -> [SeriesStyle] {
    mark.looks(of: series.map(\.styleName), in: styles)
  }
}

extension Chart {
  /// Everything that can change the chart's picture, as stable text: a cache key's main part.
  ///
  /// Equal charts give equal texts on every machine; numbers are exact. A complete key adds
  /// ``rendererVersion``, the theme and the width.
  package var canonicalText: String {
    var lines = [
      "mark \(mark.canonicalText)", "x \(x.canonicalText)", "y \(y.canonicalText)",
      "orientation \(orientation?.rawValue ?? "automatic")",
      "height \(plotHeight.map(String.init) ?? "automatic")",
    ]
    for panel in panels {
      lines.append("panel \(panel.title.quoted)")
      lines += panel.rules.map { "  rule \($0.value) \($0.label.quoted)" }
      for (series, style) in zip(panel.series, looks(of: panel.series)) {
        lines.append(
          "  series \(series.name.quoted) \(style.light.hex) \(style.dark.hex)"
            + " \(style.marker.rawValue)\(series.isReference ? " reference" : "")")
        lines += series.points.map { "    \($0.canonicalText)" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Axis {
  fileprivate var canonicalText: String {
    let kind =
      switch scale {
      case .linear: "linear"
      case .logarithmic(let base): "logarithmic \(base)"
      case .categorical: "categorical"
      }
    return "\(title.quoted) \(kind) \(format.rawValue)" + (includesZero ? " zero" : "")
      + (domain.map { " domain \($0.lowerBound) \($0.upperBound)" } ?? "")
      + (ticks.map { " ticks \($0)" } ?? "")
  }
}

extension Point {
  fileprivate var canonicalText: String {
    let place =
      switch x {
      case .number(let value): "\(value)"
      case .category(let name): name.quoted
      }
    return "\(place) \(y.map { "\($0)" } ?? "gap")"
      + (interval.map { " y \($0.low) \($0.high)" } ?? "")
      + (xInterval.map { " x \($0.low) \($0.high)" } ?? "")
      + (samples.isEmpty ? "" : " samples \(samples)")
  }
}

extension String {
  /// In quotation marks, so that no name can pass for another part of the text.
  fileprivate var quoted: String { debugDescription }
}
