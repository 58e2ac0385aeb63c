package import Engine

extension MethodCatalog {
  /// Why an objective and an adaptation cannot be combined, whatever their options; nil if they can.
  static func misfit(
    _ objective: any Objective.Type, _ adaptation: any Adaptation.Type
  ) -> String? {
    switch (objective.isTrained, adaptation.trains) {
    case (false, true): "'\(objective.name)' has no loss to train on; use adaptation 'none'"
    case (true, false):
      "'\(objective.name)' needs something to train; use adaptation 'full' or 'lora'"
    default: nil
    }
  }

  /// Why they cannot be combined with these options.
  static func misfit(
    _ objective: any Objective.Type, _ adaptation: any Adaptation.Type,
    options: ResolvedOptions
  ) -> String? {
    if adaptation.trains, !adaptation.changesModel, !objective.addsParameters(options) {
      return "'\(objective.name)' answers with the model's own words, and '\(adaptation.name)' "
        + "trains no part of the model; use objective 'head', or an adaptation such as 'lora'"
    }
    if objective.changesStates, adaptation.trains, !adaptation.changesModel {
      return "'\(objective.name)' trains the model's states, which '\(adaptation.name)' leaves as "
        + "they are; use adaptation 'full' or 'lora'"
    }
    if BasePrecision(options) != .float32, ContinuedPretraining(options) != nil {
      return "continued pre-training changes the matrices that '\(BasePrecision.option.name)' has "
        + "quantised; leave one of them out"
    }
    return objective.misfit(options)
  }
}

extension MethodCatalog {
  /// Whether a method follows the experiment's pattern: it does unless its preset, or the study it
  /// follows, names one of its own.
  ///
  /// - Parameters:
  ///   - preset: A named method.
  ///   - overrides: Options by name.
  /// - Returns: Whether the experiment's pattern is the method's.
  /// - Throws: ``MethodError`` when there is no such preset.
  package func readsTaskPattern(
    _ preset: String, overrides: [String: OptionValue]
  ) throws(MethodError) -> Bool {
    let defaults = try self.preset(named: preset).defaults
    // An unknown study is reported when the method is built.
    let study = overrides[Compatibility.option]?.changes(of: preset)?.options
    let pattern = study?[PatternChoice.option] ?? defaults[PatternChoice.option]
    return pattern == nil || pattern == PatternChoice.taskDefault
  }

  /// Whether a preset, with the objective that a source may give it, reads a model.
  package func readsModel(
    _ preset: String, overrides: [String: OptionValue]
  ) throws(MethodError) -> Bool {
    var objective = try self.preset(named: preset).objective
    if case .text(let name)? = overrides[MethodPart.objective.rawValue] { objective = name }
    // An unknown one is reported when the method is built.
    return objectives.contains { $0.name == objective && !($0 is any TextObjective.Type) }
  }

  /// Checks, before anything runs, whether a method fits a model.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - description: The model's architecture.
  /// - Throws: ``MethodError``, as for a rank above what the matrices allow.
  package func check(
    _ method: Method, against description: ModelDescription
  ) throws(MethodError) {
    guard method.readsModel else { throw MethodError(.readsNoModel, method: method.name) }
    let objective = try self.objective(named: method.objective).said(of: method.name)
    let adaptation = try self.adaptation(named: method.adaptation).said(of: method.name)
    for options in method.options.candidates {
      let readsMasks = description.isBidirectional && objective.readsMasks(options)
      let pretrains = ContinuedPretraining(options) != nil
      if let reason = description.whyNoWords, objective.readsWords(options), !readsMasks {
        throw MethodError(
          .needsDecoder(objective: method.objective, because: reason), method: method.name)
      }
      if description.isBidirectional, let reason = description.whyNoMaskedWords,
        pretrains || (readsMasks && objective.readsWords(options))
      {
        throw MethodError(.needsMaskedHead(because: reason), method: method.name)
      }
      if !description.isBidirectional, let reason = description.whyNoWords, pretrains {
        throw MethodError(
          .pretrainingNeedsDecoder(because: reason), method: method.name,
          option: ContinuedPretraining.epochs.name)
      }
      if options.value(of: HeadObjective.classifierDropout) != nil,
        description.classifier == nil || method.adaptation == ProbeAdaptation.name
      {
        throw MethodError(
          .noClassifier, method: method.name, option: HeadObjective.classifierDropout.name)
      }
      do throws(MethodError) {
        if method.objective == FeatureObjective.name {
          try FeatureReading(options).check(description)
        }
        try adaptation.init(options).check(description)
      } catch {
        throw error.of(method.name)
      }
    }
  }

  /// The architecture that a method runs on: an encoder has its head for masked words where they are read.
  ///
  /// - Parameters:
  ///   - description: Of the model.
  ///   - objective: Of the method, by name.
  ///   - options: Of the method.
  /// - Returns: The architecture to load.
  package func description(
    _ description: ModelDescription, for objective: String, _ options: ResolvedOptions
  ) -> ModelDescription {
    readsMaskedHead(description, objective, options) ? description.predictingMasks : description
  }

  /// The same of a folder.
  package func folder(
    _ folder: ModelFolder, for objective: String, _ options: ResolvedOptions
  ) -> ModelFolder {
    readsMaskedHead(folder.description, objective, options) ? folder.predictingMasks : folder
  }

  private func readsMaskedHead(
    _ description: ModelDescription, _ name: String, _ options: ResolvedOptions
  ) -> Bool {
    guard description.isBidirectional, case .success(let objective) = objective(named: name) else {
      return false
    }
    return ContinuedPretraining.isAsked(options)
      || options.candidates.contains(where: objective.readsWords)
  }

  /// Checks, before anything runs, whether a method that reads words finds some in a task's patterns.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - task: Whose patterns the method names.
  /// - Throws: ``MethodError`` at the option that names a pattern without label words.
  package func check(_ method: Method, task: TaskDefinition) throws(MethodError) {
    let objective = try objective(named: method.objective).said(of: method.name)
    guard method.options.candidates.contains(where: objective.readsWords) else { return }
    for (option, name) in method.patterns {
      guard let pattern = try? task.pattern(named: name), pattern.labelWords.isEmpty else {
        continue
      }
      throw MethodError(
        .patternHasNoLabelWords(
          name, others: task.patterns.filter { !$0.labelWords.isEmpty }.map(\.name)),
        method: method.name, option: option.name)
    }
  }

  /// Checks, before anything runs, whether a tokenizer distinguishes a method's label words.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - task: Whose patterns the method names.
  ///   - tokenizer: The model's.
  ///   - isEncoder: Whether the words are read at masks.
  /// - Throws: ``MethodError``.
  package func check(
    _ method: Method, task: TaskDefinition, tokenizer: any Tokenizer, isEncoder: Bool
  ) throws(MethodError) {
    let objective = try self.objective(named: method.objective).said(of: method.name)
    guard method.options.candidates.contains(where: { objective.readsWords($0) }) else { return }
    var known: Set<[Int]> = []
    for (option, name) in method.patterns {
      guard let pattern = try? task.pattern(named: name) else { continue }
      do throws(MethodError) {
        if isEncoder {
          _ = try MaskedWords.words(of: pattern, tokenizer: tokenizer)
          guard tokenizer.maskToken != nil else { throw MethodError(.noMaskToken) }
          continue
        }
        guard !pattern.answersInside else {
          throw MethodError(.answersInside(name), option: option.name)
        }
        known.insert(try LabelWords(pattern, tokenizer: tokenizer).ids)
      } catch {
        throw MethodError(error.reason, method: method.name, option: option.name)
      }
    }
    guard method.objective == DistillationObjective.name, known.count > 1,
      method.options.possible(DistillationScope.option).contains(.vocabulary)
    else { return }
    throw MethodError(
      .teacherMismatch(
        teacher: method.options.possible(DistillationTeacher.pattern).joined(separator: ", "),
        why: "its pattern asks for other words than the student's, and the loss is over words"),
      method: method.name, option: DistillationTeacher.pattern.name)
  }
}

extension MethodCatalog {
  /// Texts on which two tokenizers are compared.
  private static let comparedTexts = 64

  /// Checks, before anything runs, whether a teacher reads a task's texts as its student does.
  ///
  /// - Parameters:
  ///   - method: Whose teacher is another checkpoint.
  ///   - teacher: Its tokenizer.
  ///   - student: The model's tokenizer.
  ///   - task: Some of whose texts are compared, as the method's patterns write them.
  /// - Throws: ``MethodError`` naming a text that they split differently.
  package func check(
    _ method: Method, teacher: any Tokenizer, student: any Tokenizer, on task: LoadedTask
  ) throws(MethodError) {
    for (_, name) in method.patterns {
      guard let pattern = try? task.definition.pattern(named: name) else { continue }
      let texts = task.training.prefix(Self.comparedTexts).map(pattern.text(for:))
      guard let why = TeacherSource.misfit(teacher, student, texts: texts) else { continue }
      throw MethodError(
        .teacherMismatch(teacher: method.teacher ?? "", why: why), method: method.name,
        option: DistillationTeacher.option.name)
    }
  }
}

extension MethodError {
  package var isUnknownMethod: Bool {
    if case .unknownMethod = reason { return true }
    return false
  }
}
