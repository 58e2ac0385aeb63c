/// One facet of a chart; all panels of a chart share both scales.
package struct Panel: Hashable, Sendable {
  /// A short title, such as `out-of-domain`; may be empty.
  var title: String
  /// What is drawn, back to front.
  var series: [Series]
  /// Reference lines across this panel.
  var rules: [Rule]

  /// Makes a panel.
  package init(title: String = "", series: [Series], rules: [Rule] = []) {
    self.title = title
    self.series = series
    self.rules = rules
  }
}

extension Panel {
  /// The points of all series.
  var points: [Point] { series.flatMap(\.points) }

  /// The coordinates of the panel's points, each once, in order of appearance.
  var positions: [Coordinate] {
    var seen: Set<Coordinate> = []
    return series.flatMap { $0.points.map(\.x) }.filter { seen.insert($0).inserted }
  }

  /// The sum of the parts at each position that has any.
  var stackTotals: [Double] { positions.compactMap(stackTotal(at:)) }

  /// The sum of the parts at one position, or nil where all are missing.
  func stackTotal(at position: Coordinate) -> Double? {
    let parts = series.flatMap { part in
      part.points.filter { $0.x == position }.compactMap(\.value).filter { $0 > 0 }
    }
    return parts.isEmpty ? nil : parts.reduce(0, +)
  }
}

/// The points that share a name, a colour and a marker.
package struct Series: Hashable, Sendable {
  /// The text of a legend or direct label.
  package var name: String
  /// What the style book looks up; a method's name, so that it looks alike across the site.
  var styleName: String
  /// The points, in the order in which a line joins them.
  package var points: [Point]
  /// Whether it is there to compare with, and drawn faint and dashed for that.
  var isReference: Bool

  /// Makes a series, styled by its name by default.
  package init(
    name: String, styleName: String? = nil, points: [Point], isReference: Bool = false
  ) {
    self.name = name
    self.styleName = styleName ?? name
    self.points = points
    self.isReference = isReference
  }
}

/// A reference line across a panel at one value, with a direct label.
package struct Rule: Hashable, Sendable {
  /// Where it lies on the value axis.
  package var value: Double
  /// Its label, such as `chance 50 %`; may be empty.
  package var label: String

  /// Makes a rule.
  package init(at value: Double, label: String) {
    self.value = value
    self.label = label
  }
}

/// One estimate of a series, with its uncertainty and the raw values behind it.
package struct Point: Hashable, Sendable {
  /// The position channel.
  package var x: Coordinate
  /// The value channel; nil or not finite is a gap, never a zero.
  var y: Double?
  /// The uncertainty of `y`.
  package var interval: Interval?
  /// The uncertainty of a numeric `x`; only scatter charts draw it.
  var xInterval: Interval?
  /// The raw values, one per seed, drawn faintly behind the estimate.
  package var samples: [Double]

  /// Makes a point.
  package init(
    x: Coordinate, y: Double?, interval: Interval? = nil, xInterval: Interval? = nil,
    samples: [Double] = []
  ) {
    self.x = x
    self.y = y
    self.interval = interval
    self.xInterval = xInterval
    self.samples = samples
  }

  /// The value to draw, or nil for a gap.
  var value: Double? {
    guard let y, y.isFinite else { return nil }
    return y
  }

  var finiteSamples: [Double] { samples.filter(\.isFinite) }
}

/// Where a point lies along the position channel: a number, or a named category.
package enum Coordinate: Hashable, Sendable {
  /// A quantity in the axis's unit, such as 16 examples.
  case number(Double)
  /// A name, such as a method.
  case category(String)

  var number: Double? {
    guard case .number(let value) = self, value.isFinite else { return nil }
    return value
  }
}

/// A closed range around an estimate, such as a 95 % confidence interval.
package struct Interval: Hashable, Sendable {
  /// The lower end, in the axis's unit.
  let low: Double
  /// The upper end, in the axis's unit.
  let high: Double

  /// Makes an interval; the ends may be given in either order.
  package init(_ low: Double, _ high: Double) {
    self.low = min(low, high)
    self.high = max(low, high)
  }

  /// Nil where an end is not a number, so that nothing false is drawn.
  var finite: Interval? { low.isFinite && high.isFinite ? self : nil }
}
