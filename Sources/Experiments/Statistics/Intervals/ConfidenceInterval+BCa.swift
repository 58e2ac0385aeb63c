import Synchronization

extension ConfidenceInterval {
  /// Bias-corrected and accelerated bootstrap interval for the mean.
  ///
  /// With resampled means m* and `z0 = Φ⁻¹(share of m* below the mean, ties counting half)`,
  /// `a = Σ(xᵢ−x̄)³ / 6(Σ(xᵢ−x̄)²)^1.5` (the jackknife acceleration, in closed form for a mean) and
  /// `z = Φ⁻¹(α)`, the end for tail α is the quantile of m* at `Φ(z0 + (z0+z) / (1 − a(z0+z)))`.
  /// Efron 1987, "Better bootstrap confidence intervals", equations 2.3 and 6.6.
  ///
  /// The resamples come from a stream named by the sample's size, so equal samples give equal
  /// intervals. Cost: O(resamples · n).
  ///
  /// - Parameters:
  ///   - values: At least three finite values that are not all equal.
  ///   - confidence: Coverage, in (0, 1).
  ///   - resamples: Number of resampled means.
  /// - Returns: The interval, or Student's t where the correction is not defined.
  package static func bca(
    _ values: [Double], confidence: Double, resamples: Int = 10_000
  ) -> Self? {
    // A page asks for the interval of the same seeds in charts, tables, claims and checks.
    let question = Question(values: values, confidence: confidence, resamples: resamples)
    if let answer = answers.withLock({ $0[question] }) { return answer }
    let answer = computedBCa(values, confidence: confidence, resamples: resamples)
    answers.withLock {
      if $0.count >= mostAnswers { $0.removeAll() }
      $0[question] = .some(answer)
    }
    return answer
  }

  private struct Question: Hashable {
    let values: [Double]
    let confidence: Double
    let resamples: Int
  }

  private static let mostAnswers = 10_000
  private static let answers = Mutex<[Question: ConfidenceInterval?]>([:])

  private static func computedBCa(
    _ values: [Double], confidence: Double, resamples: Int
  ) -> Self? {
    guard let moments = SampleMoments(values), moments.minimum < moments.maximum else {
      return nil
    }
    var means = resampledMeans(of: values, count: resamples)
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
      return unsortedQuantile(&means, level)
    }
    let tail = (1 - confidence) / 2
    let lower = end(tail)
    let upper = end(1 - tail)
    guard bias.isFinite, lower.isFinite, upper.isFinite, lower <= upper else {
      return studentT(values, confidence: confidence)
    }
    return Self(lower: lower, upper: upper, confidence: confidence, method: .bca)
  }

  /// In the order in which they are drawn.
  private static func resampledMeans(of values: [Double], count: Int) -> [Double] {
    let size = values.count
    return ResampleDraws.withPlaces(
      purpose: "statistics.bca.n\(size)", size: size, resamples: count
    ) { places in
      values.withUnsafeBufferPointer { values in
        (0..<count).map { resample in
          var sum = 0.0
          for draw in 0..<size { sum += values[Int(places[resample &* size &+ draw])] }
          return sum / Double(size)
        }
      }
    }
  }

  /// ``quantile(_:_:)`` of values in any order, which are put in another.
  static func unsortedQuantile(_ values: inout [Double], _ level: Double) -> Double {
    guard level.isFinite else { return .nan }
    let place = level * Double(values.count - 1)
    let index = min(max(Int(place), 0), values.count - 1)
    values.withUnsafeMutableBufferPointer { select(index, in: $0) }
    let next = values[(index + 1)...].min() ?? values[index]
    return values[index] + (place - Double(index)) * (next - values[index])
  }

  /// Puts the value there that would be at `index` in order, lesser ones before it and greater behind.
  private static func select(_ index: Int, in values: UnsafeMutableBufferPointer<Double>) {
    var (first, last) = (0, values.count - 1)
    while first < last {
      let pivot = values[(first + last) / 2]
      var (i, j) = (first, last)
      while i <= j {
        while values[i] < pivot { i += 1 }
        while values[j] > pivot { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if index <= j { last = j } else if index >= i { first = i } else { return }
    }
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
