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

  /// Requires the end of the text.
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

/// Splits an expression into tokens.
///
/// A minus sign inside a word belongs to it (`in-domain`), so a subtraction has spaces around it.
struct ExpressionLexer {
  private let source: SourceText
  private let bytes: [UInt8]
  private var place = 0

  init(_ source: SourceText) {
    self.source = source
    bytes = Array(source.text.utf8)
  }

  /// Every token and an `end`.
  mutating func tokens() throws(Diagnostic) -> [Token] {
    var tokens: [Token] = []
    while true {
      while place < bytes.count, bytes[place] <= UInt8(ascii: " ") { place += 1 }
      let start = place
      guard place < bytes.count else {
        tokens.append(Token(kind: .end, offset: start))
        return tokens
      }
      tokens.append(Token(kind: try next(), offset: start))
    }
  }

  private mutating func next() throws(Diagnostic) -> Token.Kind {
    let byte = bytes[place]
    if Name.isLetter(byte) { return .name(word()) }
    if Name.isDigit(byte) { return try number() }
    for sign in [">=", "<=", "≥", "≤", "−", "×"] where starts(with: sign) {
      place += sign.utf8.count
      return .sign(["≥": ">=", "≤": "<=", "−": "-", "×": "*"][sign] ?? sign)
    }
    if "+-*/()[],.=<>%".utf8.contains(byte) {
      place += 1
      return .sign(String(decoding: [byte], as: UTF8.self))
    }
    let rest = String(decoding: bytes[place...], as: UTF8.self)
    throw Diagnostic(
      .malformedExpression, at: source.position(at: place),
      "'\(rest.prefix(1))' has no meaning in an expression",
      help: "an expression looks like exp-1[lora,128].ood.accuracy")
  }

  private func starts(with sign: String) -> Bool {
    bytes[place...].starts(with: sign.utf8)
  }

  private mutating func word() -> String {
    let start = place
    while place < bytes.count, Name.isInside(bytes[place]) {
      if bytes[place] == UInt8(ascii: "-") {
        guard place + 1 < bytes.count, Name.isInside(bytes[place + 1]),
          bytes[place + 1] != UInt8(ascii: "-")
        else { break }
      }
      place += 1
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func number() throws(Diagnostic) -> Token.Kind {
    let start = place
    skipDigits()
    if place + 1 < bytes.count, bytes[place] == UInt8(ascii: "."), Name.isDigit(bytes[place + 1]) {
      place += 1
      skipDigits()
    }
    if place < bytes.count, bytes[place] | 0x20 == UInt8(ascii: "e") {
      var digits = place + 1
      if digits < bytes.count, "+-".utf8.contains(bytes[digits]) { digits += 1 }
      if digits < bytes.count, Name.isDigit(bytes[digits]) {
        place = digits
        skipDigits()
      }
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw Diagnostic(
        .malformedExpression, at: source.position(at: start), "the number \(text) is too large")
    }
    return .number(value)
  }

  private mutating func skipDigits() {
    while place < bytes.count, Name.isDigit(bytes[place]) { place += 1 }
  }
}

/// One word or sign of an expression.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case name(String)
    case number(Double)
    case sign(String)
    case end
  }

  let kind: Kind
  /// UTF-8 offset of its first byte.
  let offset: Int

  /// The token in quotes, for messages.
  var shown: String {
    switch kind {
    case .name(let name): "'\(name)'"
    case .number(let value) where value == value.rounded() && abs(value) < 1e15: "'\(Int(value))'"
    case .number(let value): "'\(value)'"
    case .sign(let sign): "'\(sign)'"
    case .end: "the end"
    }
  }
}
