import Experiments

/// The best measured method within one budget, and what the data cannot tell from it.
struct Recommendation: Hashable, Sendable {
  /// How sure the choice is.
  enum Verdict: String, Hashable, Sendable {
    /// No measured method fits the budget.
    case nothingFits = "nothing fits"
    /// One method fits, so there was nothing to choose.
    case onlyOne = "only one fits"
    /// The best differs clearly from every other that fits.
    case clear
    /// Some others that fit may be as good.
    case tied
    /// Every other that fits may be as good.
    case undecided
  }

  struct Candidate: Hashable, Sendable {
    let method: String
    let estimate: Estimate
    /// The most that any seed needed, in bytes.
    let memory: Double
    /// Mean of a whole run.
    let seconds: Double
    /// Share of resamples in which its mean is the best; nil for a single seed.
    let bestShare: Double?
    /// Against the best: nil for the best itself.
    let test: PairwiseTest?
    /// Whether the data cannot tell it from the best.
    let isTied: Bool

    /// Whether it is not the best and no test was possible.
    var isUntested: Bool { test.map { $0.adjustedPValue == nil } ?? false }
  }

  /// A method that is no candidate, with the reason in words.
  struct Exclusion: Hashable, Sendable {
    let method: String
    let reason: String
  }

  let budget: Budget
  /// The largest number of examples measured that the budget covers.
  let shots: Int
  /// The best mean first.
  let candidates: [Candidate]
  let exclusions: [Exclusion]
  /// Seeds behind every test.
  let seeds: Int
  /// What always answering the commonest class scores, where the metric is an accuracy.
  let majority: Double?

  var best: Candidate? { candidates.first }

  /// Those the data cannot tell from the best, the best not among them.
  var tied: [Candidate] { candidates.dropFirst().filter(\.isTied) }

  var verdict: Verdict {
    switch (candidates.count, tied.count) {
    case (0, _): .nothingFits
    case (1, _): .onlyOne
    case (_, 0): .clear
    case (let all, let tied): tied == all - 1 ? .undecided : .tied
    }
  }

  /// Of the best and those tied with it, the one that needs least memory.
  var leanest: Candidate? {
    ([best].compactMap(\.self) + tied).min { ($0.memory, $0.seconds) < ($1.memory, $1.seconds) }
  }

  /// Whether the best is not clearly better than a constant answer.
  var isNearMajority: Bool {
    guard let majority, let best, let mean = best.estimate.mean else { return false }
    return (best.estimate.interval?.lower ?? mean) <= majority
  }
}

/// What a reader can afford.
struct Budget: Hashable, Sendable {
  /// Examples at hand.
  let examples: Int
  /// Bytes at the peak; nil for any.
  let memory: Double?
  /// Seconds of a whole run, training and evaluation; nil for any.
  let seconds: Double?

  /// "at most 512 MiB and 30 s"; nil where neither matters.
  var words: String? {
    let parts = [
      memory.map { Self.words($0, ValueFormat(.bytes)) },
      seconds.map { Self.words($0, ValueFormat(.seconds)) },
    ].compactMap(\.self)
    return parts.isEmpty ? nil : "at most \(parts.joined(separator: " and "))"
  }

  /// "512 MiB"; whole numbers without a decimal.
  private static func words(_ amount: Double, _ format: ValueFormat) -> String {
    format.string(amount).replacing(".0\u{A0}", with: "\u{A0}")
  }

  /// Budgets that separate the measured methods: what a quarter, half and three quarters of them
  /// need, rounded up to two digits, and any.
  ///
  /// - Parameter peaks: Bytes, one per method.
  /// - Returns: Ascending; nil means any.
  static func memoryLevels(of peaks: [Double]) -> [Double?] {
    let sorted = peaks.sorted()
    guard let most = sorted.last else { return [nil] }
    var levels: [Double] = []
    for quarter in 1...3 {
      let level = roundedUp(sorted[(sorted.count * quarter + 3) / 4 - 1])
      if level < most, levels.last.map({ $0 < level }) ?? true { levels.append(level) }
    }
    return levels + [nil]
  }

  /// The next amount of two digits in its unit: 546.3 MiB becomes 550 MiB.
  static func roundedUp(_ bytes: Double) -> Double {
    var unit = 1.0
    while bytes / unit >= 1024 { unit *= 1024 }
    var step = unit
    while bytes / step >= 100 { step *= 10 }
    while bytes / step < 10, step > 1 { step /= 10 }
    return (bytes / step).rounded(.up) * step
  }
}

/// How often each of some methods has the best mean when the seeds are drawn again.
///
/// The bootstrap probability of being best: seeds are drawn with replacement, the same for every
/// method since their values are paired, and ties share a draw. It shows how much the choice depends
/// on which seeds were run, not how likely a method is best on other data.
enum BestShare {
  static let resamples = 10_000

  /// How often each comes first.
  ///
  /// - Parameters:
  ///   - samples: One value per seed, as many for each method and in the same order.
  ///   - prefersLower: Whether the least mean is the best.
  /// - Returns: Shares that sum to 1, in the order given; nil for fewer than two seeds.
  static func shares(_ samples: [[Double]], prefersLower: Bool) -> [Double]? {
    guard let count = samples.first?.count, count > 1,
      samples.allSatisfy({ $0.count == count })
    else { return nil }
    let sign = prefersLower ? -1.0 : 1.0
    let signed = samples.map { $0.map { sign * $0 } }
    let methods = samples.count
    var wins = [Double](repeating: 0, count: methods)
    ResampleDraws.withPlaces(
      purpose: "report.recommendation.best.n\(count)", size: count, resamples: resamples
    ) { places in
      var sums = [Double](repeating: 0, count: resamples * methods)  // [resamples, methods]
      for (method, values) in signed.enumerated() {
        values.withUnsafeBufferPointer { values in
          for resample in 0..<resamples {
            var sum = 0.0
            for draw in 0..<count { sum += values[Int(places[resample &* count &+ draw])] }
            sums[resample &* methods &+ method] = sum
          }
        }
      }
      for resample in 0..<resamples {
        let row = sums[(resample * methods)..<((resample + 1) * methods)]
        let best = row.max() ?? 0
        // Equal means may differ in the last bits.
        let least = best - 1e-12 * abs(best)
        let winners = row.count { $0 >= least }
        for method in 0..<methods where sums[resample &* methods &+ method] >= least {
          wins[method] += 1 / Double(winners)
        }
      }
    }
    return wins.map { $0 / Double(resamples) }
  }
}
