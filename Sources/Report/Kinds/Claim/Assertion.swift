import Experiments
import Formats

/// A statement that results may support or refute: `A > B by 2%`, `A = B within 1%`.
///
///     assertion = "best" "(" sum "," sum {"," sum} ")"
///               | selection ("rises" | "falls") "with" "shots" ["by" sum]
///               | "rank-correlation" "(" selection "," selection ")" (">" | "<") sum
///               | sum (">" | "<") sum ["by" sum]
///               | sum (">=" | "<=") sum "within" sum
///               | sum "=" sum "within" (sum | "[" sum "," sum "]")
struct Assertion: Hashable, Sendable {
  enum Comparison: String, CaseIterable, Hashable, Sendable {
    case greater = ">"
    case atLeast = ">="
    case less = "<"
    case atMost = "<="
    case equal = "="
  }

  enum Content: Hashable, Sendable {
    case comparison(Expression, Comparison, Expression)
    /// The first is better than each of the others.
    case best([Expression])
    case trend(ResultSelection, rises: Bool)
    /// Always `>` or `<` a number.
    case ranks(ResultSelection, ResultSelection, Comparison, Expression)
  }

  let content: Content
  /// Numbers after `by` or `within`: none, one, or the two ends of a range.
  let margins: [Expression]
  /// As written.
  let text: String
  /// Of the sign between the sides, or of the first word.
  let comparisonPosition: SourcePosition
  private let marginPosition: SourcePosition

  /// Parses a statement.
  ///
  /// - Parameter source: The statement with its place.
  /// - Throws: A diagnostic FT022 or FT023 at the first word that makes no sense.
  init(parsing source: SourceText) throws(Diagnostic) {
    text = source.text
    var parser = try ExpressionParser(source)
    let start = parser.current
    if let function = try Self.function(&parser) {
      content = function
      comparisonPosition = parser.position(of: start)
      margins = []
      marginPosition = parser.position(of: parser.current)
      try parser.finish()
      return
    }
    let left = try parser.sum()
    let token = parser.current
    comparisonPosition = parser.position(of: token)
    if let rises = Self.trend(token), case .selection(let selection) = left {
      parser.advance()
      for word in ["with", "shots"] {
        guard parser.current.kind == .name(word) else {
          throw parser.problem(
            "expected 'with shots', found \(parser.current.shown)",
            help: "write: exp-1[lora].ood.accuracy rises with shots")
        }
        parser.advance()
      }
      content = .trend(selection, rises: rises)
      marginPosition = parser.position(of: parser.current)
      margins = try Self.distance(&parser)
      try parser.finish()
      return
    }
    guard case .sign(let sign) = token.kind, let comparison = Comparison(rawValue: sign) else {
      throw parser.problem(
        "a claim states something of values, but here is \(token.shown)",
        help: "write one of > < >= <= = between two values, 'rises with shots', or best(…)")
    }
    parser.advance()
    let right = try parser.sum()
    content = .comparison(left, comparison, right)
    marginPosition = parser.position(of: parser.current)
    margins =
      switch comparison {
      case .greater, .less: try Self.distance(&parser)
      case .atLeast, .atMost, .equal:
        try Self.closeness(&parser, comparison, at: comparisonPosition)
      }
    try parser.finish()
  }

  private static func trend(_ token: Token) -> Bool? {
    switch token.kind {
    case .name("rises"): true
    case .name("falls"): false
    default: nil
    }
  }

  /// `best(…)` or `rank-correlation(…) > 0.5`; nil for anything else.
  private static func function(_ parser: inout ExpressionParser) throws(Diagnostic) -> Content? {
    let start = parser.current
    guard case .name(let name) = start.kind, name == "best" || name == "rank-correlation" else {
      return nil
    }
    parser.advance()
    guard parser.take("(") else {
      throw parser.problem("'\(name)' is followed by '(' and values", at: start)
    }
    var values = [try parser.sum()]
    while parser.take(",") { values.append(try parser.sum()) }
    try parser.expect(")", toEnd: "\(name)(…")
    guard name == "rank-correlation" else {
      guard values.count > 1 else {
        throw parser.problem(
          "best() compares the first of several values with the others", at: start,
          help: "write best(exp-1[lora].ood.accuracy, exp-1[vanilla].ood.accuracy)")
      }
      return .best(values)
    }
    guard values.count == 2, case .selection(let first) = values[0],
      case .selection(let second) = values[1]
    else {
      throw parser.problem(
        "rank-correlation() takes two metrics of one experiment", at: start,
        help: "write rank-correlation(exp-1.in-domain.accuracy, exp-1.ood.accuracy) > 0.5")
    }
    let sign = parser.current
    guard parser.take(">") || parser.take("<") else {
      throw parser.problem(
        "a rank correlation is compared by > or <, but here is \(sign.shown)", at: sign)
    }
    return .ranks(first, second, sign.kind == .sign(">") ? .greater : .less, try parser.sum())
  }

  /// The number after `by`.
  private static func distance(
    _ parser: inout ExpressionParser
  ) throws(Diagnostic) -> [Expression] {
    guard parser.current.kind == .name("by") else { return [] }
    parser.advance()
    return [try parser.sum()]
  }

  /// The numbers after `within`, without which no result could support the statement.
  private static func closeness(
    _ parser: inout ExpressionParser, _ comparison: Comparison, at position: SourcePosition
  ) throws(Diagnostic) -> [Expression] {
    guard parser.current.kind == .name("within") else {
      let example =
        comparison == .equal ? "A = B within 2%" : "A \(comparison.rawValue) B within 2%"
      let other = comparison == .atMost ? "<" : ">"
      throw Diagnostic(
        .malformedExpression, at: position,
        "'\(comparison.rawValue)' needs a margin: no interval can show that two values are exactly "
          + "equal",
        help: "write '\(example)' with the largest difference that does not matter"
          + (comparison == .equal ? "" : ", or '\(other)'"))
    }
    parser.advance()
    guard comparison == .equal, parser.take("[") else { return [try parser.sum()] }
    let low = try parser.sum()
    guard parser.take(",") else {
      throw parser.problem(
        "a range has two ends, found \(parser.current.shown)", help: "write within [-2%, 1%]")
    }
    let high = try parser.sum()
    try parser.expect("]", toEnd: "the range")
    return [low, high]
  }

  /// Looks up every name in the experiments of the report.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    var problems: [Diagnostic]
    switch content {
    case .comparison(let left, _, let right):
      problems = left.check(against: catalog) + right.check(against: catalog)
      if problems.isEmpty {
        problems = Expression.checkPairs(left, right, at: comparisonPosition, against: catalog)
      }
    case .best(let values):
      problems = values.flatMap { $0.check(against: catalog) }
    case .trend(let selection, _): problems = checkTrend(selection, against: catalog)
    case .ranks(let first, let second, _, let number):
      problems = checkRanks(first, second, against: catalog) + number.check(against: catalog)
    }
    problems += margins.flatMap { $0.check(against: catalog) }
    if margins.contains(where: { !$0.isNumber }) {
      problems.append(
        Diagnostic(
          .malformedExpression, at: marginPosition,
          "a margin is a number, not results by seed",
          help: "write a number such as 2%, or a summary such as sd(…)"))
    }
    return problems
  }

  private func checkTrend(
    _ selection: ResultSelection, against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    if let shots = selection.shots {
      return [
        Diagnostic(
          .malformedExpression, at: shots.position,
          "a trend is over all numbers of examples", help: "leave the number of shots out")
      ]
    }
    // A mean of all numbers is checked like a trend over them.
    let problems = Expression.summary(.mean, .selection(selection), at: comparisonPosition)
      .check(against: catalog)
    guard problems.isEmpty,
      let shape = catalog.shapes.first(where: { $0.label == selection.experiment.value })
    else { return problems }
    if selection.method == nil, shape.methods.count > 1 {
      return Expression.selection(selection).check(against: catalog).prefix(1).map(\.self)
    }
    guard shape.shots.count(where: { $0 > 0 }) < 2 else { return [] }
    return [
      Diagnostic(
        .unknownSelector, at: selection.experiment.position,
        "'\(shape.label)' has one number of examples, and a trend needs two")
    ]
  }

  private func checkRanks(
    _ first: ResultSelection, _ second: ResultSelection, against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    guard first.experiment.value == second.experiment.value,
      first.shots?.value == second.shots?.value,
      first.method == nil, second.method == nil
    else {
      return [
        Diagnostic(
          .malformedExpression, at: second.experiment.position,
          "a rank correlation is over all methods of one experiment, for two metrics",
          help: "write rank-correlation(exp-1.in-domain.accuracy, exp-1.ood.accuracy) > 0.5")
      ]
    }
    return [first, second].flatMap {
      Expression.summary(.mean, .selection($0), at: comparisonPosition).check(against: catalog)
    }
  }
}

extension Assertion {
  /// Every value compared, from left to right.
  var sides: [Expression] {
    switch content {
    case .comparison(let left, _, let right): [left, right]
    case .best(let values): values
    case .trend(let selection, _): [.selection(selection)]
    case .ranks(let first, let second, _, let number):
      [.selection(first), .selection(second), number]
    }
  }

  /// Selections of everything compared.
  var selections: [ResultSelection] { sides.flatMap(\.selections) }

  /// What differences are measured in.
  var unit: MetricPath.Unit {
    switch content {
    case .comparison(let left, _, let right): left.isLiteral ? right.unit : left.unit
    case .best(let values): values.first?.unit ?? .plain
    case .trend(let selection, _): selection.metric.value.unit
    case .ranks: .plain
    }
  }

  /// The contrasts it rests on, all of which must agree.
  func forms(among names: ContrastNames) -> [ContrastForm] {
    switch content {
    case .comparison(let left, _, let right):
      [ContrastForm(left, minus: right, among: names)]
    case .best(let values):
      values.dropFirst().map { ContrastForm(values[0], minus: $0, among: names) }
    case .trend(let selection, _): [ContrastForm(trendOf: selection, among: names)]
    case .ranks(let first, let second, _, let number):
      [ContrastForm(ranksOf: first, second, minus: number, among: names)]
    }
  }

  /// What is stated of left minus right, with the margins' values.
  ///
  /// - Parameter values: Of ``margins``.
  /// - Returns: The statement about each contrast.
  func statement(_ values: [Double]) -> Statement {
    let margin = values.first ?? 0
    switch content {
    case .comparison(_, .greater, _): return .above(margin)
    case .comparison(_, .less, _): return .below(-margin)
    case .comparison(_, .atLeast, _): return .above(-margin)
    case .comparison(_, .atMost, _): return .below(margin)
    case .comparison(_, .equal, _):
      return values.count > 1 ? .between(values[0], values[1]) : .between(-margin, margin)
    case .best(let compared):
      let prefersLower = compared.first?.selections.first?.metric.value.prefersLower ?? false
      return prefersLower ? .below(0) : .above(0)
    case .trend(_, let rises): return rises ? .above(margin) : .below(-margin)
    case .ranks(_, _, let comparison, _): return comparison == .less ? .below(0) : .above(0)
    }
  }
}
