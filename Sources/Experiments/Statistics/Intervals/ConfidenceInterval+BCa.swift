import Engine

extension ConfidenceInterval {
  /// Bias-corrected and accelerated bootstrap interval for the mean.
  ///
  /// With resampled means m* and `z0 = Φ⁻¹(share of m* below the mean, ties counting half)`,
  /// `a = Σ(xᵢ−x̄)³ / 6(Σ(xᵢ−x̄)²)^1.5` (the jackknife acceleration, in closed form for a mean) and
  /// `z = Φ⁻¹(α)`, the end for tail α is the quantile of m* at `Φ(z0 + (z0+z) / (1 − a(z0+z)))`.
  /// Efron 1987, "Better bootstrap confidence intervals", equations 2.3 and 6.6.
  ///
  /// The resamples come from a stream named by the sample's size, so equal samples give equal
  /// intervals. Cost: O(resamples · (n + log resamples)).
  ///
  /// - Parameters:
  ///   - values: At least three finite values that are not all equal.
  ///   - confidence: Coverage, in (0, 1).
  ///   - resamples: Number of resampled means.
  /// - Returns: The interval, or Student's t where the correction is not defined.
  package static func bca(
    _ values: [Double], confidence: Double, resamples: Int = 10_000
  ) -> Self? {
    guard let moments = SampleMoments(values), moments.minimum < moments.maximum else {
      return nil
    }
    let means = resampledMeans(of: values, count: resamples)
    let tolerance = 1e-12 * (moments.maximum - moments.minimum)
    var below = 0.0
    for mean in means {
      if mean < moments.mean - tolerance {
        below += 1
      } else if mean <= moments.mean + tolerance {
        below += 0.5
      }
    }
    let bias = Normal.quantile(below / Double(means.count))
    var squares = 0.0
    var cubes = 0.0
    for value in values {
      let deviation = value - moments.mean
      squares += deviation * deviation
      cubes += deviation * deviation * deviation
    }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    func end(_ tail: Double) -> Double {
      let shifted = bias + Normal.quantile(tail)
      let level = Normal.cumulative(bias + shifted / (1 - acceleration * shifted))
      return quantile(means, level)
    }
    let tail = (1 - confidence) / 2
    let lower = end(tail)
    let upper = end(1 - tail)
    guard bias.isFinite, lower.isFinite, upper.isFinite, lower <= upper else {
      return studentT(values, confidence: confidence)
    }
    return Self(lower: lower, upper: upper, confidence: confidence, method: .bca)
  }

  private static func resampledMeans(of values: [Double], count: Int) -> [Double] {
    var stream = RandomStream(seed: 0, purpose: "statistics.bca.n\(values.count)")
    var means = [Double](repeating: 0, count: count)
    for i in means.indices {
      var sum = 0.0
      for _ in values.indices { sum += values[stream.index(below: values.count)] }
      means[i] = sum / Double(values.count)
    }
    return means.sorted()
  }

  /// Quantile with linear interpolation between order statistics (Hyndman and Fan's type 7).
  static func quantile(_ sorted: [Double], _ level: Double) -> Double {
    guard level.isFinite else { return .nan }
    let place = level * Double(sorted.count - 1)
    let index = min(max(Int(place), 0), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
  }
}
