import Experiments
import Formats
import Foundation

/// The contrasts that a block or a family of claims asks for, from the source alone.
struct DeclaredFamily: Sendable {
  /// As a reader sees it: "the claims", "@cmp-first".
  let name: String
  /// The share of families in which anything may be wrong.
  let level: Double
  /// In any order; the same contrast may be there more than once.
  let contrasts: [ContrastForm]

  /// Distinct contrasts that chance has a part in.
  var members: Set<ContrastKey> {
    Set(contrasts.filter { !$0.isExact && $0.sides != .constant }.map(\.key))
  }
}

/// Every contrast of a page with its one interval, that of the largest family it occurs in.
final class ContrastBook {
  /// A family with its size.
  struct Family: Hashable, Sendable {
    let name: String
    let correction: ContrastFamily
  }

  let names: ContrastNames
  let families: [Family]
  private let table: ScoreTable
  private let largest: [ContrastKey: Family]
  private var known: [ContrastKey: ScoredContrast] = [:]
  private var forms: [ContrastKey: ContrastForm] = [:]

  /// - Parameters:
  ///   - declared: Of all blocks of the page.
  ///   - table: The scores.
  ///   - names: Of the page's experiments.
  init(_ declared: [DeclaredFamily], table: ScoreTable, names: ContrastNames) {
    self.table = table
    self.names = names
    var largest: [ContrastKey: Family] = [:]
    var families: [Family] = []
    for family in declared where !family.members.isEmpty {
      let found = Family(
        name: family.name,
        correction: ContrastFamily(level: family.level, members: family.members.count))
      families.append(found)
      for key in family.members {
        let other = largest[key]?.correction.confidence ?? 0
        if other < found.correction.confidence { largest[key] = found }
      }
    }
    self.largest = largest
    self.families = families
  }

  /// A contrast the way round that a statement reads it.
  func contrast(_ form: ContrastForm) -> PageContrast {
    let scored = scored(form)
    let constant = form.constant.scored(in: table)
    let family =
      largest[form.key] ?? Family(name: "", correction: ContrastFamily(members: 1))
    let value: Double? =
      switch constant {
      case .number(let number, _): number
      // Shares of classes are the same on every seed.
      case .scores(let scores): scores.scores.flatMap { SampleMoments($0.values)?.mean }
      }
    if form.sides == .constant {
      return PageContrast(
        contrast: nil, family: family, isAtFloor: false, absences: constant.absences, diverged: 0,
        differences: value.map { [-$0] } ?? [])
    }
    return PageContrast(
      contrast: value.flatMap { scored.contrast?.oriented(sign: form.sign, minus: $0) },
      family: family, isAtFloor: isAtFloor(scored, family),
      absences: scored.absences + constant.absences, diverged: scored.diverged,
      differences: value.map { value in scored.values.map { form.sign * $0 - value } } ?? [])
  }

  /// The largest family that a contrast occurs in.
  func family(of key: ContrastKey) -> ContrastFamily {
    largest[key]?.correction ?? ContrastFamily(members: 1)
  }

  /// Contrasts of two sides that were asked for and involve an experiment, by their keys.
  func asked(of experiment: String) -> [(isShare: Bool, contrast: PageContrast)] {
    forms.keys.sorted().compactMap { key in
      guard let form = forms[key], case .two(let first, let second) = form.sides,
        (first.selections + second.selections).contains(where: {
          $0.experiment.value == experiment
        })
      else { return nil }
      return (first.unit == .share, contrast(form))
    }
  }

  /// Whether a method is better than what needs no skill; nil where that is not known.
  func aboveFloor(
    _ metric: MetricPath, of method: String, shots: Int, in experiment: String
  ) -> EvaluatedStatement? {
    table.floor(of: metric, in: experiment).map { floor in
      aboveFloor(.cell(metric, of: method, shots: shots, in: experiment), floor: floor)
    }
  }

  /// Whether a score is better than what needs no skill.
  func aboveFloor(_ score: Expression, floor: Double) -> EvaluatedStatement {
    evaluated(
      .above(0), of: [ContrastForm(score, minus: .number(floor), among: names)], effect: nil)
  }

  /// A contrast in its own direction, before any family.
  private struct ScoredContrast {
    var contrast: Contrast?
    var absences: [Sample.Absence] = []
    var diverged = 0
    /// One a seed.
    var values: [Double] = []
    /// Sides with a floor to clear; empty where one has none.
    var sides: [Side] = []
  }

  private struct Side {
    let key: ContrastKey
    let contrast: Contrast?
    let floor: Double
  }

  private func isAtFloor(_ scored: ScoredContrast, _ family: Family) -> Bool {
    guard !scored.sides.isEmpty else { return false }
    return !scored.sides.contains { side in
      let own = largest[side.key]?.correction.confidence ?? 0
      let confidence = max(own, family.correction.confidence)
      guard let contrast = side.contrast else { return false }
      let lower = contrast.interval(confidence: confidence)?.lower ?? contrast.estimate
      return lower > side.floor
    }
  }

  private func scored(_ form: ContrastForm) -> ScoredContrast {
    if let scored = known[form.key] { return scored }
    forms[form.key] = form
    let scored: ScoredContrast
    switch form.sides {
    case .constant: scored = ScoredContrast()
    case .one(let side): scored = make(side.scored(in: table), sides: [])
    case .two(let first, let second):
      let both = [first, second].map { $0.scored(in: table) }
      scored = make(Expression.combined(both[0], both[1], .subtract), sides: [first, second])
    case .trend(let selection): scored = trend(selection)
    case .ranks(let first, let second): scored = ranks(first, second)
    }
    known[form.key] = scored
    return scored
  }

  private func make(_ expression: ScoredExpression, sides: [Expression]) -> ScoredContrast {
    guard case .scores(let scores) = expression else {
      return ScoredContrast(absences: expression.absences)
    }
    let floors = sides.compactMap(side)
    return ScoredContrast(
      contrast: scores.scores.flatMap { Contrast($0) }, absences: scores.absences,
      diverged: scores.diverged, values: scores.scores?.values ?? [],
      sides: floors.count == sides.count ? floors : [])
  }

  private func side(_ expression: Expression) -> Side? {
    guard let floor = table.floor(of: expression),
      case .scores(let scores) = expression.scored(in: table)
    else { return nil }
    return Side(
      key: ContrastKey(words: names.words(expression)),
      contrast: scores.scores.flatMap { Contrast($0) }, floor: floor)
  }

  private func trend(_ selection: ResultSelection) -> ScoredContrast {
    guard let shape = table.frame[selection.experiment.value]?.shape else {
      return ScoredContrast()
    }
    // No number of examples has no logarithm.
    let numbers = shape.shots.filter { $0 > 0 }.sorted()
    let method = selection.method?.value ?? shape.methods.first ?? ""
    let places = numbers.map { shots in
      Expression.cell(selection.metric.value, of: method, shots: shots, in: shape.label)
    }
    let scored = numbers.map {
      table.scores(selection.metric.value, of: method, shots: $0, in: shape.label)
    }
    let scores = scored.compactMap(\.scores)
    let floors = places.compactMap(side)
    guard scores.count == numbers.count, numbers.count > 1 else {
      return ScoredContrast(absences: scored.flatMap(\.absences))
    }
    let slope = CrossedScores.slope(scores, on: numbers.map { log2(Double($0)) })
    return ScoredContrast(
      contrast: Contrast(slope), diverged: scored.reduce(0) { $0 + $1.diverged },
      values: slope.values, sides: floors.count == places.count ? floors : [])
  }

  private func ranks(_ first: ResultSelection, _ second: ResultSelection) -> ScoredContrast {
    guard let shape = table.frame[first.experiment.value]?.shape else { return ScoredContrast() }
    let shots = first.shots?.value.number(in: shape.shots).map { [$0] } ?? shape.shots
    let cells = shape.methods.flatMap { method in shots.map { (method, $0) } }
    let scored = [first, second].map { selection in
      cells.map { method, shots in
        table.scores(selection.metric.value, of: method, shots: shots, in: shape.label)
      }
    }
    let absences = scored.joined().flatMap(\.absences)
    let values = scored.map { $0.compactMap { $0.scores?.values } }
    guard absences.isEmpty, values.allSatisfy({ $0.count == cells.count }) else {
      return ScoredContrast(absences: absences)
    }
    let bySeed = shape.seeds.indices.compactMap { seed in
      RankCorrelation.spearman(values[0].map { $0[seed] }, values[1].map { $0[seed] })
    }
    guard bySeed.count == shape.seeds.count else { return ScoredContrast() }
    return ScoredContrast(
      contrast: Contrast(CrossedScores(values: bySeed).overlapping(by: shape.overlap)),
      diverged: scored.joined().reduce(0) { $0 + $1.diverged }, values: bySeed)
  }
}

/// A contrast as a page states it, with its one interval.
struct PageContrast: Hashable, Sendable {
  /// Nil where runs are missing or nothing can be computed.
  let contrast: Contrast?
  let family: ContrastBook.Family
  /// Whether neither side is better than what needs no skill.
  let isAtFloor: Bool
  let absences: [Sample.Absence]
  /// Runs that diverged and count as the constant majority answer.
  let diverged: Int
  /// Left minus right by seed.
  let differences: [Double]

  var estimate: Double? { contrast?.estimate ?? SampleMoments(differences)?.mean }
  var interval: ConfidenceInterval? { contrast.flatMap(family.correction.interval) }

  /// Coverage of the interval.
  var confidence: Double { family.correction.confidence }

  /// How many times as wide the interval is as that of a contrast which is judged alone.
  var widening: Double? {
    guard let contrast, contrast.hasSpread else { return nil }
    let alone = contrast.halfWidth(confidence: 1 - family.correction.level)
    return alone.flatMap { alone in
      contrast.halfWidth(confidence: confidence).map { $0 / alone }
    }
  }

  /// How many seeds have a distinct difference.
  var distinct: Int { Set(differences).count }

  /// The verdict on a statement about left minus right.
  ///
  /// - Parameters:
  ///   - statement: What is stated.
  ///   - effect: The smallest difference that matters, if that was declared.
  /// - Returns: Read off the interval alone.
  func verdict(_ statement: Statement, effect: Double? = nil) -> Verdict {
    guard absences.isEmpty, !differences.isEmpty else { return .missing }
    if isAtFloor { return .atFloor }
    return interval.map { Verdict(statement.outcome($0, effect: effect)) } ?? .inconclusive
  }

  /// The corrected p that goes with the verdict; nil where nothing was tested.
  func pValue(_ statement: Statement, effect: Double? = nil) -> Double? {
    let verdict = verdict(statement, effect: effect)
    guard let contrast, verdict != .missing, verdict != .atFloor else { return nil }
    let tested: Statement =
      if verdict == .equivalent, let effect { .between(-effect, effect) } else { statement }
    return tested.pValue(of: contrast).map(family.correction.adjusted)
  }

  /// What would make the interval narrow enough for some effect; nil where nothing varies, and for one
  /// seed, which does not show how much seeds vary.
  func need(for effect: Double) -> ContrastPrecision.Need? {
    guard let contrast, contrast.hasSpread, differences.count > 1 else { return nil }
    return ContrastPrecision(
      contrast.components, items: contrast.items, confidence: family.correction.confidence,
      basis: contrast.basis
    ).need(for: effect)
  }
}
