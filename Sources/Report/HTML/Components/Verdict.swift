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
