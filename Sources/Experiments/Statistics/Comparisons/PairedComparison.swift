/// Two methods measured on the same seeds: how far apart, how surely, and what n allowed to see.
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
  /// How many pairs brought values of their own.
  package let distinctPairs: Int

  /// The smallest p that so many pairs of their own can give.
  package var smallestPValue: Double { SignFlipTest.smallestPValue(count: distinctPairs) }

  /// A sentence where the pairs are too few for p below `alpha`.
  package func powerWarning(alpha: Double = 0.05) -> String? {
    SeedPower.warning(pairs: distinctPairs, alpha: alpha)
  }

  /// Compares values at equal places, which are of one seed.
  ///
  /// Nil for no pair, unequal numbers, and values that are not finite.
  ///
  /// - Parameters:
  ///   - first: One finite value a seed.
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
