import Testing

@testable import Engine
@testable import Experiments

@Suite struct ConfidenceIntervalTests {
  struct Reference: Sendable {
    let values: [Double]
    let confidence: Double
    let lower: Double
    let upper: Double
    /// Distance between neighbouring resampled means, beyond which two generators cannot agree.
    let tolerance: Double
  }

  /// scipy 1.17: `scipy.stats.bootstrap((x,), np.mean, method="BCa", n_resamples=400_000)`.
  static let references = [
    Reference(
      values: [0.62, 0.58, 0.71, 0.66, 0.69, 0.63, 0.60, 0.74, 0.65, 0.67], confidence: 0.95,
      lower: 0.627, upper: 0.6855, tolerance: 0.0012),
    Reference(
      values: [0.62, 0.58, 0.71, 0.66, 0.69, 0.63, 0.60, 0.74, 0.65, 0.67], confidence: 0.8,
      lower: 0.637, upper: 0.675, tolerance: 0.0012),
    Reference(
      values: [0.01, 0.02, 0.02, 0.05, 0.40, 0.03], confidence: 0.95, lower: 0.021667,
      upper: 0.278333, tolerance: 0.002),
    Reference(
      values: [0.01, 0.02, 0.02, 0.05, 0.40, 0.03], confidence: 0.8, lower: 0.026667,
      upper: 0.211667, tolerance: 0.002),
    Reference(
      values: [0.03, -0.01, 0.05, 0.02, 0.04, 0.00, 0.01, 0.06], confidence: 0.95, lower: 0.00875,
      upper: 0.04, tolerance: 0.0013),
    Reference(
      values: [1, 2, 4], confidence: 0.95, lower: 4.0 / 3, upper: 4, tolerance: 1e-6),
  ]

  @Test("BCa intervals match scipy", arguments: references)
  func bca(reference: Reference) throws {
    let interval = try #require(
      ConfidenceInterval.ofMean(reference.values, confidence: reference.confidence))
    #expect(interval.method == .bca)
    #expect(abs(interval.lower - reference.lower) < reference.tolerance)
    #expect(abs(interval.upper - reference.upper) < reference.tolerance)
  }

  @Test(
    "a quantile of values in any order is that of the sorted values",
    arguments: [1, 2, 3, 10, 1000])
  func quantiles(count: Int) {
    var stream = RandomStream(seed: 3, purpose: "quantiles of \(count)")
    for isCoarse in [false, true] {
      let values = (0..<count).map { _ in
        isCoarse ? Double(stream.index(below: 4)) : stream.uniform()
      }
      for level in [0, 0.025, 0.3, 0.5, 0.975, 1] {
        var shuffled = values
        let sorted = values.sorted()
        let place = level * Double(count - 1)
        let (low, high) = (Int(place), min(Int(place) + 1, count - 1))
        #expect(
          ConfidenceInterval.unsortedQuantile(&shuffled, level)
            == sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low]))
      }
    }
  }

  @Test("equal samples give equal intervals")
  func deterministic() {
    let values = [0.3, 0.5, 0.9, 0.2]
    #expect(
      ConfidenceInterval.ofMean(values, confidence: 0.95)
        == ConfidenceInterval.ofMean(values, confidence: 0.95))
  }

  @Test("the Student t interval matches scipy")
  func studentT() throws {
    let values = [0.62, 0.58, 0.71, 0.66, 0.69, 0.63, 0.60, 0.74, 0.65, 0.67]
    let interval = try #require(ConfidenceInterval.studentT(values, confidence: 0.95))
    #expect(abs(interval.lower - 0.6194314200140251) < 1e-12)
    #expect(abs(interval.upper - 0.690568579985975) < 1e-12)
  }

  @Test("two values fall back to Student t")
  func pair() throws {
    let interval = try #require(ConfidenceInterval.ofMean([1, 2], confidence: 0.95))
    #expect(interval.method == .studentT)
    #expect(abs(interval.upper - (1.5 + 12.706204736174694 * 0.5)) < 1e-9)
  }

  @Test("equal values collapse to a point that is exactly the value", arguments: [2, 3, 7, 10])
  func constant(count: Int) throws {
    let values = [Double](repeating: 0.1, count: count)
    let interval = try #require(ConfidenceInterval.ofMean(values, confidence: 0.95))
    #expect(interval.method == .point)
    #expect(interval.lower == 0.1)
    #expect(interval.upper == 0.1)
  }

  @Test(
    "one value, none, or one that is not finite has no interval",
    arguments: [[], [0.5], [0.1, .nan, 0.2], [0.1, .infinity, 0.2]])
  func undefined(values: [Double]) {
    #expect(ConfidenceInterval.ofMean(values, confidence: 0.95) == nil)
  }

  @Test("BCa intervals of ten normal values cover their mean nearly as often as they say")
  func coverage() throws {
    var stream = RandomStream(seed: 3, purpose: "coverage")
    let studies = 400
    var covered = 0
    for _ in 0..<studies {
      let values = (0..<10).map { _ in stream.normal() }
      let interval = try #require(
        ConfidenceInterval.bca(values, confidence: 0.95, resamples: 500))
      if interval.lower <= 0, interval.upper >= 0 { covered += 1 }
    }
    // The bootstrap of ten values is known to be narrow: Efron and Tibshirani 1993, §14.3.
    #expect(Double(covered) / Double(studies) > 0.86)
    #expect(Double(covered) / Double(studies) < 0.97)
  }
}
