import Experiments

/// What an audit found by one check.
package struct AuditFinding: Hashable, Sendable {
  /// The checks, in the order of the report.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Duplicate rows, and rows without a score.
    case rows
    /// Seeds have distinct results.
    case effectiveSeeds = "effective seeds"
    /// Every method has as many runs as the others.
    case equalRuns = "equal runs"
    /// Scores are shares of the items of the set that is named.
    case evaluationSets = "evaluation sets"
    /// Methods score more than always giving one answer.
    case majority
    /// No score is exactly the share of a class.
    case collapse
    /// No two methods have the same results.
    case repeats = "identical results"
    /// Comparisons rest on enough pairs of runs.
    case power
    /// What paired tests say.
    case comparisons
  }

  package let kind: Kind
  package let status: CheckStatus
  /// One or two sentences with the numbers.
  package let text: String
  /// More evidence, one line each.
  let details: [String]
  /// What to do about it; nil where there is nothing to do.
  let advice: String?

  init(
    _ kind: Kind, _ status: CheckStatus, _ text: String, details: [String] = [],
    advice: String? = nil
  ) {
    self.kind = kind
    self.status = status
    self.text = text
    self.details = details
    self.advice = status == .pass ? nil : advice
  }
}

/// Two methods of one task, model, number of shots and set.
struct AuditedComparison {
  let place: Audit.Place
  let model: String
  let shots: String
  let first: String
  let second: String
  /// First minus second over seeds; nil where there are fewer than two in common.
  let contrast: Contrast?
  /// Seeds that both have, and seeds that only one has.
  let pairs: Int
  let unpaired: Int
  /// Pairs of distinct results.
  let distinctPairs: Int
  /// All comparisons of the table.
  var family = ContrastFamily(members: 1)

  var difference: Double { contrast?.estimate ?? 0 }

  var interval: ConfidenceInterval? { contrast.flatMap(family.interval) }

  /// What the table says of a difference; nothing is said of pairs of which a run is missing.
  var verdict: Verdict {
    guard unpaired == 0, contrast != nil else { return .missing }
    return interval.map { Verdict(outcome($0)) } ?? .inconclusive
  }

  /// Supported if the two differ, in whichever direction.
  private func outcome(_ interval: ConfidenceInterval) -> Statement.Outcome {
    interval.lower > 0 || interval.upper < 0 ? .supported : .inconclusive
  }

  /// Corrected; nil where nothing was tested.
  var pValue: Double? {
    verdict == .missing ? nil : contrast?.pValue().map(family.adjusted)
  }

  /// "cola in-domain, opt-125m at 16 shots: lora − vanilla".
  var words: String {
    let location = [place.words, model].filter { !$0.isEmpty }.joined(separator: ", ")
    let at = shots.isEmpty ? "" : " at \(shots) shots"
    return "\(location)\(at): \(first) − \(second)"
  }
}

/// How many items a set has, inferred from its scores: a share of n items is a multiple of 1/n.
enum ItemCount {
  /// The largest set that is looked for.
  private static let limit = 100_000
  /// Scores written too coarsely fit any number of items.
  private static let coarsest = 0.01

  /// Whether every score is a share of `count` items, as far as its digits show.
  ///
  /// - Returns: Nil if there are too few digits.
  static func fits(_ scores: [AuditedScore], count: Int) -> Bool? {
    let n = Double(count)
    let telling = Set(scores).filter { $0.tolerance * n <= coarsest }
    guard telling.count >= 3 else { return nil }
    return telling.allSatisfy { fits($0, n) }
  }

  /// The smallest number of items that all scores are shares of; nil where there is none to find.
  static func smallest(_ scores: [AuditedScore]) -> Int? {
    let distinct = Array(Set(scores))
    return (2...limit).first { count in
      let n = Double(count)
      guard distinct.allSatisfy({ fits($0, n) }) else { return false }
      return fits(scores, count: count) == true
    }
  }

  private static func fits(_ score: AuditedScore, _ n: Double) -> Bool {
    let items = score.value * n
    return abs(items - items.rounded()) <= score.tolerance * n + 1e-9 * max(1, items)
  }
}
