package import Experiments
import Foundation

/// What results say about a claim.
package struct ClaimVerdict: Hashable, Sendable {
  package enum Outcome: String, CaseIterable, Hashable, Sendable, Codable {
    /// The estimate and the whole interval stand on the asserted side of the boundary.
    case supported
    /// The whole interval stands on the other side.
    case refuted
    /// The interval holds the boundary, or there is none.
    case inconclusive
    /// Results are missing.
    case notEvaluated = "not evaluated"
  }

  package let outcome: Outcome
  /// Mean over the seeds of left minus right.
  package let estimate: Double?
  /// For ``estimate``.
  package let interval: ConfidenceInterval?
  /// What ``estimate`` is compared with: 0, or the margin towards the asserted side.
  package let boundary: Double?
  /// Two-sided sign-flip test of left minus right against the boundary.
  package let pValue: Double?
  /// ``pValue`` after ``adjusted(_:)``.
  package private(set) var adjustedPValue: Double?
  /// Seeds on which both sides have a value; 0 where the sides are numbers.
  package let pairs: Int
  /// How many of those seeds brought a result of their own.
  package let distinctPairs: Int
  /// The unit of the sides, to format ``estimate`` and ``interval``.
  package let unit: MetricPath.Unit
  /// Sentences a reader needs to weigh the verdict.
  package private(set) var notes: [String]

  init(
    _ outcome: Outcome, estimate: Double? = nil, interval: ConfidenceInterval? = nil,
    boundary: Double? = nil, pValue: Double? = nil, pairs: Int = 0, distinctPairs: Int = 0,
    unit: MetricPath.Unit, notes: [String]
  ) {
    self.outcome = outcome
    self.estimate = estimate
    self.interval = interval
    self.boundary = boundary
    self.pValue = pValue
    self.pairs = pairs
    self.distinctPairs = distinctPairs
    self.unit = unit
    self.notes = notes
  }

  /// Whether the interval brought a verdict that the test alone would not: with few seeds the two may differ.
  package var isAgainstTest: Bool {
    guard let pValue, [.supported, .refuted].contains(outcome) else { return false }
    return pValue > level
  }

  /// What p is held against.
  package var level: Double { 1 - (interval?.confidence ?? ClaimBlock.defaultConfidence) }

  /// Corrects the p-values of a family of claims for being many, by Holm's method.
  package static func adjusted(_ verdicts: [ClaimVerdict]) -> [ClaimVerdict] {
    var result = verdicts
    let tested = verdicts.indices.filter { verdicts[$0].pValue != nil }
    let adjusted = HolmCorrection.adjusted(tested.compactMap { verdicts[$0].pValue })
    for (index, value) in zip(tested, adjusted) {
      result[index].adjustedPValue = value
      let level = result[index].level
      if let p = result[index].pValue, p <= level, value > level,
        [.supported, .refuted].contains(result[index].outcome)
      {
        result[index].notes.append(
          "After Holm’s correction for the \(tested.count) claims of this report p is above "
            + "\(String(format: "%.2g", level)).")
      }
    }
    return result
  }

  /// The verdict with more for a reader to weigh.
  func noting(_ more: [String]) -> ClaimVerdict {
    var result = self
    result.notes += more
    return result
  }
}
