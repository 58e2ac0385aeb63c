package import Formats

/// A comparison that results may support or refute: `A > B by 2%`.
package struct Assertion: Hashable, Sendable {
  package enum Comparison: String, CaseIterable, Hashable, Sendable {
    case greater = ">"
    case atLeast = ">="
    case less = "<"
    case atMost = "<="

    /// Whether a difference of the two sides stands on the asserted side of a boundary.
    func holds(_ difference: Double, boundary: Double) -> Bool {
      switch self {
      case .greater: difference > boundary
      case .atLeast: difference >= boundary
      case .less: difference < boundary
      case .atMost: difference <= boundary
      }
    }

    var isUpward: Bool { self == .greater || self == .atLeast }
  }

  package let left: Expression
  package let comparison: Comparison
  package let right: Expression
  /// How far apart the sides must be; not negative unless the source says so.
  package let margin: Expression?
  /// As written.
  package let text: String
  /// Of the sign between the sides.
  let comparisonPosition: SourcePosition
  private let marginPosition: SourcePosition

  /// Parses a comparison.
  ///
  /// - Parameter source: The comparison with its place.
  /// - Throws: A diagnostic FT022 or FT023 at the first word that makes no sense.
  package init(parsing source: SourceText) throws(Diagnostic) {
    text = source.text
    var parser = try ExpressionParser(source)
    left = try parser.sum()
    let token = parser.current
    comparisonPosition = parser.position(of: token)
    guard case .sign(let sign) = token.kind, let comparison = Comparison(rawValue: sign) else {
      throw parser.problem(
        "a claim compares two values, but here is \(token.shown)",
        help: "write one of > >= < <= between two values")
    }
    self.comparison = comparison
    parser.advance()
    right = try parser.sum()
    marginPosition = parser.position(of: parser.current)
    if parser.current.kind == .name("by") {
      parser.advance()
      margin = try parser.sum()
    } else {
      margin = nil
    }
    try parser.finish()
  }

  /// Looks up every name in the experiments of the report.
  package func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    var problems = left.check(against: catalog) + right.check(against: catalog)
    if let margin {
      problems += margin.check(against: catalog)
      if !margin.isNumber {
        problems.append(
          Diagnostic(
            .malformedExpression, at: marginPosition, "'by' takes a number, not results by seed",
            help: "write a number such as 2%, or a summary such as sd(…)"))
      }
    }
    if problems.isEmpty {
      problems = Expression.checkPairs(left, right, at: comparisonPosition, against: catalog)
    }
    return problems
  }
}
