import Experiments
import Formats
import Foundation

/// A number of contrasts read together: a statement holds if it holds for each of them.
struct EvaluatedStatement: Hashable, Sendable {
  let verdict: Verdict
  /// Whether it was checked on exact numbers and not tested.
  let isExact: Bool
  /// The contrast that decides, which is the one farthest from support; nil for exact numbers.
  let contrast: PageContrast?
  /// Left minus right.
  let estimate: Double?
  /// Corrected; nil where nothing was tested.
  let pValue: Double?
  let statement: Statement
  /// The smallest difference that matters, if that was declared.
  let effect: Double?

  var interval: ConfidenceInterval? { contrast?.interval }
}

extension ContrastBook {
  /// Evaluates a statement about left minus right of some contrasts.
  ///
  /// - Parameters:
  ///   - statement: What is stated of each.
  ///   - forms: At least one.
  ///   - effect: The smallest difference that matters, if that was declared.
  /// - Returns: Supported if all are, refuted if any is.
  func evaluated(
    _ statement: Statement, of forms: [ContrastForm], effect: Double?
  ) -> EvaluatedStatement {
    let all = forms.map { form in
      form.isExact ? exact(statement, form) : tested(statement, form, effect)
    }
    // The worst news first: what is missing, then what refutes, then what does not support.
    let order: [Verdict] = [.missing, .refuted, .atFloor, .inconclusive, .equivalent, .supported]
    return all.min { a, b in
      let (first, second) = (order.firstIndex(of: a.verdict), order.firstIndex(of: b.verdict))
      guard first == second else { return (first ?? 0) < (second ?? 0) }
      return (a.pValue ?? 0) > (b.pValue ?? 0)
    } ?? all[0]
  }

  private func tested(
    _ statement: Statement, _ form: ContrastForm, _ effect: Double?
  ) -> EvaluatedStatement {
    let contrast = contrast(form)
    guard form.isTestable else {
      let isMissing = !contrast.absences.isEmpty || contrast.differences.isEmpty
      return EvaluatedStatement(
        verdict: isMissing ? .missing : .inconclusive, isExact: false, contrast: nil,
        estimate: contrast.estimate, pValue: nil, statement: statement, effect: nil)
    }
    return EvaluatedStatement(
      verdict: contrast.verdict(statement, effect: effect), isExact: false, contrast: contrast,
      estimate: contrast.estimate, pValue: contrast.pValue(statement, effect: effect),
      statement: statement, effect: effect)
  }

  /// Exact numbers are compared on every seed, and no seed may differ.
  private func exact(_ statement: Statement, _ form: ContrastForm) -> EvaluatedStatement {
    let contrast = contrast(form)
    let holding = contrast.differences.count(where: statement.holds)
    let verdict: Verdict =
      !contrast.absences.isEmpty || contrast.differences.isEmpty
      ? .missing
      : holding == contrast.differences.count
        ? .supported : holding == 0 ? .refuted : .inconclusive
    return EvaluatedStatement(
      verdict: verdict, isExact: true, contrast: nil, estimate: contrast.estimate,
      pValue: nil, statement: statement, effect: nil)
  }
}

extension EvaluatedStatement {
  /// A statement that something is missing for.
  static func missing(_ statement: Statement) -> EvaluatedStatement {
    EvaluatedStatement(
      verdict: .missing, isExact: false, contrast: nil, estimate: nil, pValue: nil,
      statement: statement, effect: nil)
  }

  /// The numbers for programs.
  var json: JSONText {
    let found = contrast?.contrast
    let boundaries: [Double] =
      switch statement {
      case .above(let boundary), .below(let boundary): [boundary]
      case .between(let low, let high): [low, high]
      }
    return .map([
      "estimate": JSONText(estimate), "interval": interval.map { JSONText($0) } ?? .null,
      "adjustedPValue": JSONText(pValue),
      "boundaries": .list(boundaries.map { JSONText($0) }),
      "standardError": JSONText(found?.standardError),
      "degreesOfFreedom": JSONText(found?.degreesOfFreedom),
      "basis": JSONText(found?.basis.rawValue), "seeds": .integer(found?.seeds ?? 0),
      "distinct": .integer(contrast?.distinct ?? 0), "items": .integer(found?.items ?? 0),
      "diverged": .integer(contrast?.diverged ?? 0),
      "family": JSONText(contrast?.family.name),
      "familySize": .integer(contrast?.family.correction.members ?? 0),
      "level": JSONText(contrast?.family.correction.level),
    ])
  }
}

/// What a reader needs to weigh a verdict, in sentences.
struct EvaluationWords {
  private let evaluation: EvaluatedStatement
  private let format: ValueFormat

  init(_ evaluation: EvaluatedStatement, unit: MetricPath.Unit) {
    self.evaluation = evaluation
    format = ValueFormat(difference: unit)
  }

  var notes: [String] {
    if evaluation.isExact { return exactNotes }
    guard let contrast = evaluation.contrast else {
      return evaluation.verdict == .missing
        ? ["The comparison has no finite value."]
        : [
          "A smallest, largest or other summary of runs has no interval, so nothing is tested; "
            + "means have one."
        ]
    }
    if evaluation.verdict == .missing {
      return [
        ValueExpression.words(for: contrast.absences).map {
          $0.prefix(1).uppercased() + $0.dropFirst() + "."
        } ?? "The comparison has no finite value."
      ]
    }
    return [
      evaluation.verdict == .atFloor
        ? "Neither side is shown, by its own lower bound, to be better than an answer that needs no "
          + "skill (the commonest class or a guess), so the difference is not tested."
        : nil, spread(contrast), basis(contrast), diverged(contrast), repeats(contrast),
      evaluation.verdict == .inconclusive ? need(contrast) : nil,
    ].compactMap(\.self)
  }

  private var exactNotes: [String] {
    switch evaluation.verdict {
    case .missing: ["The comparison has no finite value."]
    case .inconclusive: ["These numbers are exact; the statement holds on some seeds only."]
    default: ["These numbers are exact: checked on every seed, not tested."]
    }
  }

  private func spread(_ contrast: PageContrast) -> String? {
    guard contrast.interval == nil else { return nil }
    return contrast.differences.count == 1
      ? "One seed without single answers says nothing about other seeds, so there is no interval."
      : "All seeds and items differ by the same, so there is no interval."
  }

  private func basis(_ contrast: PageContrast) -> String? {
    switch contrast.contrast?.basis {
    case .itemsOnly: "The interval speaks of these runs on other items."
    case .seedsOnly: "The interval speaks of other seeds only, since single answers are not known."
    case .folds:
      "The interval speaks of other samples of this size, by a cross-validation whose folds overlap."
    case .seedsAndItems, nil: nil
    }
  }

  private func diverged(_ contrast: PageContrast) -> String? {
    guard contrast.diverged > 0 else { return nil }
    return "\(Words.count(contrast.diverged, "diverged run")) "
      + "\(contrast.diverged == 1 ? "counts" : "count") as always answering the commonest class."
  }

  private func repeats(_ contrast: PageContrast) -> String? {
    let seeds = contrast.contrast?.seeds ?? 0
    guard seeds > 1, contrast.distinct < seeds else { return nil }
    return "\(seeds) seeds gave only \(contrast.distinct) distinct "
      + "\(contrast.distinct == 1 ? "difference" : "differences")."
  }

  /// What would decide.
  private func need(_ contrast: PageContrast) -> String? {
    guard let effect = evaluation.effect else {
      return contrast.interval == nil
        ? nil
        : "What would decide it depends on the smallest difference that matters, which 'effect' "
          + "declares."
    }
    let size = format.string(effect)
    if let interval = contrast.interval, interval.upper - interval.lower <= 2 * effect {
      return "The interval is no wider than ± \(size) already, but a boundary lies within it."
    }
    switch contrast.need(for: effect) {
    case nil:
      return contrast.contrast?.hasSpread == true
        ? "One seed does not show how many would decide it." : nil
    case .itemsAlone(let items):
      return "Seeds have no part in it: an interval of ± \(size) takes "
        + "\(ValueFormat(.integer).string(Double(items))) items."
    case .seeds(let seeds):
      return "An interval of ± \(size) takes \(Words.count(seeds, "seed"))."
    case .items(let items, let seeds):
      return "No number of seeds gives an interval of ± \(size) on "
        + "\(Words.count(contrast.contrast?.items ?? 0, "item")): it takes "
        + "\(ValueFormat(.integer).string(Double(items))) items and \(Words.count(seeds, "seed"))."
    case .unreachable: return "No affordable number of seeds gives an interval of ± \(size)."
    }
  }
}
