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
