import Experiments
import Foundation

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
    if let p = verdict.pValue { figures.append(.init("p (sign flip)", Self.probability(p))) }
    if let p = verdict.adjustedPValue {
      let family = CountWords.count(familySize, "claim")
      figures.append(.init("p (Holm, \(family))", Self.probability(p)))
    }
    if verdict.pairs > 0 { figures.append(.init("seeds", "\(verdict.pairs)")) }
    return figures
  }

  /// Three digits, and no false zero.
  static func probability(_ p: Double) -> String {
    p < 0.001 ? "< 0.001" : String(format: "%.3f", p)
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

extension ValueFormat {
  /// How the difference of two values reads: that of two percentages is in points.
  init(difference unit: MetricPath.Unit) {
    self = unit == .share ? ValueFormat(.points) : ValueFormat(defaultFor: unit)
  }

  /// A difference with its sign, as in "+4.2 points".
  func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + string(value) }

  /// A text of this format without the unit that a table says once, such as "points".
  func bare(_ text: String) -> String {
    let units = style == .percent ? "\u{A0}%" : style == .points ? "\u{A0}points" : ""
    return text.hasSuffix(units) ? String(text.dropLast(units.count)) : text
  }
}

/// A numbered claim with its verdict and the numbers behind it.
package struct ClaimComponent: Hashable, Sendable {
  /// One number of the verdict, as in "difference", "+4.2 points".
  package struct Figure: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The label, as in "clm-lora".
  package var anchor: String
  package var number: Int
  package var statement: HTML
  package var verdict: Verdict
  /// Estimate, named interval, p, number of seeds; empty while not evaluated.
  package var figures: [Figure]
  /// What to mind, as in "only 4 seeds: the smallest possible p is 0.125".
  package var notes: [String]

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
package enum Verdict: String, Hashable, Sendable, CaseIterable {
  case supported
  case refuted
  case inconclusive
  case notEvaluated

  /// As a reader sees it.
  package var title: String {
    self == .notEvaluated ? "not evaluated" : rawValue
  }

  /// A badge that says the verdict in colour, drawing and word.
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
