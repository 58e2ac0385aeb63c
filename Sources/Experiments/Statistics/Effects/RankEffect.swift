/// How often a value of one sample exceeds one of another, whatever their distributions.
package struct RankEffect: Hashable, Sendable {
  /// Cliff's delta, `P(X > Y) − P(X < Y)`, in [−1, 1].
  ///
  /// Cliff 1993, "Dominance statistics: ordinal analyses to answer ordinal questions".
  package let cliffsDelta: Double
  /// `P(X > Y) + ½ P(X = Y)`, in [0, 1].
  ///
  /// Vargha and Delaney 2000, "A critique and improvement of the CL common language effect size
  /// statistics of McGraw and Wong".
  package var probabilityOfSuperiority: Double { (1 + cliffsDelta) / 2 }

  /// Compares every value of the first sample with every one of the second; nil if one is empty.
  ///
  /// - Complexity: O(first · second).
  package init?(_ first: [Double], _ second: [Double]) {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    var balance = 0
    for x in first {
      for y in second { balance += x > y ? 1 : x < y ? -1 : 0 }
    }
    cliffsDelta = Double(balance) / Double(first.count * second.count)
  }
}
