import Experiments
import Formats
import Foundation

/// What results say about a claim.
struct ClaimVerdict: Hashable, Sendable {
  package enum Outcome: String, CaseIterable, Hashable, Sendable, Codable {
    /// The estimate and the whole interval are on the asserted side of the boundary.
    case supported
    /// The whole interval is on the other side.
    case refuted
    /// The interval contains the boundary, or there is none.
    case inconclusive
    /// Results are missing.
    case notEvaluated = "not evaluated"
  }

  let outcome: Outcome
  /// Mean over the seeds of left minus right.
  package let estimate: Double?
  /// For ``estimate``.
  package let interval: ConfidenceInterval?
  /// What ``estimate`` is compared with: 0, or the margin towards the asserted side.
  let boundary: Double?
  /// Two-sided sign-flip test of left minus right against the boundary.
  let pValue: Double?
  /// ``pValue`` after ``adjusted(_:)``.
  private(set) var adjustedPValue: Double?
  /// Seeds on which both sides have a value; 0 where the sides are numbers.
  package let pairs: Int
  /// How many of those seeds have a distinct result.
  package let distinctPairs: Int
  /// The unit of the sides, to format ``estimate`` and ``interval``.
  package let unit: MetricPath.Unit
  /// Sentences a reader needs to weigh the verdict.
  private(set) var notes: [String]

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

  /// Whether the interval decided what the test alone would not: with few seeds the two may differ.
  var isAgainstTest: Bool {
    guard let pValue, [.supported, .refuted].contains(outcome) else { return false }
    return pValue > level
  }

  /// The level that p is compared with.
  package var level: Double { 1 - (interval?.confidence ?? ClaimBlock.defaultConfidence) }

  /// Corrects the p-values of a family of claims for being many, by Holm's method.
  static func adjusted(_ verdicts: [ClaimVerdict]) -> [ClaimVerdict] {
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

extension Assertion {
  /// Tests the assertion on results.
  ///
  /// Both sides are paired by seed, a `mean(…)` around a whole side counts as its seeds. Seeds that
  /// failed would bias what is left, so one absent cell is enough for no verdict.
  ///
  /// - Parameters:
  ///   - frame: The results.
  ///   - confidence: Coverage of the interval, in (0, 1).
  /// - Returns: The verdict, with notes on what limits it.
  func verdict(in frame: ResultFrame, confidence: Double) -> ClaimVerdict {
    let sides = [left.bySeed(in: frame), right.bySeed(in: frame)]
    let unit = left.isLiteral ? right.unit : left.unit
    let all = sides + [margin].compactMap(\.self)
    if let label = all.flatMap(\.selections).map(\.experiment.value)
      .first(where: { !frame.holds($0) })
    {
      return ClaimVerdict(
        .notEvaluated, unit: unit, notes: ["There are no results of '\(label)'."])
    }
    let evaluated = all.map { $0.evaluated(in: frame) }
    if let words = ValueExpression.words(for: evaluated.flatMap(\.absences)) {
      return ClaimVerdict(.notEvaluated, unit: unit, notes: [words.capitalizedSentence])
    }
    guard let boundary = boundary(evaluated.count > 2 ? evaluated[2] : nil) else {
      return ClaimVerdict(.notEvaluated, unit: unit, notes: ["The margin has no finite value."])
    }
    let difference = Expression.combined(evaluated[0], evaluated[1], -)
    switch difference.value {
    case .number(let estimate?):
      return ClaimVerdict(
        comparison.holds(estimate, boundary: boundary) ? .supported : .refuted,
        estimate: estimate, boundary: boundary, unit: unit,
        notes: ["Single numbers are compared, so there is no interval and no p."])
    case .sample(let points) where !points.isEmpty:
      return verdict(
        points, distinct: Self.distinct(evaluated[0], evaluated[1], points: points),
        boundary: boundary, unit: unit, confidence: confidence)
    case .number, .sample:
      return ClaimVerdict(
        .notEvaluated, unit: unit, notes: ["The comparison has no finite value."])
    }
  }

  private func boundary(_ margin: EvaluatedExpression?) -> Double? {
    guard let margin else { return 0 }
    guard case .number(let value?) = margin.value else { return nil }
    return comparison.isUpward ? value : -value
  }

  /// How many different results the seeds have, both sides together.
  private static func distinct(
    _ left: EvaluatedExpression, _ right: EvaluatedExpression, points: [Sample.Point]
  ) -> Int {
    guard case .sample(let a) = left.value, case .sample(let b) = right.value else {
      return Set(points.map(\.value)).count
    }
    let pairs = Sample(points: a).paired(with: Sample(points: b))
    return Set(pairs.map { [$0.left, $0.right] }).count
  }

  private func verdict(
    _ points: [Sample.Point], distinct: Int, boundary: Double, unit: MetricPath.Unit,
    confidence: Double
  ) -> ClaimVerdict {
    let difference = PairedDifference(
      points.map(\.value), boundary: boundary, confidence: confidence)
    let interval = difference?.interval
    let pValue = difference?.pValue
    // Seeds that all have the same result count as one run: they show no variation.
    let isOneRun = points.count > 1 && distinct == 1 && dependsOnChance
    let outcome = isOneRun ? .inconclusive : outcome(interval, boundary: boundary)
    var notes = notes(
      count: points.count, distinct: distinct, isPoint: difference?.isPoint ?? false)
    if isOneRun {
      notes.append("One result cannot show how far results differ, so there is no verdict.")
    }
    if outcome != .inconclusive, points.count >= 6, let pValue, pValue > 1 - confidence {
      notes.append(
        "The interval decides, yet p is above \(String(format: "%.2g", 1 - confidence)): "
          + "with few seeds the bootstrap is optimistic, so more seeds may change the verdict.")
    }
    return ClaimVerdict(
      outcome, estimate: difference?.estimate, interval: interval, boundary: boundary,
      pValue: pValue, pairs: points.count, distinctPairs: distinct, unit: unit, notes: notes)
  }

  /// Whether anything compared could differ from seed to seed, as accuracy can and memory need not.
  private var dependsOnChance: Bool {
    (left.selections + right.selections).contains { selection in
      ![.bytes, .count].contains(selection.metric.value.unit)
    }
  }

  private func outcome(
    _ interval: ConfidenceInterval?, boundary: Double
  ) -> ClaimVerdict.Outcome {
    guard let interval else { return .inconclusive }
    let ends = [interval.lower, interval.upper].map { comparison.holds($0, boundary: boundary) }
    if ends.allSatisfy(\.self) { return .supported }
    return ends.contains(true) ? .inconclusive : .refuted
  }

  private func notes(count: Int, distinct: Int, isPoint: Bool) -> [String] {
    if count == 1 {
      return ["One seed says nothing about the spread of seeds, so there is no interval."]
    }
    var notes: [String] = []
    if isPoint {
      notes.append(
        "All \(count) paired differences are equal, so the interval is a point and p is not given.")
    } else if count < 6 {
      let smallest = SignFlipTest.smallestPValue(count: count)
      let shown = String(format: "%.3g", smallest)
      notes.append(
        "Power: with \(count) seeds the smallest two-sided p possible is \(shown) (2/2^\(count)); "
          + "p below 0.05 takes at least 6.")
    }
    if distinct < count {
      notes.append(
        "\(count) seeds gave only \(distinct) distinct \(distinct == 1 ? "result" : "results").")
    }
    return notes
  }
}

extension Expression {
  /// A side without the `mean(…)` that would hide its seeds, unless that pools several groups.
  fileprivate func bySeed(in frame: ResultFrame) -> Expression {
    guard case .summary(.mean, let inner, _) = self else { return self }
    return inner.check(against: frame.catalog).isEmpty ? inner : self
  }
}

extension String {
  fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
