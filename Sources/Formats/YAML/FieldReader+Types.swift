extension FieldReader {
  /// A scalar of any type, as it is written.
  package mutating func text(_ key: String) -> SourceText? {
    guard let value = value(key) else { return nil }
    return text(of: value, key: key, wants: "text")
  }

  /// A scalar with its place, as a plain string.
  package mutating func string(_ key: String) -> Located<String>? {
    text(key).map { Located($0.text, at: $0.position) }
  }

  /// One scalar or a list of them.
  package mutating func strings(_ key: String) -> [Located<String>]? {
    guard let value = value(key) else { return nil }
    return value.items.compactMap {
      text(of: $0, key: key, wants: "text or a list of texts")
        .map { Located($0.text, at: $0.position) }
    }
  }

  /// The texts of a value that is one scalar or a list of them, each of which may be empty.
  package mutating func texts(of value: YAMLValue, key: String) -> [Located<String>] {
    value.items.compactMap { item in
      guard let text = item.scalar else {
        reportInvalid(key, item, wants: "text or a list of texts")
        return nil
      }
      return Located(text, at: item.position)
    }
  }

  /// `true` or `false`.
  package mutating func flag(_ key: String) -> Located<Bool>? {
    guard let value = value(key) else { return nil }
    if case .flag(let flag) = value.content { return Located(flag, at: value.position) }
    reportInvalid(key, value, wants: "true or false")
    return nil
  }

  /// A whole number of at least `minimum`.
  package mutating func integer(_ key: String, atLeast minimum: Int) -> Located<Int>? {
    guard let value = value(key) else { return nil }
    if case .integer(let integer) = value.content, integer >= minimum {
      return Located(integer, at: value.position)
    }
    reportInvalid(key, value, wants: "a whole number of at least \(minimum)")
    return nil
  }

  /// A finite number strictly between two bounds.
  package mutating func number(
    _ key: String, between low: Double, and high: Double
  ) -> Located<Double>? {
    guard let value = value(key) else { return nil }
    if let number = value.finiteNumber, number > low, number < high {
      return Located(number, at: value.position)
    }
    reportInvalid(key, value, wants: "a number between \(low) and \(high)")
    return nil
  }

  /// One of an enumeration's words.
  package mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) -> Located<Choice>? where Choice.RawValue == String {
    guard let value = value(key) else { return nil }
    return choice(of: value, key: key, type)
  }

  /// One of some words.
  package mutating func choice(_ key: String, among words: [String]) -> Located<String>? {
    guard let value = value(key) else { return nil }
    return choice(of: value, key: key, among: words)
  }

  /// One of an enumeration's words or a list of them; `[]` and `false` are none.
  package mutating func choices<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) -> [Located<Choice>]? where Choice.RawValue == String {
    guard let value = value(key) else { return nil }
    if case .flag(false) = value.content { return [] }
    return value.items.compactMap { choice(of: $0, key: key, type) }
  }

  /// Whole numbers of at least 0: one, a range such as `0..9`, or a list of both.
  package mutating func integers(_ key: String) -> [Located<Int>]? {
    guard let value = value(key) else { return nil }
    let (integers, problems) = IntegerList.read(value, key: key)
    report(problems)
    return problems.isEmpty ? integers : nil
  }

  /// A map within this one; its own diagnostics are to be reported back.
  package mutating func map(_ key: String) -> FieldReader? {
    guard let value = value(key) else { return nil }
    guard case .map = value.content else {
      reportInvalid(key, value, wants: "a map")
      return nil
    }
    return nested(value, owner: "'\(key)' map", position: value.position)
  }

  private mutating func text(of value: YAMLValue, key: String, wants: String) -> SourceText? {
    switch value.content {
    case .list, .map, .null:
      reportInvalid(key, value, wants: wants)
      return nil
    case .text where value.source.text.isEmpty:
      report(
        Diagnostic(.invalidValue, at: value.position, "'\(key)' must not be empty"))
      return nil
    default: return value.source
    }
  }

  private mutating func choice<Choice: RawRepresentable & CaseIterable>(
    of value: YAMLValue, key: String, _ type: Choice.Type
  ) -> Located<Choice>? where Choice.RawValue == String {
    choice(of: value, key: key, among: Choice.allCases.map(\.rawValue)).flatMap { word in
      Choice(rawValue: word.value).map { Located($0, at: word.position) }
    }
  }

  private mutating func choice(
    of value: YAMLValue, key: String, among words: [String]
  ) -> Located<String>? {
    let text = value.source.text
    if words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
      return Located(text, at: value.position)
    }
    let guess = Suggestion.closest(to: text, in: words)
    reportInvalid(
      key, value, wants: "one of \(words.joined(separator: ", "))",
      help: guess.map { "did you mean '\($0)'?" })
    return nil
  }
}

extension YAMLValue {
  /// A whole or broken number that is neither infinite nor NaN.
  package var finiteNumber: Double? {
    switch content {
    case .integer(let value): Double(value)
    case .number(let value) where value.isFinite: value
    default: nil
    }
  }
}
