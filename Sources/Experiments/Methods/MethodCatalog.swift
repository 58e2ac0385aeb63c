import Engine

/// One way of adapting a model: an objective × an adaptation, with all options decided.
package struct Method: Hashable, Sendable {
  /// Its name in the report; never part of a key.
  package let name: String
  /// The named method it started from.
  package let preset: String
  /// The study whose settings it took over; never part of a key, for its options say what they are.
  package let compatibility: Compatibility
  package let objective: String
  package let adaptation: String
  package let options: ResolvedOptions
  /// Whether the result depends on the training examples, and so on shots and seed.
  package let usesSample: Bool
  /// Whether anything is trained, preparations aside.
  package let trains: Bool
  /// Whether a model is read at all, or the texts alone.
  package let readsModel: Bool

  /// Whether the result depends on the seed of initialization, order and dropout.
  package var usesInitialization: Bool { trains || ContinuedPretraining.isAsked(options) }

  /// Whether epochs are chosen on an evaluation set.
  package var selectsInDomain: Bool { ModelSelection(options) == .bestInDomain }

  /// Labelled examples outside the sample that settings or epochs are chosen on.
  package var heldOut: Int { HeldOutExamples.count(options) }

  /// The teacher's checkpoint, as the source names it; nil if the model is its own teacher.
  package var teacher: String? {
    guard let name = options.value(of: DistillationTeacher.option),
      !DistillationTeacher.ownModel.contains(name)
    else { return nil }
    return name
  }

  /// The method with what a model's folder says about states of texts filled in.
  ///
  /// - Parameters:
  ///   - description: Of the model.
  ///   - modules: Of its folder.
  /// - Returns: The method, whose options alone determine what is read.
  /// - Throws: ``MethodError`` for a pooling that is not known.
  func filled(
    for description: ModelDescription, _ modules: SentenceModules?
  ) throws(MethodError) -> Method {
    let values: [String: OptionValue]
    do throws(MethodError) {
      values = try FeatureReading.filled(
        options.values, objective: objective, for: description, modules)
    } catch {
      throw error.of(name)
    }
    return Method(
      name: name, preset: preset, compatibility: compatibility, objective: objective,
      adaptation: adaptation, options: ResolvedOptions(values), usesSample: usesSample,
      trains: trains, readsModel: readsModel)
  }

  /// The patterns its options name, with the option that names each.
  package var patterns: [(option: MethodOption<String>, pattern: String)] {
    let own = options.possible(PatternChoice.option).map { (PatternChoice.option, $0) }
    let teachers = options.possible(DistillationTeacher.pattern)
      .filter { $0 != DistillationTeacher.studentPattern }
    return own + teachers.map { (DistillationTeacher.pattern, $0) }
  }
}

/// The methods a report can name and the parts they are made of.
package struct MethodCatalog: Sendable {
  /// A named method: an objective, an adaptation and the defaults that differ from theirs.
  package struct Preset: Hashable, Sendable {
    package let name: String
    let title: String
    package let source: String
    package let objective: String
    package let adaptation: String
    package let defaults: [String: OptionValue]

    init(
      name: String, title: String, source: String, objective: any Objective.Type,
      adaptation: any Adaptation.Type, defaults: [OptionSetting] = []
    ) {
      self.name = name
      self.title = title
      self.source = source
      self.objective = objective.name
      self.adaptation = adaptation.name
      self.defaults = [String: OptionValue](defaults)
    }
  }

  let objectives: [any Objective.Type]
  let adaptations: [any Adaptation.Type]
  package let presets: [Preset]

  /// Everything that ships with the program.
  package static let builtin = MethodCatalog(
    objectives: [
      HeadObjective.self, VerbalizerObjective.self, DistillationObjective.self,
      PromptObjective.self, FeatureObjective.self, MajorityObjective.self, TermObjective.self,
      NaiveBayesObjective.self, ContrastiveObjective.self,
    ],
    adaptations: [
      FullAdaptation.self, LayersAdaptation.self, LoRAAdaptation.self, BottleneckAdaptation.self,
      BiasesAdaptation.self, RescalingAdaptation.self, PromptAdaptation.self,
      PrefixAdaptation.self, ProbeAdaptation.self, NoAdaptation.self,
    ],
    presets: Preset.builtin)

  init(
    objectives: [any Objective.Type], adaptations: [any Adaptation.Type], presets: [Preset]
  ) {
    for names in [objectives.map { $0.name }, adaptations.map { $0.name }, presets.map(\.name)] {
      precondition(Set(names).count == names.count, "one of \(names) is registered twice")
    }
    self.objectives = objectives
    self.adaptations = adaptations
    self.presets = presets
  }

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

  /// Finds an objective by its name.
  func objective(named name: String) -> Result<any Objective.Type, MethodError> {
    Self.part(.objective, named: name, in: objectives.map { ($0.name, $0) })
  }

  /// Finds an adaptation by its name.
  func adaptation(named name: String) -> Result<any Adaptation.Type, MethodError> {
    Self.part(.adaptation, named: name, in: adaptations.map { ($0.name, $0) })
  }

  private static func part<Part>(
    _ kind: MethodPart, named name: String, in known: [(name: String, part: Part)]
  ) -> Result<Part, MethodError> {
    if let found = known.first(where: { $0.name == name }) { return .success(found.part) }
    return .failure(
      MethodError(
        .invalidValue(
          .text(name), expectation: "one of \(known.map(\.name).joined(separator: ", "))"),
        option: kind.rawValue))
  }

  /// The options of a method made of two parts.
  static func options(
    of objective: any Objective.Type, _ adaptation: any Adaptation.Type
  ) -> OptionResolution {
    OptionResolution(
      objective.options + adaptation.options
        + (adaptation.freezesMatrices && !(objective is any TextObjective.Type)
          ? [BasePrecision.option] : [])
        + (adaptation.trains ? TrainingOptions.options + [ModelSelection.option] : [])
        + [HeldOutExamples.option]
        + (objective is any TextObjective.Type ? [] : ContinuedPretraining.options),
      others: [Compatibility.option.name], freezesMatrices: adaptation.freezesMatrices)
  }

  /// Reads back the options of a method that was resolved before, as a recipe holds them.
  ///
  /// - Parameters:
  ///   - values: All of them, by name.
  ///   - objective: By name.
  ///   - adaptation: By name.
  /// - Returns: The options, every one of which can be read.
  /// - Throws: ``MethodError`` for a part, an option or a value that this program does not know.
  func options(
    _ values: [String: OptionValue], objective: String, adaptation: String
  ) throws(MethodError) -> ResolvedOptions {
    let parts = try (
      self.objective(named: objective).get(), self.adaptation(named: adaptation).get()
    )
    let name = "\(objective) × \(adaptation)"
    let read: [String: OptionValue]
    do throws(MethodError) {
      read = try Self.options(of: parts.0, parts.1).values(defaults: [:], asked: values)
    } catch {
      throw error.of(name)
    }
    if let missing = read.keys.filter({ values[$0] == nil }).min() {
      throw MethodError(.missingOption(missing), method: name, option: missing)
    }
    return ResolvedOptions(read)
  }

  /// Builds a method from a preset and the options a source overrides.
  ///
  /// `objective` and `adaptation` may be overridden as well: any sensible combination works. `compat`
  /// applies a study's settings, which other overrides can change. A list under `grid.NAME` has
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
      asked.removeValue(forKey: Compatibility.option.name), preset: presetName, method: name)
    var defaults = preset.defaults.merging(changes.options) { $1 }
    let askedObjective = try Self.name(of: .objective, in: &asked, name)
    // A preset's pattern suits its own objective: another one starts from its own default.
    if askedObjective != nil { defaults[PatternChoice.option.name] = nil }
    let objectiveName = askedObjective ?? changes.objective?.name ?? preset.objective
    let adaptationName = try Self.name(of: .adaptation, in: &asked, name) ?? preset.adaptation
    let objective = try objective(named: objectiveName).said(of: name)
    let adaptation = try adaptation(named: adaptationName).said(of: name)
    if let why = Self.misfit(objective, adaptation) {
      throw MethodError(
        .senseless(objective: objectiveName, adaptation: adaptationName, why: why), method: name)
    }
    var values: [String: OptionValue]
    do throws(MethodError) {
      values = try Self.options(of: objective, adaptation).values(
        defaults: defaults, asked: asked)
    } catch {
      throw error.of(name)
    }
    for option in [PatternChoice.option, DistillationTeacher.pattern]
    where values[option] == PatternChoice.taskDefault {
      values[option] = task.defaultPattern
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
      trains: adaptation.trains, readsModel: !(objective is any TextObjective.Type))
  }

  private static func name(
    of part: MethodPart, in given: inout [String: OptionValue], _ method: String
  ) throws(MethodError) -> String? {
    guard let value = given.removeValue(forKey: part.rawValue) else { return nil }
    guard case .text(let name) = value else {
      throw MethodError(
        .invalidValue(value, expectation: "a name"), method: method, option: part.rawValue)
    }
    return name
  }

  private static func compatibility(
    _ value: OptionValue?, preset: String, method: String
  ) throws(MethodError) -> (Compatibility, Compatibility.Changes) {
    guard let value else { return (.none, Compatibility.Changes()) }
    let option = Compatibility.option
    guard let found = Compatibility(optionValue: value) else {
      throw MethodError(
        .invalidValue(value, expectation: option.specification.expectation), method: method,
        option: option.name)
    }
    guard let changes = found.changes(of: preset) else {
      throw MethodError(
        .notInStudy(preset: preset, study: found.rawValue, covered: found.presets),
        method: method, option: option.name)
    }
    return (found, changes)
  }
}

extension Result where Failure == MethodError {
  /// The value, or the error with the name of `method`.
  func said(of method: String) throws(MethodError) -> Success {
    try mapError { $0.of(method) }.get()
  }
}
