package import Formats

/// A calculation over results: selections, numbers, arithmetic and summaries.
package indirect enum Expression: Hashable, Sendable {
  /// What makes one number of many.
  package enum Summary: String, CaseIterable, Hashable, Sendable {
    case mean
    case sd
    case min
    case max
    case count
  }

  package enum Operator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  case number(Double)
  case selection(ResultSelection)
  case negated(Expression)
  case arithmetic(Operator, Expression, Expression, at: SourcePosition)
  case summary(Summary, Expression, at: SourcePosition)

  /// Whether the expression is one number rather than one a seed.
  var isNumber: Bool {
    switch self {
    case .number, .summary: true
    case .selection: false
    case .negated(let inner): inner.isNumber
    case .arithmetic(_, let left, let right, _): left.isNumber && right.isNumber
    }
  }

  /// Every selection, from left to right.
  var selections: [ResultSelection] {
    switch self {
    case .number: []
    case .selection(let selection): [selection]
    case .negated(let inner), .summary(_, let inner, _): inner.selections
    case .arithmetic(_, let left, let right, _): left.selections + right.selections
    }
  }
}
