import Foundation

/// The average rank of each method over blocks (seeds, data sets), and the critical difference.
///
/// Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, §3.2.
package struct AverageRanks: Hashable, Sendable {
  /// One per method, in the order given; 1 is best, ties share the mean of their ranks.
  package let ranks: [Double]
  package let blocks: Int
  /// Nil for one block, and where every block ties all methods.
  let friedman: FriedmanTest?

  /// Ranks methods within each block.
  ///
  /// Nil without a block, for fewer than two methods, for blocks of different lengths and for values
  /// that are not finite.
  ///
  /// - Parameters:
  ///   - values: `[blocks][methods]`, finite.
  ///   - higherIsBetter: Whether the largest value of a block gets rank 1.
  package init?(_ values: [[Double]], higherIsBetter: Bool = true) {
    guard let methods = values.first?.count, methods > 1,
      values.allSatisfy({ $0.count == methods && $0.allSatisfy(\.isFinite) })
    else { return nil }
    let ranked = values.map { Self.ranks(higherIsBetter ? $0.map { -$0 } : $0) }
    ranks = (0..<methods).map { method in
      ranked.reduce(0) { $0 + $1[method] } / Double(ranked.count)
    }
    blocks = values.count
    friedman = FriedmanTest(ranks: ranked)
  }

  /// Average ranks that differ by more than this differ at level `alpha`, for all pairs at once.
  ///
  /// `CD = q_α √(k(k+1) / 6N)`, q_α the studentised range's quantile over √2. Nemenyi 1963,
  /// "Distribution-free multiple comparisons"; Demšar 2006, §3.2.2.
  func criticalDifference(alpha: Double = 0.05) -> Double {
    StudentizedRange.quantile(1 - alpha, groups: ranks.count) * standardError
  }

  /// Nemenyi's p for the difference of two methods' ranks.
  func pValue(_ first: Int, _ second: Int) -> Double {
    let range = abs(ranks[first] - ranks[second]) / standardError
    return 1 - StudentizedRange.cumulative(range, groups: ranks.count)
  }

  private var standardError: Double {
    let k = Double(ranks.count)
    return (k * (k + 1) / (12 * Double(blocks))).squareRoot()
  }

  /// Ranks from 1 for the smallest, ties averaged.
  static func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
      let smaller = values.count { $0 < value }
      let equal = values.count { $0 == value }
      return Double(smaller) + Double(equal + 1) / 2
    }
  }
}

/// Whether several methods differ over blocks (seeds, data sets) in which all were measured.
///
/// Friedman 1937, "The use of ranks to avoid the assumption of normality", with the correction for
/// ties; p from the F statistic of Iman and Davenport 1980, "Approximations of the critical region of
/// the Friedman statistic", which is less conservative with few blocks (Demšar 2006, JMLR 7, §3.2.2).
struct FriedmanTest: Hashable, Sendable {
  /// Friedman's χ², with methods − 1 degrees of freedom.
  let chiSquared: Double
  /// Iman and Davenport's `F = (N−1) χ² / (N(k−1) − χ²)`; infinite where all blocks agree.
  let f: Double
  /// Upper tail of F with k−1 and (k−1)(N−1) degrees of freedom.
  let pValue: Double

  /// Tests ranks `[blocks][methods]`, ties averaged.
  ///
  /// Nil for fewer than two blocks or methods, and where every block ties all methods.
  init?(ranks: [[Double]]) {
    guard ranks.count > 1, let k = ranks.first?.count, k > 1 else { return nil }
    let n = Double(ranks.count)
    let middle = Double(k + 1) / 2
    var between = 0.0
    for method in 0..<k {
      let distance = ranks.reduce(0) { $0 + $1[method] } / n - middle
      between += distance * distance
    }
    // Ranks without ties spread by N k (k² − 1) / 12, with ties by less.
    let spread = ranks.joined().reduce(0.0) { $0 + ($1 - middle) * ($1 - middle) }
    guard spread > 0 else { return nil }
    chiSquared = n * n * between * Double(k - 1) / spread
    let rest = n * Double(k - 1) - chiSquared
    // What is left of rounding where all blocks agree is no variance.
    f = rest > 1e-9 * n ? (n - 1) * chiSquared / rest : .infinity
    pValue = FisherF.upperTail(f, first: Double(k - 1), second: Double(k - 1) * (n - 1))
  }
}

/// How often a value of one sample exceeds one of another, whatever their distributions.
struct RankEffect: Hashable, Sendable {
  /// Cliff's delta, `P(X > Y) − P(X < Y)`, in [−1, 1].
  ///
  /// Cliff 1993, "Dominance statistics: ordinal analyses to answer ordinal questions".
  let cliffsDelta: Double
  /// `P(X > Y) + ½ P(X = Y)`, in [0, 1].
  ///
  /// Vargha and Delaney 2000, "A critique and improvement of the CL common language effect size
  /// statistics of McGraw and Wong".
  var probabilityOfSuperiority: Double { (1 + cliffsDelta) / 2 }

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
