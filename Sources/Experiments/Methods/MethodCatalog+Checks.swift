package import Engine

extension MethodCatalog {
  /// Whether a preset follows the experiment's pattern: it does unless it names one of its own.
  package func readsTaskPattern(_ preset: String) throws(MethodError) -> Bool {
    try self.preset(named: preset).defaults["pattern"] == nil
  }

  /// Tells, before anything runs, whether a method fits a model.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - description: The model's architecture.
  /// - Throws: ``MethodError``, as for a rank above what the matrices allow.
  package func check(
    _ method: Method, against description: ModelDescription
  ) throws(MethodError) {
    let entry = try adaptations.adaptation(named: method.adaptation).said(of: method.name)
    if description.isBidirectional, method.objective != HeadObjective.name {
      throw MethodError(.needsDecoder(objective: method.objective), method: method.name)
    }
    do throws(MethodError) {
      try entry.make(method.options).check(description)
    } catch {
      throw error.of(method.name)
    }
  }

  /// Tells, before anything runs, whether a tokenizer can tell a method's label words apart.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - task: Whose pattern the method names.
  ///   - tokenizer: The model's.
  /// - Throws: ``MethodError``.
  package func check(
    _ method: Method, task: TaskDefinition, tokenizer: any Tokenizer
  ) throws(MethodError) {
    guard method.objective != HeadObjective.name,
      case .text(let name) = method.options.values["pattern"],
      let pattern = try? task.pattern(named: name)
    else { return }
    do throws(MethodError) {
      _ = try LabelWords(pattern, tokenizer: tokenizer)
    } catch {
      throw error.of(method.name)
    }
  }
}

extension MethodError {
  package var isUnknownMethod: Bool {
    if case .unknownMethod = reason { return true }
    return false
  }
}
