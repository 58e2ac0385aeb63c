import Foundation

/// How large paired differences are, in units that do not depend on how many pairs there are.
package struct PairedEffect: Hashable, Sendable {
  /// Cohen's d for pairs, `mean(d) / sd(d)`; infinite where all differences are equal and not 0.
  ///
  /// Cohen 1988, "Statistical power analysis for the behavioral sciences", §2.3.5 (d_z).
  package let cohensDz: Double
  /// ``cohensDz`` times Hedges' exact correction for small samples.
  ///
  /// `J(m) = Γ(m/2) / (√(m/2) Γ((m−1)/2))` with m = n − 1. Hedges 1981, "Distribution theory for
  /// Glass's estimator of effect size and related estimators", equation 6.
  package let hedgesG: Double
  /// Share of the pairs in which the first is larger, ties counting half.
  package let winShare: Double

  /// Describes differences first − second; nil for fewer than two or any that is not finite.
  package init?(_ differences: [Double]) {
    guard differences.count > 1, differences.allSatisfy(\.isFinite),
      let moments = SampleMoments(differences), let deviation = moments.standardDeviation
    else { return nil }
    cohensDz = moments.mean == 0 ? 0 : moments.mean / deviation
    hedgesG = cohensDz * Self.correction(degreesOfFreedom: differences.count - 1)
    let wins = differences.reduce(0.0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) }
    winShare = wins / Double(differences.count)
  }

  /// Hedges' J; 0 for one degree of freedom, where the corrected effect has no expectation.
  static func correction(degreesOfFreedom: Int) -> Double {
    guard degreesOfFreedom > 1 else { return 0 }
    let m = Double(degreesOfFreedom)
    let logRatio: Double = lgamma(m / 2) - lgamma((m - 1) / 2)
    return exp(logRatio) / (m / 2).squareRoot()
  }
}
