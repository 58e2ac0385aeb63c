/// A method's options with every default filled in.
package struct ResolvedOptions: Hashable, Sendable {
  package let values: [String: OptionValue]

  package init(_ values: [String: OptionValue]) {
    self.values = values
  }

  /// The integer called `name`; asking for an option that was never declared is a programmer's error.
  func integer(_ name: String) -> Int {
    guard case .integer(let value) = values[name] else { return undeclared(name) }
    return value
  }

  func number(_ name: String) -> Double {
    switch values[name] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: undeclared(name)
    }
  }

  func flag(_ name: String) -> Bool {
    guard case .flag(let value) = values[name] else { return undeclared(name) }
    return value
  }

  func text(_ name: String) -> String {
    guard case .text(let value) = values[name] else { return undeclared(name) }
    return value
  }

  func texts(_ name: String) -> [String] {
    guard case .list(let items) = values[name] else { return undeclared(name) }
    return items.map(\.description)
  }

  /// What the word of a choice stands for; one that ``OptionSpecification`` would not have let in is
  /// a programmer's error, as is a type that lacks one of its words.
  func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice {
    let word = text(name)
    guard let choice = Choice(rawValue: word) else {
      preconditionFailure("option '\(name)' cannot be '\(word)'")
    }
    return choice
  }

  /// The same for an option that not every method has; nil where this one lacks it.
  func optionalChoice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
    values[name].map { _ in choice(name) }
  }

  private func undeclared<Value>(_ name: String) -> Value {
    preconditionFailure("option '\(name)' was not declared with this type")
  }
}
