import Synchronization

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
    /// Student's t over seeds and items; see ``Contrast``.
    case contrast = "t"
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

  /// The interval clipped to the quantity's range, which Student's t ignores.
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
  static func studentT(_ values: [Double], confidence: Double) -> Self? {
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
  static func bca(
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

  /// Quantile with linear interpolation between order statistics (Hyndman and Fan's type 7), of values
  /// in any order, which are put in another.
  static func unsortedQuantile(_ values: inout [Double], _ level: Double) -> Double {
    guard level.isFinite else { return .nan }
    let place = level * Double(values.count - 1)
    let index = min(max(Int(place), 0), values.count - 1)
    values.withUnsafeMutableBufferPointer { select(index, in: $0) }
    let next = values[(index + 1)...].min() ?? values[index]
    return values[index] + (place - Double(index)) * (next - values[index])
  }

  /// Puts the value there that would be at `index` in order, smaller ones before and greater ones after it.
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
}

extension ConfidenceInterval {
  /// Wilson's score interval for a share, such as the accuracy on `count` items of one run.
  ///
  /// `(p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)`. Wilson 1927, "Probable inference, the law
  /// of succession, and statistical inference". It speaks of other items, not of other seeds.
  ///
  /// - Parameters:
  ///   - share: Observed share, in [0, 1].
  ///   - count: How many items it was observed on, at least one.
  ///   - confidence: Coverage, in (0, 1).
  /// - Returns: The interval, within [0, 1].
  package static func wilson(share: Double, of count: Int, confidence: Double) -> Self {
    precondition(
      count > 0 && share >= 0 && share <= 1, "Wilson's interval of \(share) on \(count) items")
    let n = Double(count)
    let z = Normal.quantile(0.5 + confidence / 2)
    let middle = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return Self(
      lower: max(0, (middle - half) / scale), upper: min(1, (middle + half) / scale),
      confidence: confidence, method: .wilson)
  }
}

/// Count, mean, spread and range of a sample.
package struct SampleMoments: Hashable, Sendable {
  package let count: Int
  package let mean: Double
  /// Standard deviation with n − 1 in the denominator; nil for a single value.
  package let standardDeviation: Double?
  package let minimum: Double
  package let maximum: Double
  /// How many different values the sample holds; fewer than `count` where seeds repeat a result.
  package let distinct: Int

  /// Summarises `values` in two passes; nil for an empty sample.
  package init?(_ values: [Double]) {
    guard let minimum = values.min(), let maximum = values.max() else { return nil }
    count = values.count
    self.minimum = minimum
    self.maximum = maximum
    distinct = Set(values).count
    // A constant sample keeps its value exactly; summing and dividing could round it.
    let mean =
      minimum == maximum ? minimum : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    standardDeviation =
      values.count > 1
      ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
        .squareRoot()
      : nil
  }
}
