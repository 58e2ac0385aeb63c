import Experiments

/// The methods that no other is better than within one budget, and the one to use.
struct Recommendation: Hashable, Sendable {
  /// What the choice is worth.
  enum Outcome: String, CaseIterable, Hashable, Sendable {
    /// Some method that might fit has not run, and none that fits has.
    case notRun = "not run"
    /// Methods ran, and none fits the budget.
    case nothingFits = "nothing fits"
    /// What fits is not better, by its own interval, than an answer that needs no skill.
    case atFloor = "not above the floor"
    /// One method fits, so there was nothing to choose.
    case onlyOne = "only one fits"
    /// Every other method that fits is worse by the rule.
    case best = "the best"
    /// Some others that fit may be as good.
    case several = "one of several"
  }

  struct Candidate: Hashable, Sendable {
    let entry: JudgedMethods.Entry
    /// The most that any seed needed, in bytes.
    let memory: Double
    /// Mean of a whole run.
    let seconds: Double
  }

  /// A method that is no candidate, with the reason in words.
  struct Exclusion: Hashable, Sendable {
    let method: String
    let reason: String
    /// Whether the budget rules it out, and not a missing, failed or untrained run.
    let isBudget: Bool
  }

  let budget: Budget
  /// The largest number of examples measured that the budget covers.
  let shots: Int
  /// The best mean first.
  let candidates: [Candidate]
  let judged: JudgedMethods
  let exclusions: [Exclusion]

  /// The highest mean of the set of the best, the cheaper of equals; nil where nothing can be
  /// recommended.
  var choice: Candidate? {
    guard let first = members.first, let mean = first.entry.mean,
      first.entry.aboveFloor.map({ $0.verdict == .supported }) ?? true
    else { return nil }
    return members.filter { $0.entry.mean == mean }
      .min { ($0.memory, $0.seconds) < ($1.memory, $1.seconds) }
  }

  /// The best mean, where no method is shown to be better than an answer that needs no skill.
  var fallback: Candidate? { outcome == .atFloor ? candidates.first : nil }

  /// Candidates in the set of the best, the best mean first.
  var members: [Candidate] { candidates.filter(\.entry.isInSet) }

  var outcome: Outcome {
    if candidates.isEmpty {
      return exclusions.contains { !$0.isBudget } ? .notRun : .nothingFits
    }
    if choice == nil { return .atFloor }
    if candidates.count == 1 { return .onlyOne }
    return members.count == 1 ? .best : .several
  }

  /// Of the set of the best, the one that needs least memory.
  var leanest: Candidate? {
    members.min { ($0.memory, $0.seconds) < ($1.memory, $1.seconds) }
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
