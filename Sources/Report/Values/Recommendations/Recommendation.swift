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
