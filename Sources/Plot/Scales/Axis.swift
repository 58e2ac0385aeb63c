import Foundation

/// How one channel is scaled and labelled.
package struct Axis: Hashable, Sendable {
  /// How a quantity becomes a length.
  package enum ScaleKind: Hashable, Sendable {
    /// Equal differences, equal lengths.
    case linear
    /// Equal ratios, equal lengths; the base places the ticks and is 2 or more.
    case logarithmic(base: Int)
    /// One slot per distinct coordinate: numbers ascending, then names in order of appearance.
    case categorical
  }

  /// What is measured and its unit, such as `examples per class`; may be empty.
  var title: String
  /// The scale; a value axis ignores a categorical one.
  package var scale: ScaleKind
  /// Ticks at exactly these values; nil chooses round ones.
  var ticks: [Double]?
  /// The range to show; nil fits the data.
  package var domain: ClosedRange<Double>?
  /// The format of values.
  package var format: ValueFormat
  /// Whether a fitted range has to include zero; bars always do.
  var includesZero: Bool

  /// Makes an axis; the defaults suit a plain quantity.
  package init(
    title: String = "", scale: ScaleKind = .linear, ticks: [Double]? = nil,
    domain: ClosedRange<Double>? = nil, format: ValueFormat = .plain, includesZero: Bool = false
  ) {
    self.title = title
    self.scale = scale
    self.ticks = ticks
    self.domain = domain
    self.format = format
    self.includesZero = includesZero
  }
}

/// An axis once its data is known: a scale with its ticks.
struct ResolvedAxis: Hashable, Sendable {
  let title: String
  let scale: Scale
  let ticks: [Tick]
}

/// A labelled place on an axis.
struct Tick: Hashable, Sendable {
  /// The place along the axis, 0 at its start and 1 at its end.
  let fraction: Double
  let label: String
}

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
