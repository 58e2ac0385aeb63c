/// The average rank of each method over blocks (seeds, data sets), and how far ranks must lie apart.
///
/// Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, §3.2.
package struct AverageRanks: Hashable, Sendable {
  /// One a method, in the order given; 1 is best, ties share the mean of their ranks.
  package let ranks: [Double]
  package let blocks: Int
  /// Nil for one block, and where every block ties all methods.
  package let friedman: FriedmanTest?

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

  /// Average ranks further apart than this differ at level `alpha`, all pairs tested at once.
  ///
  /// `CD = q_α √(k(k+1) / 6N)`, q_α the studentised range's quantile over √2. Nemenyi 1963,
  /// "Distribution-free multiple comparisons"; Demšar 2006, §3.2.2.
  package func criticalDifference(alpha: Double = 0.05) -> Double {
    StudentizedRange.quantile(1 - alpha, groups: ranks.count) * standardError
  }

  /// Nemenyi's p for the difference of two methods' ranks.
  package func pValue(_ first: Int, _ second: Int) -> Double {
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
