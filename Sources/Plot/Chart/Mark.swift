/// What a row becomes on the page.
package enum Mark: Hashable, Sendable {
  /// A line through each series's points; position is numeric or categorical.
  case line(IntervalStyle)
  /// A marker with its interval; series that share a position stand side by side.
  case dot
  /// Every raw value a marker, with a short line at their mean; series stand side by side.
  case strip
  /// A bar from zero with an interval; series that share a position stand side by side.
  case bar
  /// Bars that add up: a series is a part (such as gradients), a position is a whole (a method).
  case stack
  /// A shaded cell for each point: series are columns, positions are rows.
  case heat(Shades)
  /// A labelled point per series in the plane of two quantities.
  case scatter(Frontier?)

  /// How a line shows the uncertainty of its points.
  package enum IntervalStyle: String, Hashable, Sendable {
    /// Bands while they can be told apart, whiskers side by side beyond that.
    case automatic
    /// A soft filled band.
    case band
    /// A thin line at each point, series side by side.
    case whisker
    /// Not at all.
    case hidden
  }

  /// The corner of a scatter chart in which no other point is better on both axes.
  package enum Frontier: String, Hashable, Sendable {
    /// Less x and more y are better, such as memory against accuracy.
    case lowXHighY
    /// Less of both is better, such as memory against seconds.
    case lowXLowY
  }

  /// Whether a bar's length is read, so that the value axis has to start at zero.
  var startsAtZero: Bool { self == .bar || self == .stack }

  var isHeat: Bool { if case .heat = self { true } else { false } }

  var isScatter: Bool { if case .scatter = self { true } else { false } }
}
