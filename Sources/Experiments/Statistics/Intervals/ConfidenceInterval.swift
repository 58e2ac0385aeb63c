/// An interval for a mean or share, with the name of the method that made it.
package struct ConfidenceInterval: Hashable, Sendable {
  package enum Method: String, Hashable, Sendable {
    /// Bias-corrected and accelerated bootstrap (Efron 1987).
    case bca = "BCa"
    /// Student's t, for samples too small to resample.
    case studentT = "Student t"
    /// Every value is the same, so the interval is that value.
    case point = "point"
    /// Wilson's score interval of a share over items.
    case wilson = "Wilson"
    /// Percentiles of a bootstrap that draws seeds and items (Owen 2007).
    case seedsAndItems = "bootstrap over seeds and items"
  }

  package let lower: Double
  package let upper: Double
  /// Coverage aimed at, such as 0.95.
  package let confidence: Double
  package let method: Method

  package init(lower: Double, upper: Double, confidence: Double, method: Method) {
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
    self.method = method
  }

  /// The interval within what the quantity can be: Student's t knows no such bounds.
  package func clipped(to bounds: ClosedRange<Double>) -> ConfidenceInterval {
    func clipped(_ end: Double) -> Double { min(max(end, bounds.lowerBound), bounds.upperBound) }
    return ConfidenceInterval(
      lower: clipped(lower), upper: clipped(upper), confidence: confidence, method: method)
  }

  /// Interval for the mean of `values` by the method that suits their number and spread.
  ///
  /// Equal values give a point; two values give Student's t; more give BCa. Nil for fewer than two
  /// values or any that is not finite: one run says nothing about the spread of runs.
  package static func ofMean(
    _ values: [Double], confidence: Double, resamples: Int = 10_000
  ) -> Self? {
    guard values.count > 1, values.allSatisfy(\.isFinite), let moments = SampleMoments(values)
    else { return nil }
    if moments.minimum == moments.maximum {
      return Self(
        lower: moments.mean, upper: moments.mean, confidence: confidence, method: .point)
    }
    return values.count < 3
      ? studentT(values, confidence: confidence)
      : bca(values, confidence: confidence, resamples: resamples)
  }

  /// Student's t interval `x̄ ± t · s / √n`; nil for fewer than two values.
  package static func studentT(_ values: [Double], confidence: Double) -> Self? {
    guard let moments = SampleMoments(values), let deviation = moments.standardDeviation else {
      return nil
    }
    let t = StudentT.quantile(
      0.5 + confidence / 2, degreesOfFreedom: Double(moments.count - 1))
    let half = t * deviation / Double(moments.count).squareRoot()
    return Self(
      lower: moments.mean - half, upper: moments.mean + half, confidence: confidence,
      method: .studentT)
  }
}
