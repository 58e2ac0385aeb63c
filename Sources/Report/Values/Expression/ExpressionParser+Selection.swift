import Experiments
import Formats

extension ExpressionParser {
  private enum Item: String, CaseIterable {
    case method
    case shots
    case seed
  }

  /// The rest of a selection whose label has been read.
  mutating func selection(
    _ label: String, at token: Token
  ) throws(Diagnostic) -> ResultSelection {
    var items = SelectionItems()
    if take("[") {
      repeat { try item(into: &items) } while take(",")
      try expect("]", toEnd: "the selection")
    }
    let dot = current
    var path: [String] = []
    var start: Token?
    while take(".") {
      guard case .name(let name) = current.kind else {
        throw problem(
          "expected a metric after '.', found \(current.shown)",
          help: "write SET.METRIC, and a minus sign with spaces around it")
      }
      start = start ?? current
      path.append(name)
      advance()
    }
    guard let start else {
      throw problem(
        "'\(label)' is followed by no metric", at: dot,
        help: "write \(label)[lora,128].ood.accuracy")
    }
    let text = path.joined(separator: ".")
    guard let metric = MetricPath(text) else {
      throw MetricPath.problem(text, at: position(of: start))
    }
    return ResultSelection(
      experiment: Located(label, at: position(of: token)), method: items.method,
      shots: items.shots, seed: items.seed, metric: Located(metric, at: position(of: start)))
  }

  private struct SelectionItems {
    var method: Located<String>?
    var shots: Located<ShotsChoice>?
    var seed: Located<Int>?
  }

  private mutating func item(into items: inout SelectionItems) throws(Diagnostic) {
    let token = current
    switch token.kind {
    case .number:
      try set(.shots, named: token, in: &items)
    case .name(let name):
      advance()
      guard take("=") else {
        guard items.method == nil else { throw twice(.method, at: token) }
        items.method = Located(name, at: position(of: token))
        return
      }
      guard let item = Item(rawValue: name) else {
        throw problem(
          "a selection has no '\(name)'", at: token,
          help: Suggestion.help(
            for: name, among: Item.allCases.map(\.rawValue), called: "it may have"))
      }
      try set(item, named: token, in: &items)
    case .sign, .end:
      throw problem(
        "expected a method or a number of shots, found \(token.shown)",
        help: "a selection looks like [lora, 128] or [method=lora, shots=128, seed=3]")
    }
  }

  private mutating func set(
    _ item: Item, named name: Token, in items: inout SelectionItems
  ) throws(Diagnostic) {
    let token = current
    switch (item, token.kind) {
    case (.method, .name(let method)):
      guard items.method == nil else { throw twice(item, at: name) }
      items.method = Located(method, at: position(of: token))
    case (.shots, .number(let value)):
      guard items.shots == nil else { throw twice(item, at: name) }
      items.shots = Located(
        .exactly(try whole(value, item, at: token)), at: position(of: token))
    case (.shots, .name(let word)) where ShotsChoice(word: word) != nil:
      guard items.shots == nil else { throw twice(item, at: name) }
      items.shots = ShotsChoice(word: word).map { Located($0, at: position(of: token)) }
    case (.seed, .number(let value)):
      guard items.seed == nil else { throw twice(item, at: name) }
      items.seed = Located(try whole(value, item, at: token), at: position(of: token))
    default:
      let wanted = item == .method ? "a name" : "a whole number"
      throw problem("\(item.rawValue)= takes \(wanted), not \(token.shown)")
    }
    advance()
  }

  private func whole(_ value: Double, _ item: Item, at token: Token) throws(Diagnostic) -> Int {
    guard let integer = Int(exactly: value) else {
      throw problem("\(item.rawValue) must be a whole number, not \(token.shown)", at: token)
    }
    return integer
  }

  private func twice(_ item: Item, at token: Token) -> Diagnostic {
    if item == .method, case .name(let word) = token.kind, ShotsChoice(word: word) != nil {
      return problem(
        "a selection has no '\(word)' by itself", at: token, help: "write shots=\(word)")
    }
    return problem(
      "the selection names \(item.rawValue) twice", at: token,
      help: "by position, a word is the method and a number is the shots")
  }
}
