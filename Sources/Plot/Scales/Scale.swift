import Foundation

/// How a value becomes a fraction of an axis's length, 0 at its start and 1 at its end.
enum Scale: Hashable, Sendable {
  case linear(ClosedRange<Double>)
  /// The domain is positive.
  case logarithmic(ClosedRange<Double>)
  /// One slot of equal width per coordinate, each coordinate in the middle of its slot.
  case band([Coordinate])

  /// The place of a coordinate, or nil where this scale has none for it.
  func fraction(of coordinate: Coordinate) -> Double? {
    if case .band(let slots) = self {
      guard let index = slots.firstIndex(of: coordinate) else { return nil }
      return (Double(index) + 0.5) / Double(slots.count)
    }
    return coordinate.number.flatMap(fraction(of:))
  }

  /// The place of a number; below 0 or above 1 outside the domain.
  func fraction(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch self {
    case .linear(let domain):
      return Self.share(value, domain.lowerBound, domain.upperBound)
    case .logarithmic(let domain):
      // An interval may reach down to zero, which lies at the very start of the axis.
      guard value > 0 else { return 0 }
      return Self.share(log(value), log(domain.lowerBound), log(domain.upperBound))
    case .band: return fraction(of: .number(value))
    }
  }

  /// How many slots a band scale has.
  var slotCount: Int? {
    guard case .band(let slots) = self else { return nil }
    return slots.count
  }

  private static func share(_ value: Double, _ low: Double, _ high: Double) -> Double {
    high > low ? (value - low) / (high - low) : 0.5
  }
}
