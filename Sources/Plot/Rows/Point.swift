/// One estimate of a series, with its uncertainty and the raw values behind it.
package struct Point: Hashable, Sendable {
  /// The position channel.
  package var x: Coordinate
  /// The value channel; nil or not finite is a gap, never a zero.
  package var y: Double?
  /// The uncertainty of `y`.
  package var interval: Interval?
  /// The uncertainty of a numeric `x`; only scatter charts draw it.
  package var xInterval: Interval?
  /// The raw values, one a seed, drawn faintly behind the estimate.
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
