import Experiments
import Formats

/// Parses expressions by recursive descent.
///
///     assertion  = sum [(">" | ">=" | "<" | "<=") sum ["by" sum]]
///     sum        = product {("+" | "-") product}
///     product    = factor {("*" | "/") factor}
///     factor     = "-" factor | number ["%"] | "(" sum ")" | summary "(" sum ")" | selection
///     selection  = label ["[" item {"," item} "]"] "." metric
///     item       = method | shots | ("method" | "shots" | "seed") "=" value
///     value      = name | number | "min" | "max"  (the last two for shots)
struct ExpressionParser {
  /// Parentheses and minus signs inside one another.
  static let depthLimit = 64

  private let source: SourceText
  private let tokens: [Token]
  private var index = 0
  private var depth = 0

  init(_ source: SourceText) throws(Diagnostic) {
    var lexer = ExpressionLexer(source)
    self.source = source
    tokens = try lexer.tokens()
  }

  var current: Token { tokens[min(index, tokens.count - 1)] }

  mutating func advance() { index += 1 }

  func position(of token: Token) -> SourcePosition { source.position(at: token.offset) }

  /// Takes a sign if it comes next.
  mutating func take(_ sign: String) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    advance()
    return true
  }

  mutating func expect(_ sign: String, toEnd what: String) throws(Diagnostic) {
    guard take(sign) else {
      throw problem("expected '\(sign)' to end \(what), found \(current.shown)")
    }
  }

  func problem(_ message: String, at token: Token? = nil, help: String? = nil) -> Diagnostic {
    Diagnostic(
      .malformedExpression, at: position(of: token ?? current), message, help: help)
  }

  /// Nothing may be left.
  mutating func finish() throws(Diagnostic) {
    guard current.kind == .end else {
      throw problem(
        "\(current.shown) does not continue the expression",
        help: "join values with + - * / and spaces around them")
    }
  }

  mutating func sum() throws(Diagnostic) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw problem("the expression is nested too deep") }
    var result = try product()
    var terms = 0
    while case .sign(let sign) = current.kind, sign == "+" || sign == "-" {
      result = try joined(result, sign, &terms) { (self) throws(Diagnostic) in
        try self.product()
      }
    }
    return result
  }

  private mutating func product() throws(Diagnostic) -> Expression {
    var result = try factor()
    var factors = 0
    while case .sign(let sign) = current.kind, sign == "*" || sign == "/" {
      result = try joined(result, sign, &factors) { (self) throws(Diagnostic) in
        try self.factor()
      }
    }
    return result
  }

  private mutating func joined(
    _ left: Expression, _ sign: String, _ count: inout Int,
    _ operand: (inout Self) throws(Diagnostic) -> Expression
  ) throws(Diagnostic) -> Expression {
    count += 1
    guard count <= Self.depthLimit else { throw problem("the expression is too long") }
    let place = position(of: current)
    advance()
    let right = try operand(&self)
    guard let operation = Expression.Operator(rawValue: sign) else { return left }
    return .arithmetic(operation, left, right, at: place)
  }

  private mutating func factor() throws(Diagnostic) -> Expression {
    let token = current
    switch token.kind {
    case .sign("-"):
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.depthLimit else { throw problem("the expression is nested too deep") }
      advance()
      return .negated(try factor())
    case .sign("("):
      advance()
      let inner = try sum()
      try expect(")", toEnd: "the parenthesis")
      return inner
    case .number(let value):
      advance()
      return .number(take("%") ? value / 100 : value)
    case .name(let name):
      advance()
      guard current.kind == .sign("(") else { return .selection(try selection(name, at: token)) }
      return try summary(name, at: token)
    case .sign, .end:
      throw problem(
        "expected a value, found \(token.shown)",
        help: "a value looks like exp-1[lora,128].ood.accuracy")
    }
  }

  private mutating func summary(_ name: String, at token: Token) throws(Diagnostic) -> Expression {
    guard let summary = Expression.Summary(rawValue: name) else {
      throw problem(
        "there is no function '\(name)'", at: token,
        help: Suggestion.help(
          for: name, among: Expression.Summary.allCases.map(\.rawValue), called: "functions"))
    }
    advance()
    let inner = try sum()
    try expect(")", toEnd: "\(name)(…")
    guard !inner.isNumber else {
      throw problem(
        "\(name)() takes results, not a number", at: token,
        help: "give it a selection such as exp-1[lora,128].ood.accuracy")
    }
    return .summary(summary, inner, at: position(of: token))
  }
}
