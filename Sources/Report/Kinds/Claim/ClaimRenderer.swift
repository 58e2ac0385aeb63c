import Experiments
import Formats
import Foundation

extension ClaimBlock {
  static func evaluated(
    _ blocks: [ClaimBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    let verdicts = ClaimVerdict.adjusted(
      blocks.map { block in
        block.assertion.verdict(in: evaluation.frame, confidence: block.confidence)
          .noting(block.notes(in: evaluation))
      })
    let family = verdicts.count { $0.pValue != nil }
    return zip(blocks, verdicts).map { EvaluatedClaim(block: $0, verdict: $1, familySize: family) }
  }

  /// How the claims fared, with links to those that the results refute.
  static func notice(
    on blocks: [any EvaluatedBlock], references: ReferenceTable
  ) -> Page.Notice? {
    let all = blocks.compactMap { $0 as? EvaluatedClaim }
    guard !all.isEmpty else { return nil }
    let parts = ClaimVerdict.Outcome.allCases.compactMap { outcome -> HTML? in
      let claims = all.filter { $0.verdict.outcome == outcome }
      guard !claims.isEmpty else { return nil }
      let links = claims.compactMap { claim in
        references.entry(ofBlock: claim.label).map { entry in
          "<a class=\"ref\" href=\"#\(entry.anchor)\">\(entry.text)</a>" as HTML
        }
      }
      let unsure = claims.map(\.verdict).filter(\.isAgainstTest)
      let details: [HTML] = [
        outcome == .refuted ? links.joined(separator: ", ") : nil,
        unsure.first.map { "\(unsure.count) with p above \(String(format: "%.2g", $0.level))" },
      ].compactMap(\.self)
      let list: HTML = details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"
      return "\(claims.count) \(outcome.rawValue)\(list)"
    }
    return Page.Notice(.information, "Claims: \(parts.joined(separator: ", ")).")
  }
}

/// A claim with what the results say about it.
struct EvaluatedClaim: EvaluatedBlock {
  let block: ClaimBlock
  /// With the p-value corrected for the report's other claims.
  let verdict: ClaimVerdict
  /// How many claims of the report have a p-value.
  let familySize: Int

  var label: String { block.label }
  var isRefuted: Bool { verdict.outcome == .refuted }

  func html(in setting: PageSetting) -> HTML {
    ClaimRenderer(prose: setting.prose, familySize: familySize).claim(block, verdict).html
  }

  var json: JSONText {
    .map([
      "label": .text(block.label), "assertion": .text(block.assertion.text),
      "verdict": .text(verdict.outcome.rawValue), "estimate": JSONText(verdict.estimate),
      "interval": verdict.interval.map { JSONText($0) } ?? .null,
      "boundary": JSONText(verdict.boundary), "pValue": JSONText(verdict.pValue),
      "adjustedPValue": JSONText(verdict.adjustedPValue), "pairs": .integer(verdict.pairs),
      "distinctPairs": .integer(verdict.distinctPairs), "notes": JSONText(verdict.notes),
    ])
  }

  var warnings: [Diagnostic] {
    guard verdict.outcome == .notEvaluated else { return [] }
    return [
      Diagnostic(
        .missingResult, at: block.position,
        "claim '\(label)' was not evaluated: " + verdict.notes.joined(separator: " "),
        severity: .warning)
    ]
  }
}

/// Sets a claim with its verdict.
struct ClaimRenderer {
  let prose: Prose
  /// How many claims of the report have a p-value.
  let familySize: Int

  func claim(_ block: ClaimBlock, _ verdict: ClaimVerdict) -> ClaimComponent {
    let entry = prose.references.entry(ofBlock: block.label)
    return ClaimComponent(
      anchor: entry?.anchor ?? block.label, number: entry?.number ?? 0,
      statement: prose.html(block.text), verdict: Verdict(verdict.outcome),
      figures: figures(verdict),
      notes: verdict.notes
        + [block.source.map { "Source of the statement: \($0)." }].compactMap(\.self))
  }

  private func figures(_ verdict: ClaimVerdict) -> [ClaimComponent.Figure] {
    guard let estimate = verdict.estimate else { return [] }
    let format = ValueFormat(difference: verdict.unit)
    var figures = [
      ClaimComponent.Figure("difference", format.signed(estimate))
    ]
    if let interval = verdict.interval, interval.method != .point {
      let percent = ValueFormat(
        .decimals(interval.confidence * 100 == (interval.confidence * 100).rounded() ? 0 : 1)
      )
      .string(interval.confidence * 100)
      figures.append(
        .init(
          "\(percent)\u{A0}% \(interval.method.rawValue) interval",
          format.string(from: interval.lower, to: interval.upper)))
    }
    if let boundary = verdict.boundary, boundary != 0 {
      figures.append(.init("margin", format.signed(boundary)))
    }
    if let p = verdict.pValue { figures.append(.init("p (sign flip)", Words.probability(p))) }
    if let p = verdict.adjustedPValue {
      let family = Words.count(familySize, "claim")
      figures.append(.init("p (Holm, \(family))", Words.probability(p)))
    }
    if verdict.pairs > 0 { figures.append(.init("seeds", "\(verdict.pairs)")) }
    return figures
  }
}

extension Verdict {
  fileprivate init(_ outcome: ClaimVerdict.Outcome) {
    switch outcome {
    case .supported: self = .supported
    case .refuted: self = .refuted
    case .inconclusive: self = .inconclusive
    case .notEvaluated: self = .notEvaluated
    }
  }
}

/// A numbered claim with its verdict and the numbers behind it.
struct ClaimComponent: Hashable, Sendable {
  /// One number of the verdict, as in "difference", "+4.2 points".
  struct Figure: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The label, as in "clm-lora".
  var anchor: String
  package var number: Int
  var statement: HTML
  var verdict: Verdict
  /// Estimate, named interval, p, number of seeds; empty while not evaluated.
  var figures: [Figure]
  /// What to mind, as in "only 4 seeds: the smallest possible p is 0.125".
  var notes: [String]

  package init(
    anchor: String, number: Int, statement: HTML, verdict: Verdict, figures: [Figure],
    notes: [String] = []
  ) {
    self.anchor = anchor
    self.number = number
    self.statement = statement
    self.verdict = verdict
    self.figures = figures
    self.notes = notes
  }

  package var html: HTML {
    let numbers = figures.map { figure -> HTML in
      "<div><dt>\(figure.name)</dt><dd>\(figure.value)</dd></div>\n"
    }.joined()
    return """
      <section class="claim \(verdict.style)" id="\(anchor)" aria-label="Claim \(number)">
      <p class="head"><span class="number">Claim \(number)</span> \(verdict.badge)</p>
      <p class="statement">\(statement)</p>
      \(numbers.isEmpty ? "" : "<dl class=\"figures\">\n\(numbers)</dl>\n" as HTML)\
      \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())</section>
      """
  }
}

/// What the data say about a claim.
enum Verdict: String, Hashable, Sendable, CaseIterable {
  case supported
  case refuted
  case inconclusive
  case notEvaluated

  /// As a reader sees it.
  var title: String {
    self == .notEvaluated ? "not evaluated" : rawValue
  }

  /// A badge that shows the verdict by colour, icon and word.
  package var badge: HTML {
    let icon: Icon =
      switch self {
      case .supported: .check
      case .refuted: .cross
      case .inconclusive: .question
      case .notEvaluated: .dash
      }
    return "<span class=\"badge\">\(icon.html)\(title)</span>"
  }

  /// The class that colours a claim and its badge.
  var style: HTML {
    switch self {
    case .supported: "supported"
    case .refuted: "refuted"
    case .inconclusive: "inconclusive"
    case .notEvaluated: "unevaluated"
    }
  }
}
