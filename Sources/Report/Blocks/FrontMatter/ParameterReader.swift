import Experiments

/// Settles the parameters of a build from `params`, `profiles` and what the command line says.
struct ParameterReader {
  private(set) var diagnostics: [Diagnostic] = []
  /// The parameter that selects a profile, known wherever profiles are.
  static let selector = "profile"
  /// Its value where nothing selects one.
  static let noProfile = "default"

  private var declared: [String: OptionValue] = [:]
  private var profiles: [String: [String: OptionValue]] = [:]
  private var profilePosition: SourcePosition

  init(position: SourcePosition) { profilePosition = position }

  mutating func read(
    params: YAMLValue?, profiles profilesValue: YAMLValue?, overrides: ParameterOverrides
  ) -> ParameterSet {
    declared = parameters(params, in: "params")
    readProfiles(profilesValue)
    var values = declared
    if !profiles.isEmpty, values[Self.selector] == nil {
      values[Self.selector] = .text(Self.noProfile)
    }
    let known = values.keys.sorted()
    var given: [String: OptionValue] = [:]
    for (name, value) in overrides.all {
      if values[name] == nil {
        diagnostics.append(
          unknown(name, known: known, at: value.position, "no parameter is named '\(name)'"))
      } else {
        given[name] = value.value
        if name == Self.selector { profilePosition = value.position }
      }
    }
    values.merge(selectedProfile(given[Self.selector] ?? values[Self.selector])) { $1 }
    values.merge(given) { $1 }
    return ParameterSet(values)
  }

  private mutating func readProfiles(_ value: YAMLValue?) {
    var reader = FieldReader(
      value, owner: "'profiles' map", position: value?.position ?? profilePosition)
    for field in reader.all() {
      let parameters = parameters(field.value, in: "profiles.\(field.key)")
      if case .map(let fields) = field.value.content {
        for inner in fields where declared[inner.key] == nil {
          diagnostics.append(
            unknown(
              inner.key, known: declared.keys.sorted(), at: inner.position,
              "the profile '\(field.key)' sets a parameter '\(inner.key)' that 'params' lacks"))
        }
      }
      profiles[field.key] = parameters
    }
    diagnostics += reader.finish()
  }

  private mutating func parameters(_ value: YAMLValue?, in owner: String) -> [String: OptionValue] {
    guard let value else { return [:] }
    var reader = FieldReader(value, owner: "'\(owner)' map", position: value.position)
    var result: [String: OptionValue] = [:]
    for field in reader.all() {
      if field.key == Self.selector, owner == "params" { profilePosition = field.value.position }
      guard let option = field.value.optionValue else {
        reader.reportInvalid(
          "\(owner).\(field.key)", field.value, wants: "a scalar or a list of scalars")
        continue
      }
      guard !option.description.contains("{{") else {
        reader.report(
          Diagnostic(
            .invalidValue, at: field.value.position,
            "the parameter '\(field.key)' cannot hold '{{'",
            help: "parameters are put into other values, never into one another"))
        continue
      }
      result[field.key] = option
    }
    diagnostics += reader.finish()
    return result
  }

  private mutating func selectedProfile(_ value: OptionValue?) -> [String: OptionValue] {
    guard !profiles.isEmpty, let name = value?.description else { return [:] }
    if let profile = profiles[name] { return profile }
    if name != Self.noProfile {
      diagnostics.append(
        Diagnostic(
          .unknownParameter, at: profilePosition, "no profile is named '\(name)'",
          help: Suggestion.help(
            for: name, among: profiles.keys.sorted(), called: "known profiles")))
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
