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
  /// `objective` and `adaptation` may be overridden as well: any sensible combination works. `compat`
  /// takes over a study's settings, which other overrides change again. A list under `grid.NAME` has
  /// the values of `NAME` tried.
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
    var asked = overrides
    let (compatibility, changes) = try Self.compatibility(
      asked.removeValue(forKey: Compatibility.optionName), preset: presetName, method: name)
    var defaults = preset.defaults.merging(changes) { $1 }
    // A preset's pattern suits its own objective: another one starts from its own default.
    if asked["objective"] != nil { defaults["pattern"] = nil }
    let askedObjective = try Self.part("objective", of: &asked, name)
    let studyObjective = try Self.part("objective", of: &defaults, name)
    let objectiveName = askedObjective ?? studyObjective ?? preset.objective
    let adaptationName = try Self.part("adaptation", of: &asked, name) ?? preset.adaptation
    let objective = try objectives.objective(named: objectiveName).said(of: name)
    let adaptation = try adaptations.adaptation(named: adaptationName).said(of: name)
    if let why = Self.misfit(objective, adaptation) {
      throw MethodError(
        .senseless(objective: objectiveName, adaptation: adaptationName, why: why), method: name)
    }
    var values: [String: OptionValue]
    do throws(MethodError) {
      values = try OptionResolution(
        objective.options + adaptation.options
          + (adaptation.trains
            ? TrainingOptions.specifications + [ModelSelection.specification] : [])
          + [HeldOutExamples.specification] + ContinuedPretraining.specifications
      ).values(defaults: defaults, asked: asked, freezesMatrices: adaptation.freezesMatrices)
    } catch {
      throw error.of(name)
    }
    for key in ["pattern", DistillationTeacher.patternName]
    where values[key] == .text(PatternChoice.taskDefault) {
      values[key] = .text(task.defaultPattern)
    }
    let options = ResolvedOptions(values)
    for candidate in options.candidates {
      guard let why = Self.misfit(objective, adaptation, options: candidate) else { continue }
      throw MethodError(
        .senseless(objective: objectiveName, adaptation: adaptationName, why: why), method: name)
    }
    return Method(
      name: name, preset: presetName, compatibility: compatibility, objective: objectiveName,
      adaptation: adaptationName, options: options,
      usesSample: adaptation.trains || objective.usesSample(options)
        || HeldOutExamples.isRead(options) || ContinuedPretraining.isAsked(options),
      trains: adaptation.trains)
  }

  private static func part(
    _ key: String, of given: inout [String: OptionValue], _ method: String
  ) throws(MethodError) -> String? {
    guard let value = given.removeValue(forKey: key) else { return nil }
    guard case .text(let name) = value else {
      throw MethodError(
        .invalidValue(value, expectation: "a name"), method: method, option: key)
    }
    return name
  }

  private static func compatibility(
    _ value: OptionValue?, preset: String, method: String
  ) throws(MethodError) -> (Compatibility, [String: OptionValue]) {
    guard let value else { return (.none, [:]) }
    let key = Compatibility.optionName
    guard case .text(let name) = value, let found = Compatibility(rawValue: name) else {
      let names = Compatibility.allCases.map(\.rawValue).joined(separator: ", ")
      throw MethodError(
        .invalidValue(value, expectation: "one of \(names)"), method: method, option: key)
    }
    guard let changes = found.changes(of: preset) else {
      throw MethodError(
        .notInStudy(preset: preset, study: name, covered: found.presets), method: method,
        option: key)
    }
    return (found, changes)
  }
}

extension Result where Failure == MethodError {
  /// The value, or the error said of `method`.
  func said(of method: String) throws(MethodError) -> Success {
    try mapError { $0.of(method) }.get()
  }
}
