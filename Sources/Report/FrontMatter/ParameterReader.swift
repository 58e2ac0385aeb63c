import Experiments
import Formats

/// Settles the parameters of a build from `params`, `variants`, `profiles` and the command line.
struct ParameterReader {
  /// The sets of parameters that one parameter, the selector, chooses among.
  private struct Choice {
    /// The parameter whose value names a set.
    let selector: String
    var sets: [String: [String: OptionValue]] = [:]
    /// Where its value was given.
    var position: SourcePosition

    /// What one of its sets is called in messages.
    var noun: String { selector == ParameterReader.profile ? "profile" : selector }
  }

  private(set) var diagnostics: [Diagnostic] = []
  /// The selector of `profiles`, known wherever profiles are.
  private static let profile = "profile"
  /// A selector's value where nothing is chosen.
  private static let noSet = "default"

  private let position: SourcePosition
  private var declared: [String: OptionValue] = [:]
  private var declaredPositions: [String: SourcePosition] = [:]

  init(position: SourcePosition) { self.position = position }

  /// The value of every parameter.
  ///
  /// The command line wins over the sets that `profiles` and `variants` choose, a profile over a
  /// variant, a later variant over an earlier one, and all of them over `params`.
  mutating func read(
    params: YAMLValue?, variants: YAMLValue?, profiles: YAMLValue?, overrides: ParameterOverrides
  ) -> ParameterSet {
    declared = parameters(params, in: "params")
    var choices = readVariants(variants)
    if let profiles {
      choices.append(choice(of: Self.profile, among: profiles, in: "profiles"))
    }
    var values = declared
    for choice in choices where values[choice.selector] == nil {
      values[choice.selector] = .text(Self.noSet)
    }
    let known = values.keys.sorted()
    var given: [String: OptionValue] = [:]
    for (name, value) in overrides.all {
      if values[name] == nil {
        diagnostics.append(
          unknown(name, known: known, at: value.position, "no parameter is named '\(name)'"))
      } else {
        given[name] = value.value
        for i in choices.indices where choices[i].selector == name {
          choices[i].position = value.position
        }
      }
    }
    for choice in choices {
      values.merge(selected(by: given[choice.selector] ?? values[choice.selector], of: choice)) {
        $1
      }
    }
    values.merge(given) { $1 }
    return ParameterSet(values)
  }

  private mutating func readVariants(_ value: YAMLValue?) -> [Choice] {
    guard let value else { return [] }
    var reader = FieldReader(value, owner: "'variants' map", position: value.position)
    let choices = reader.all().map { field in
      choice(of: field.key, among: field.value, in: "variants.\(field.key)")
    }
    diagnostics += reader.finish()
    return choices
  }

  private mutating func choice(
    of selector: String, among value: YAMLValue, in owner: String
  ) -> Choice {
    var choice = Choice(selector: selector, position: declaredPositions[selector] ?? position)
    var reader = FieldReader(value, owner: "'\(owner)' map", position: value.position)
    for field in reader.all() {
      choice.sets[field.key] = parameters(field.value, in: "\(owner).\(field.key)")
      guard case .map(let fields) = field.value.content else { continue }
      for inner in fields where declared[inner.key] == nil {
        diagnostics.append(
          unknown(
            inner.key, known: declared.keys.sorted(), at: inner.position,
            "the \(choice.noun) '\(field.key)' sets a parameter '\(inner.key)' that 'params' lacks"
          ))
      }
    }
    diagnostics += reader.finish()
    return choice
  }

  private mutating func parameters(_ value: YAMLValue?, in owner: String) -> [String: OptionValue] {
    guard let value else { return [:] }
    var reader = FieldReader(value, owner: "'\(owner)' map", position: value.position)
    var result: [String: OptionValue] = [:]
    for field in reader.all() {
      if owner == "params" { declaredPositions[field.key] = field.value.position }
      guard let option = field.value.optionValue else {
        reader.reportInvalid(
          "\(owner).\(field.key)", field.value, wants: "a scalar or a list of scalars")
        continue
      }
      guard !option.description.contains(bytes: "{{") else {
        reader.report(
          Diagnostic(
            .invalidValue, at: field.value.position,
            "the parameter '\(field.key)' cannot contain '{{'",
            help: "parameters can be used in other values, but not in one another"))
        continue
      }
      result[field.key] = option
    }
    diagnostics += reader.finish()
    return result
  }

  private mutating func selected(
    by value: OptionValue?, of choice: Choice
  ) -> [String: OptionValue] {
    guard !choice.sets.isEmpty, let name = value?.description else { return [:] }
    if let set = choice.sets[name] { return set }
    if name != Self.noSet {
      diagnostics.append(
        Diagnostic(
          .unknownParameter, at: choice.position, "no \(choice.noun) is named '\(name)'",
          help: Suggestion.help(
            for: name, among: choice.sets.keys.sorted(), called: "known \(choice.noun)s")))
    }
    return [:]
  }

  private func unknown(
    _ name: String, known: [String], at position: SourcePosition, _ message: String
  ) -> Diagnostic {
    Diagnostic(
      .unknownParameter, at: position, message,
      help: Suggestion.help(for: name, among: known, called: "known parameters"))
  }
}
