/// How a chart says which series is which.
enum Key: Hashable, Sendable {
  /// Not at all: there is one series, or the axis names them.
  case none
  /// Names to the right of the last points of lines.
  case beside
  /// Names next to points.
  case within
  /// Samples and names above the plots.
  case legend
}
