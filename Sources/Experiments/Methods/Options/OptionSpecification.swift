/// An option without the type of its values: its name, default and what values it takes.
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

  /// When an option has an effect, depending on another option's value.
  struct Condition: Hashable, Sendable {
    /// The option that decides.
    let option: String
    private let value: OptionValue
    private let isMetByEqual: Bool

    /// Met by this value only.
    static func equals<Value>(_ option: MethodOption<Value>, _ value: Value) -> Condition {
      Condition(option: option.name, value: value.optionValue, isMetByEqual: true)
    }

    /// Met by every other value.
    static func differs<Value>(_ option: MethodOption<Value>, _ value: Value) -> Condition {
      Condition(option: option.name, value: value.optionValue, isMetByEqual: false)
    }

    /// Met by a value of the option itself that is not its default.
    static func unlessDefault(_ option: OptionSpecification) -> Condition {
      Condition(option: option.name, value: option.defaultValue, isMetByEqual: false)
    }

    func isMet(by given: OptionValue) -> Bool { (given == value) == isMetByEqual }
  }

  package let name: String
  package let summary: String
  package let domain: Domain
  package internal(set) var defaultValue: OptionValue
  /// nil for an option that always has an effect.
  var condition: Condition?

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
  var expectation: String {
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
    case .choices(let words): "a list of \(words.joined(separator: ", "))"
    case .text: "text"
    }
  }
}
