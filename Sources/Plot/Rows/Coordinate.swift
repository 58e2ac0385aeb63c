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
