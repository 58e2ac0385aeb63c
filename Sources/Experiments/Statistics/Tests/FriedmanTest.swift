import Foundation

/// Whether several methods differ over blocks (seeds, data sets) in which all were measured.
///
/// Friedman 1937, "The use of ranks to avoid the assumption of normality", with the correction for
/// ties; p from the F statistic of Iman and Davenport 1980, "Approximations of the critical region of
/// the Friedman statistic", which is less conservative with few blocks (Demšar 2006, JMLR 7, §3.2.2).
package struct FriedmanTest: Hashable, Sendable {
  /// Friedman's χ², with methods − 1 degrees of freedom.
  package let chiSquared: Double
  /// Iman and Davenport's `F = (N−1) χ² / (N(k−1) − χ²)`; infinite where all blocks agree.
  package let f: Double
  /// Upper tail of F with k−1 and (k−1)(N−1) degrees of freedom.
  package let pValue: Double

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
