/// What an audit found by one check.
package struct AuditFinding: Hashable, Sendable {
  /// What was looked at, in the order in which it is told.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Rows that stand twice, and rows without a score.
    case rows
    /// Seeds brought results of their own.
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
  /// More of the evidence, a line each.
  package let details: [String]
  /// What to do about it; nil where there is nothing to do.
  package let advice: String?

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
