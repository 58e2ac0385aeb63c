/// The methods a report can name and the parts they are made of.
package struct MethodCatalog: Sendable {
  /// A named method: an objective, an adaptation and the defaults that differ from theirs.
  package struct Preset: Hashable, Sendable {
    package let name: String
    package let title: String
    package let source: String
    package let objective: String
    package let adaptation: String
    package let defaults: [String: OptionValue]
  }

  package let objectives: ObjectiveRegistry
  package let adaptations: AdaptationRegistry
  package let presets: [Preset]

  /// Everything that ships with the program.
  package static let builtin = MethodCatalog(
    objectives: .builtin, adaptations: .builtin, presets: Preset.builtin)

  package var names: [String] { presets.map(\.name) }

  /// Finds a preset by name.
  ///
  /// - Parameter name: As written in a source.
  /// - Returns: The preset.
  /// - Throws: ``MethodError`` with a suggestion when there is none.
  package func preset(named name: String) throws(MethodError) -> Preset {
    guard let preset = presets.first(where: { $0.name == name }) else {
      throw MethodError(.unknownMethod(name, known: names), method: name)
    }
    return preset
  }

  /// Builds a method from a preset and the options a source overrides.
  ///
  /// `objective` and `adaptation` may be overridden as well: any sensible combination works.
  ///
  /// - Parameters:
  ///   - presetName: A named method.
  ///   - name: What the report calls it.
  ///   - overrides: Options by name.
  ///   - task: Decides the default pattern.
  /// - Returns: The method with every option decided.
  /// - Throws: ``MethodError`` for an unknown name, option, value or a senseless combination.
  package func method(
    _ presetName: String, name: String, overrides: [String: OptionValue], task: TaskDefinition
  ) throws(MethodError) -> Method {
    let preset = try preset(named: presetName)
    var defaults = preset.defaults
    // A preset's pattern suits its own objective: another one starts from its own default.
    if overrides["objective"] != nil { defaults["pattern"] = nil }
    var given = defaults.merging(overrides) { $1 }
    let objectiveName = try part("objective", of: &given, default: preset.objective, name)
    let adaptationName = try part("adaptation", of: &given, default: preset.adaptation, name)
    let objective = try objectives.objective(named: objectiveName).said(of: name)
    let adaptation = try adaptations.adaptation(named: adaptationName).said(of: name)
    let trains = adaptation.trains
    if trains != objective.isTrained {
      throw MethodError(
        .senseless(
          objective: objectiveName, adaptation: adaptationName,
          why: trains
            ? "'\(objectiveName)' has no loss to train on; use adaptation 'none'"
            : "'\(objectiveName)' needs something to train; use adaptation 'full' or 'lora'"),
        method: name)
    }
    let specifications =
      objective.options + adaptation.options + (trains ? TrainingOptions.specifications : [])
    let known = specifications.map(\.name)
    // Sorted, so that the first of several mistakes is always the same one.
    for option in given.keys.sorted() where !known.contains(option) {
      throw MethodError(
        .unknownOption(option, known: known + ["objective", "adaptation"]), method: name,
        option: option)
    }
    var values: [String: OptionValue] = [:]
    for specification in specifications {
      let value = given[specification.name] ?? specification.defaultValue
      guard let canonical = specification.canonical(value) else {
        throw MethodError(
          .invalidValue(value, expectation: specification.expectation), method: name,
          option: specification.name)
      }
      values[specification.name] = canonical
    }
    if values["pattern"] == .text(PatternChoice.taskDefault) {
      values["pattern"] = .text(task.defaultPattern)
    }
    let options = ResolvedOptions(values)
    return Method(
      name: name, preset: presetName, objective: objectiveName, adaptation: adaptationName,
      options: options, usesSample: trains || objective.usesSample(options), trains: trains)
  }

  private func part(
    _ key: String, of given: inout [String: OptionValue], default standard: String, _ method: String
  ) throws(MethodError) -> String {
    guard let value = given.removeValue(forKey: key) else { return standard }
    guard case .text(let name) = value else {
      throw MethodError(
        .invalidValue(value, expectation: "a name"), method: method, option: key)
    }
    return name
  }
}

extension Result where Failure == MethodError {
  /// The value, or the error said of `method`.
  func said(of method: String) throws(MethodError) -> Success {
    try mapError { $0.of(method) }.get()
  }
}
