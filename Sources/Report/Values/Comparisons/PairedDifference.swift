package import Experiments

/// The mean of some differences paired by seed, with its interval and test.
package struct PairedDifference: Hashable, Sendable {
  /// Mean of the differences.
  package let estimate: Double
  /// Nil for a single pair, and for equal differences a point.
  package let interval: ConfidenceInterval?
  /// Two-sided sign-flip test against the boundary; nil where the differences are equal, which is
  /// no evidence that the seeds were independent, or single.
  package let pValue: Double?
  /// How many pairs.
  package let count: Int

  /// Whether all differences are the same.
  package var isPoint: Bool { interval?.method == .point }

  /// Sums up and tests; nil without differences.
  ///
  /// - Parameters:
  ///   - differences: One a seed, finite.
  ///   - boundary: What the mean is tested against.
  ///   - confidence: Coverage of the interval, in (0, 1).
  package init?(_ differences: [Double], boundary: Double = 0, confidence: Double) {
    guard let moments = SampleMoments(differences) else { return nil }
    estimate = moments.mean
    count = moments.count
    interval = ConfidenceInterval.ofMean(differences, confidence: confidence)
    pValue =
      interval == nil || interval?.method == .point
      ? nil : SignFlipTest(differences.map { $0 - boundary })?.pValue
  }
}
