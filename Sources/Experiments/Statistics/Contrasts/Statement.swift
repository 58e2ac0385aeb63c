/// What is said of a difference, and what its interval answers.
package enum Statement: Hashable, Sendable {
  /// Above a boundary: supported if all of the interval is, refuted if none is.
  case above(Double)
  /// Below a boundary.
  case below(Double)
  /// Between two boundaries.
  case between(Double, Double)

  package enum Outcome: String, CaseIterable, Hashable, Sendable, Codable {
    case supported
    case refuted
    /// Neither, but all of the interval is closer to 0 than the smallest difference that matters.
    case equivalent
    case inconclusive
  }

  /// Reads the outcome off an interval.
  ///
  /// - Parameters:
  ///   - interval: Of the difference.
  ///   - effect: The smallest difference that matters, if that was declared.
  /// - Returns: What the whole interval says.
  package func outcome(_ interval: ConfidenceInterval, effect: Double? = nil) -> Outcome {
    switch self {
    case .above(let boundary):
      if interval.lower > boundary { return .supported }
      if interval.upper < boundary { return .refuted }
    case .below(let boundary):
      if interval.upper < boundary { return .supported }
      if interval.lower > boundary { return .refuted }
    case .between(let low, let high):
      if interval.lower > low, interval.upper < high { return .supported }
      return interval.lower > high || interval.upper < low ? .refuted : .inconclusive
    }
    guard let effect, interval.lower > -effect, interval.upper < effect else {
      return .inconclusive
    }
    return .equivalent
  }

  /// Whether the statement is true of a number.
  package func holds(for difference: Double) -> Bool {
    switch self {
    case .above(let boundary): difference > boundary
    case .below(let boundary): difference < boundary
    case .between(let low, let high): difference > low && difference < high
    }
  }

  /// The p that is at most the level exactly where the interval of the same contrast decides.
  ///
  /// Two-sided against a boundary. Between two boundaries it is the larger of two, for then both
  /// must be excluded, and outside them the one of the nearer.
  ///
  /// - Returns: Not corrected; nil where nothing varies.
  package func pValue(of contrast: Contrast) -> Double? {
    switch self {
    case .above(let boundary), .below(let boundary): return contrast.pValue(against: boundary)
    case .between(let low, let high):
      if contrast.estimate >= high { return contrast.pValue(against: high) }
      if contrast.estimate <= low { return contrast.pValue(against: low) }
      guard let below = contrast.pValue(against: low), let above = contrast.pValue(against: high)
      else { return nil }
      return max(below, above)
    }
  }
}
