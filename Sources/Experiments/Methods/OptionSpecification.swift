/// One option of a method: its name, default and what values it takes.
package struct OptionSpecification: Hashable, Sendable {
  package enum Domain: Hashable, Sendable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case flag
    case choice([String])
    /// A list of words out of these.
    case choices([String])
    case text
  }

  package let name: String
  package let summary: String
  package let domain: Domain
  package let defaultValue: OptionValue

  package init(
    _ name: String, _ domain: Domain, default defaultValue: OptionValue, _ summary: String
  ) {
    self.name = name
    self.domain = domain
    self.defaultValue = defaultValue
    self.summary = summary
  }

  /// The value in its canonical form, or nil when it is not one of the option's.
  func canonical(_ value: OptionValue) -> OptionValue? {
    switch (domain, value) {
    case (.integer(let range), .integer(let number)) where range.contains(number): value
    case (.number(let range), .number(let number)) where range.contains(number): value
    case (.number(let range), .integer(let number)) where range.contains(Double(number)):
      .number(Double(number))
    case (.flag, .flag), (.text, .text): value
    case (.choice(let words), .text(let word)) where words.contains(word): value
    case (.choices(let words), .text(let word)) where words.contains(word): .list([value])
    case (.choices(let words), .list(let items)):
      // In the order of the specification, so that the order written does not reach a key.
      items.allSatisfy { item in words.contains { item == .text($0) } } && !items.isEmpty
        ? .list(words.map(OptionValue.text).filter(items.contains)) : nil
    default: nil
    }
  }

  /// What values the option takes, for a message.
  package var expectation: String {
    switch domain {
    case .integer(let range):
      range.upperBound == .max
        ? "an integer from \(range.lowerBound)"
        : "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      range.upperBound == .infinity
        ? "a number from \(range.lowerBound)"
        : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .choices(let words): "a list out of \(words.joined(separator: ", "))"
    case .text: "text"
    }
  }
}

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

  private func undeclared<Value>(_ name: String) -> Value {
    preconditionFailure("option '\(name)' was not declared with this type")
  }
}
