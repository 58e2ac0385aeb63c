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

extension Mark {
  fileprivate var canonicalText: String {
    switch self {
    case .line(let style): "line \(style.rawValue)"
    case .dot: "dot"
    case .strip: "strip"
    case .bar: "bar"
    case .stack: "stack"
    case .heat(let shades):
      "heat \(shades.domain.lowerBound) \(shades.domain.upperBound) \(shades.format.rawValue)"
    case .scatter(let frontier): "scatter \(frontier?.rawValue ?? "plain")"
    }
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
