import Experiments
import Formats
import Foundation

/// Sets a claim with its verdict.
struct ClaimRenderer {
  let prose: Prose

  func claim(_ claim: EvaluatedClaim) -> ClaimComponent {
    let entry = prose.references.entry(ofBlock: claim.label)
    let block = claim.block
    let opinion = claim.opinion?.words(ValueFormat(difference: block.assertion.unit))
    return ClaimComponent(
      anchor: entry?.anchor ?? block.label, number: entry?.number ?? 0,
      statement: prose.html(block.text), verdict: claim.evaluation.verdict,
      figures: figures(claim.evaluation, unit: block.assertion.unit),
      notes: claim.notes
        + [
          opinion.map { "Second opinion: \($0)." },
          block.source.map { "Source of the statement: \($0)." },
        ].compactMap(\.self))
  }

  private func figures(
    _ evaluation: EvaluatedStatement, unit: MetricPath.Unit
  ) -> [ClaimComponent.Figure] {
    guard let estimate = evaluation.estimate else { return [] }
    let format = ValueFormat(difference: unit)
    var figures = [ClaimComponent.Figure("difference", format.signed(estimate))]
    let family = evaluation.contrast?.family.correction
    if let interval = evaluation.interval {
      figures.append(
        .init(
          "\(Words.confidence(interval.confidence)) interval",
          format.string(from: interval.lower, to: interval.upper)))
    }
    switch evaluation.statement {
    case .above(let boundary), .below(let boundary):
      if boundary != 0 { figures.append(.init("margin", format.signed(boundary))) }
    case .between(let low, let high):
      figures.append(.init("margin", format.string(from: low, to: high)))
    }
    if let p = evaluation.pValue, let family {
      figures.append(
        .init("p (family of \(family.members))", Words.probability(p)))
    }
    if let contrast = evaluation.contrast?.contrast {
      figures.append(.init("seeds", "\(contrast.seeds)"))
      if contrast.items > 0 { figures.append(.init("items", "\(contrast.items)")) }
    }
    return figures
  }
}

/// A numbered claim with its verdict and the numbers behind it.
struct ClaimComponent: Hashable, Sendable {
  /// One number of the verdict, as in "difference", "+4.2 points".
  struct Figure: Hashable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The label, as in "clm-lora".
  var anchor: String
  var number: Int
  var statement: HTML
  var verdict: Verdict
  /// Estimate, named interval, p, number of seeds; empty while not evaluated.
  var figures: [Figure]
  /// What to mind, as in "only 4 seeds: the smallest possible p is 0.125".
  var notes: [String]

  init(
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

  var html: HTML {
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

extension Verdict {
  /// A badge that shows the verdict by colour, icon and word.
  var badge: HTML {
    let icon: Icon =
      switch self {
      case .supported: .check
      case .refuted: .cross
      case .equivalent: .information
      case .inconclusive: .question
      case .atFloor, .missing: .dash
      }
    return "<span class=\"badge\">\(icon.html)\(rawValue)</span>"
  }

  /// The class that colours a claim and its badge.
  var style: HTML {
    switch self {
    case .supported: "supported"
    case .refuted: "refuted"
    case .equivalent: "equivalent"
    case .inconclusive: "inconclusive"
    case .atFloor, .missing: "unevaluated"
    }
  }
}
