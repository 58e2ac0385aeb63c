import Experiments
import Formats

extension ClaimBlock {
  /// Claims without `family` are judged together.
  private static let commonFamily = ""

  static func families(
    _ blocks: [ClaimBlock], among names: ContrastNames, shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily] {
    let groups = Dictionary(grouping: blocks) { $0.family ?? commonFamily }
    return groups.keys.sorted().map { name in
      let claims = groups[name] ?? []
      return DeclaredFamily(
        name: name == commonFamily ? "the claims" : "the claims of family “\(name)”",
        level: 1 - (claims.map(\.confidence).max() ?? defaultConfidence),
        contrasts: claims.flatMap { $0.assertion.forms(among: names) })
    }
  }

  static func evaluated(
    _ blocks: [ClaimBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    let claims = blocks.map { EvaluatedClaim($0, on: evaluation) }
    // Opinions are corrected for the claims that a claim is judged with.
    var opinions: [String: SecondOpinion] = [:]
    for family in Set(blocks.map(\.family)) where blocks.contains(where: \.asksSecondOpinion) {
      let tested = claims.filter { $0.block.family == family && $0.evaluation.pValue != nil }
      let all = SecondOpinion.all(
        tested.map(\.fromBoundary),
        confidence: tested.first?.block.confidence ?? defaultConfidence)
      for (claim, opinion) in zip(tested, all) { opinions[claim.label] = opinion }
    }
    return claims.map { claim in
      var claim = claim
      if claim.block.asksSecondOpinion { claim.opinion = opinions[claim.label] }
      return claim
    }
  }

  /// How the claims fared, with links to those that the results refute.
  static func notice(
    on blocks: [any EvaluatedBlock], references: ReferenceTable
  ) -> Page.Notice? {
    let all = blocks.compactMap { $0 as? EvaluatedClaim }
    guard !all.isEmpty else { return nil }
    let parts = Verdict.allCases.compactMap { verdict -> HTML? in
      let claims = all.filter { $0.evaluation.verdict == verdict }
      guard !claims.isEmpty else { return nil }
      let links = claims.compactMap { claim in
        references.entry(ofBlock: claim.label).map { entry in
          "<a class=\"ref\" href=\"#\(entry.anchor)\">\(entry.text)</a>" as HTML
        }
      }
      let list: HTML =
        verdict == .refuted && !links.isEmpty ? " (\(links.joined(separator: ", ")))" : ""
      return "\(claims.count) \(verdict.rawValue)\(list)"
    }
    return Page.Notice(.information, "Claims: \(parts.joined(separator: ", ")).")
  }
}

/// A claim with what the results say of it.
struct EvaluatedClaim: EvaluatedBlock {
  let block: ClaimBlock
  let evaluation: EvaluatedStatement
  /// Sentences that a reader needs to weigh the verdict.
  let notes: [String]
  var opinion: SecondOpinion?

  init(_ block: ClaimBlock, on results: EvaluatedResults) {
    self.block = block
    let assertion = block.assertion
    let labels = assertion.selections.map(\.experiment.value)
    var margins: [Double] = []
    var absences: [Sample.Absence] = []
    for margin in assertion.margins {
      let evaluated = margin.evaluated(in: results.frame)
      absences += evaluated.absences
      if case .number(let value?) = evaluated.value { margins.append(value) }
    }
    if let label = labels.first(where: { !results.frame.holds($0) }) {
      evaluation = .missing(assertion.statement(margins))
      notes = ["There are no results of '\(label)'."]
      return
    }
    guard margins.count == assertion.margins.count, absences.isEmpty else {
      evaluation = .missing(assertion.statement(margins))
      notes = [
        ValueExpression.words(for: absences)?.capitalizedSentence
          ?? "The margin has no finite value."
      ]
      return
    }
    evaluation = results.book.evaluated(
      assertion.statement(margins), of: assertion.forms(among: results.book.names),
      effect: block.effect)
    notes =
      EvaluationWords(evaluation, unit: assertion.unit).notes
      + block.notes(in: results)
  }

  /// How many claims have each verdict, without verdicts that none has.
  static func tally(_ claims: [EvaluatedClaim]) -> [(verdict: Verdict, count: Int)] {
    Verdict.allCases.compactMap { verdict in
      let count = claims.count { $0.evaluation.verdict == verdict }
      return count > 0 ? (verdict, count) : nil
    }
  }

  var label: String { block.label }
  var isRefuted: Bool { evaluation.verdict == .refuted }

  /// Differences by seed from the boundary of the statement that is nearer.
  fileprivate var fromBoundary: [Double] {
    let boundary =
      switch evaluation.statement {
      case .above(let boundary), .below(let boundary): boundary
      case .between(let low, let high):
        (evaluation.estimate ?? 0) < (low + high) / 2 ? low : high
      }
    return evaluation.contrast?.differences.map { $0 - boundary } ?? []
  }

  func html(in setting: PageSetting) -> HTML {
    ClaimRenderer(prose: setting.prose).claim(self).html
  }

  var json: JSONText {
    .map([
      "label": .text(block.label), "assertion": .text(block.assertion.text),
      "verdict": .text(evaluation.verdict.rawValue), "exact": .flag(evaluation.isExact),
      "family": JSONText(block.family), "effect": JSONText(block.effect),
      "contrast": evaluation.json, "notes": JSONText(notes),
      "secondOpinion": opinion?.json ?? .null,
    ])
  }

  var warnings: [Diagnostic] {
    guard evaluation.verdict == .missing else { return [] }
    return [
      Diagnostic(
        .missingResult, at: block.position,
        "claim '\(label)' was not tested: " + notes.joined(separator: " "), severity: .warning)
    ]
  }
}

extension String {
  fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
