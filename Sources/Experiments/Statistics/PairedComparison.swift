import Foundation

/// Two methods measured on the same seeds: their difference, its uncertainty, and what n can show.
package struct PairedComparison: Hashable, Sendable {
  /// Mean of first − second.
  package let difference: Double
  /// For ``difference``; nil for one pair, a point where all pairs differ by the same.
  package let interval: ConfidenceInterval?
  /// Two-sided sign-flip test against no difference.
  ///
  /// Nil for one pair, and where all pairs differ by exactly the same and not by 0: equal differences
  /// are no evidence that the seeds were independent.
  package let pValue: Double?
  /// ``pValue`` after ``adjusted(_:)``.
  package private(set) var adjustedPValue: Double?
  /// Nil for fewer than two pairs.
  package let effect: PairedEffect?
  package let pairs: Int
  /// How many pairs have distinct values.
  package let distinctPairs: Int

  /// The smallest p that this many distinct pairs can give.
  package var smallestPValue: Double { SignFlipTest.smallestPValue(count: distinctPairs) }

  /// Compares values at equal places, which are of one seed.
  ///
  /// Nil for no pair, unequal numbers, and values that are not finite.
  ///
  /// - Parameters:
  ///   - first: One finite value per seed.
  ///   - second: As many, in the order of the same seeds.
  ///   - confidence: Coverage of the interval, in (0, 1).
  ///   - resamples: Of the interval's bootstrap.
  package init?(
    _ first: [Double], _ second: [Double], confidence: Double = 0.95, resamples: Int = 10_000
  ) {
    guard !first.isEmpty, first.count == second.count,
      (first + second).allSatisfy(\.isFinite)
    else { return nil }
    let differences = zip(first, second).map { $0 - $1 }
    pairs = first.count
    distinctPairs = Set(zip(first, second).map { [$0, $1] }).count
    difference = SampleMoments(differences)?.mean ?? 0
    interval = ConfidenceInterval.ofMean(
      differences, confidence: confidence, resamples: resamples)
    let isPoint = interval?.method == .point && difference != 0
    pValue = pairs < 2 || isPoint ? nil : SignFlipTest(differences)?.pValue
    effect = PairedEffect(differences)
  }

  /// Corrects the p-values of a family for being many, by Holm's method.
  package static func adjusted(_ family: [PairedComparison]) -> [PairedComparison] {
    var result = family
    let tested = family.indices.filter { family[$0].pValue != nil }
    let adjusted = HolmCorrection.adjusted(tested.compactMap { family[$0].pValue })
    for (index, value) in zip(tested, adjusted) { result[index].adjustedPValue = value }
    return result
  }
}

/// How large paired differences are, in units that do not depend on how many pairs there are.
package struct PairedEffect: Hashable, Sendable {
  /// Cohen's d for pairs, `mean(d) / sd(d)`; infinite where all differences are equal and not 0.
  ///
  /// Cohen 1988, "Statistical power analysis for the behavioral sciences", §2.3.5 (d_z).
  let cohensDz: Double
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

/// What a number of paired seeds can show.
package enum SeedPower {
  /// The fewest pairs whose sign-flip test can reach p < 0.05: 2 / 2⁶ = 0.031.
  package static let fewestPairs = 6

  /// The fewest pairs that can reach a two-sided p below `alpha`.
  static func pairsNeeded(alpha: Double) -> Int {
    precondition(alpha > 0 && alpha <= 1, "pairs for p below \(alpha)")
    var pairs = 1
    while SignFlipTest.smallestPValue(count: pairs) >= alpha { pairs += 1 }
    return pairs
  }

  /// Warns if the pairs are too few to show a difference.
  ///
  /// - Parameters:
  ///   - pairs: Pairs of distinct results.
  ///   - alpha: The level of the test.
  /// - Returns: A sentence; nil if they suffice.
  package static func warning(pairs: Int, alpha: Double = 0.05) -> String? {
    let needed = pairsNeeded(alpha: alpha)
    guard pairs < needed else { return nil }
    let smallest = String(format: "%.3g", SignFlipTest.smallestPValue(count: pairs))
    let level = String(format: "%.3g", alpha)
    return "With \(pairs) \(pairs == 1 ? "seed" : "seeds") the smallest two-sided p possible is "
      + "\(smallest) (2/2^\(pairs)); \(needed) are needed to go below \(level)."
  }
}
