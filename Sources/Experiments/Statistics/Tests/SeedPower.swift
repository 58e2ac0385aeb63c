import Foundation

/// What so many paired seeds can show at all.
package enum SeedPower {
  /// The fewest pairs whose sign-flip test can reach p < 0.05: 2 / 2⁶ = 0.031.
  package static let fewestPairs = 6

  /// The fewest pairs that can reach a two-sided p below `alpha`.
  package static func pairsNeeded(alpha: Double) -> Int {
    precondition(alpha > 0 && alpha <= 1, "pairs for p below \(alpha)")
    var pairs = 1
    while SignFlipTest.smallestPValue(count: pairs) >= alpha { pairs += 1 }
    return pairs
  }

  /// Says that so few pairs cannot show a difference.
  ///
  /// - Parameters:
  ///   - pairs: Pairs of results of their own.
  ///   - alpha: The level of the test.
  /// - Returns: A sentence; nil where they can.
  package static func warning(pairs: Int, alpha: Double = 0.05) -> String? {
    let needed = pairsNeeded(alpha: alpha)
    guard pairs < needed else { return nil }
    let smallest = String(format: "%.3g", SignFlipTest.smallestPValue(count: pairs))
    let level = String(format: "%.3g", alpha)
    return "With \(pairs) \(pairs == 1 ? "seed" : "seeds") the smallest two-sided p possible is "
      + "\(smallest) (2/2^\(pairs)); \(needed) are needed to go below \(level)."
  }
}
