/// An option of a method: declared once with the type of its values, and read by this key everywhere.
///
/// ```swift
/// static let rank = MethodOption("rank", 1...65_536, default: 8, "r")
/// let rank = options[LoRAAdaptation.rank]
/// ```
package struct MethodOption<Value: OptionConvertible>: DeclaredOption {
  package let specification: OptionSpecification

  /// What sources and recipes call it.
  package var name: String { specification.name }

  private init(
    _ name: String, _ domain: OptionSpecification.Domain, _ defaultValue: Value, _ summary: String,
    _ condition: OptionSpecification.Condition?
  ) {
    specification = OptionSpecification(
      name: name, summary: summary, domain: domain, defaultValue: defaultValue.optionValue,
      condition: condition)
  }

  private init(_ specification: OptionSpecification) {
    self.specification = specification
  }

  /// The same option for a part of a method that starts from another default.
  func defaulting(to value: Value) -> MethodOption {
    var changed = specification
    changed.defaultValue = value.optionValue
    return MethodOption(changed)
  }

  /// The same option, which is in no key while it has its default.
  var unlessDefault: MethodOption {
    var changed = specification
    changed.condition = .unlessDefault(specification)
    return MethodOption(changed)
  }

  /// The option with a value, as presets and studies set it.
  func callAsFunction(_ value: Value) -> OptionSetting {
    OptionSetting(name: name, value: value.optionValue)
  }
}

/// An option of whatever type.
package protocol DeclaredOption: Sendable {
  var specification: OptionSpecification { get }
}

/// A value that a preset or a study gives an option.
struct OptionSetting: Hashable, Sendable {
  let name: String
  let value: OptionValue
}

extension MethodOption where Value == Int {
  init(
    _ name: String, _ range: ClosedRange<Int>, default defaultValue: Int, _ summary: String,
    when condition: OptionSpecification.Condition? = nil
  ) {
    self.init(name, .integer(range), defaultValue, summary, condition)
  }
}

extension MethodOption where Value == Double {
  init(
    _ name: String, _ range: ClosedRange<Double>, default defaultValue: Double, _ summary: String,
    when condition: OptionSpecification.Condition? = nil
  ) {
    self.init(name, .number(range), defaultValue, summary, condition)
  }
}

extension MethodOption where Value == Bool {
  init(_ name: String, default defaultValue: Bool, _ summary: String) {
    self.init(name, .flag, defaultValue, summary, nil)
  }
}

extension MethodOption where Value == String {
  init(_ name: String, default defaultValue: String, _ summary: String) {
    self.init(name, .text, defaultValue, summary, nil)
  }
}

extension MethodOption where Value: OptionChoice {
  init(
    _ name: String, default defaultValue: Value, _ summary: String,
    when condition: OptionSpecification.Condition? = nil
  ) {
    self.init(
      name, .choice(Value.allCases.map(\.rawValue)), defaultValue, summary, condition)
  }
}

extension MethodOption {
  /// An option that lists some of a few words.
  init<Word: OptionChoice>(_ name: String, default defaultValue: Value, _ summary: String)
  where Value == [Word] {
    self.init(name, .choices(Word.allCases.map(\.rawValue)), defaultValue, summary, nil)
  }
}

extension [String: OptionValue] {
  /// Options by name; of several settings of one option the last counts.
  init(_ settings: [OptionSetting]) {
    self.init(settings.map { ($0.name, $0.value) }) { $1 }
  }

  /// What is given for an option; nil where nothing is, or something of another type.
  package subscript<Content>(option: MethodOption<Content>) -> Content? {
    get { self[option.name].flatMap(Content.init(optionValue:)) }
    set { self[option.name] = newValue?.optionValue }
  }
}
