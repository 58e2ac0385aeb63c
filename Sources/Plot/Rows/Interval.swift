/// A closed range around an estimate, such as a 95 % confidence interval.
package struct Interval: Hashable, Sendable {
  /// The lower end, in the axis's unit.
  package let low: Double
  /// The upper end, in the axis's unit.
  package let high: Double

  /// Makes an interval; the ends may be given in either order.
  package init(_ low: Double, _ high: Double) {
    self.low = min(low, high)
    self.high = max(low, high)
  }

  /// Nil where an end is not a number, so that nothing false is drawn.
  var finite: Interval? { low.isFinite && high.isFinite ? self : nil }
}
