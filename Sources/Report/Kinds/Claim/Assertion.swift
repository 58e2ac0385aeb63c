import Formats

/// A comparison that results may support or refute: `A > B by 2%`.
struct Assertion: Hashable, Sendable {
  enum Comparison: String, CaseIterable, Hashable, Sendable {
    case greater = ">"
    case atLeast = ">="
    case less = "<"
    case atMost = "<="

    /// Whether a difference of the two sides is on the asserted side of a boundary.
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
  let comparison: Comparison
  let right: Expression
  /// How far apart the sides must be; not negative unless the source makes it so.
  let margin: Expression?
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

extension Assertion {
  /// The assertion in words, as Markdown.
  package var sentence: String {
    let relation =
      switch (comparison, margin == nil) {
      case (.greater, true): "is greater than"
      case (.atLeast, true): "is at least"
      case (.less, true): "is less than"
      case (.atMost, true): "is at most"
      case (.greater, false), (.atLeast, false): "is greater than"
      case (.less, false), (.atMost, false): "is less than"
      }
    let unit = left.isLiteral ? right.unit : left.unit
    let isStrict = comparison == .greater || comparison == .less
    let distance = margin.map {
      " by \(isStrict ? "more than" : "at least") \($0.words(unit: unit))"
    }
    let start = left.words(unit: unit)
    let capital = start.prefix(1).uppercased() + start.dropFirst()
    return "\(capital) \(relation) \(right.words(unit: unit))\(distance ?? "")."
  }
}

extension Expression {
  /// The expression in words; literals are written in the unit of what they meet.
  fileprivate func words(unit: MetricPath.Unit) -> String {
    switch self {
    case .number(let value):
      return switch unit {
      case .share: ValueFormat(.percent).string(value)
      case .count: ValueFormat(.integer).string(value)
      case .bytes: ValueFormat(.bytes).string(value)
      case .seconds: ValueFormat(.seconds).string(value)
      case .plain, .nats: value == value.rounded() ? "\(Int64(clamping: value))" : "\(value)"
      }
    case .selection(let selection): return selection.words
    case .negated(let inner): return "minus \(inner.words(unit: unit))"
    case .summary(let summary, let inner, _):
      let name =
        switch summary {
        case .mean: "mean"
        case .median: "median"
        case .iqm: "interquartile mean"
        case .sd: "standard deviation"
        case .min: "smallest"
        case .max: "largest"
        case .count: "number"
        }
      return "the \(name) of \(inner.words(unit: unit))"
    case .arithmetic(let operation, let left, let right, _):
      let sign =
        switch operation {
        case .add: "plus"
        case .subtract: "minus"
        case .multiply: "times"
        case .divide: "divided by"
        }
      let isScaled = operation == .multiply || operation == .divide
      let other: MetricPath.Unit = isScaled ? .plain : unit
      return "\(left.words(unit: other)) \(sign) \(right.words(unit: other))"
    }
  }
}

extension Int64 {
  fileprivate init(clamping value: Double) {
    self = Int64(exactly: value) ?? (value < 0 ? .min : .max)
  }
}

extension ResultSelection {
  fileprivate var words: String {
    var words = "the \(metric.value) of "
    words += method.map { "`\($0.value)`" } ?? "all methods"
    if let shots { words += " at \(shots.value)" }
    if let seed { words += ", seed \(seed.value)" }
    return words + " (*\(experiment.value)*)"
  }
}
