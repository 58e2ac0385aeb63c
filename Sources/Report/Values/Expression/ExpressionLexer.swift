import Formats

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
