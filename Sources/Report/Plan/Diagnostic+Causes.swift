import Engine
import Experiments
import Formats

extension ExperimentBlock {
  /// Where a mistake in the files of a task is reported: at the set that it names, or at the data.
  func place(of error: TaskError) -> SourcePosition {
    if case .unknownSet(let name, _) = error.reason,
      let set = evaluation.sets?.first(where: { $0.value == name })
    {
      return set.position
    }
    return data?.position ?? task.position
  }
}

extension Diagnostic {
  /// A broken checkpoint, reported where the source names it.
  init(_ error: CheckpointError, at position: SourcePosition) {
    let code: DiagnosticCode =
      switch error.kind {
      case .missing: .missingModel
      case .unsupported: .unsupportedModel
      case .corrupt, .mismatched, .unwritable: .corruptModel
      }
    let place = error.place.map { ":\($0.line):\($0.column)" } ?? ""
    self.init(code, at: position, "\(error.file)\(place): \(error.message)", help: error.help)
  }

  /// A task or data that cannot be used, reported where the source names it.
  init(_ error: TaskError, at position: SourcePosition) {
    let code: DiagnosticCode =
      switch error.reason {
      case .unknownTask: .unknownTask
      case .unknownPattern, .unknownField: .invalidMethodOption
      case .unknownSet, .invalidShots, .invalidDefinition, .tooManyFields: .invalidValue
      case .missingFile, .unreadableFile: .missingDataFile
      case .emptyFile, .missingColumn, .wrongColumnCount, .malformedRow, .missingMember,
        .invalidUTF8, .emptySet:
        .malformedData
      case .unknownLabel: .labelOutsideTask
      case .tooFewExamples: .emptyClass
      }
    let place = [error.file, error.line.map(String.init), error.column.map(String.init)]
      .compactMap(\.self).joined(separator: ":")
    self.init(
      code, at: position, place.isEmpty ? error.message : "\(place): \(error.message)",
      help: error.help)
  }

  /// A mistake in a method, at the option that it names.
  ///
  /// - Parameters:
  ///   - error: Of a method.
  ///   - request: Where the source names the method.
  ///   - fallback: The option at which a mistake is reported that names none.
  ///   - code: Of the diagnostic.
  init(
    _ error: MethodError, of request: MethodRequest, otherwise fallback: String? = nil,
    code: DiagnosticCode = .invalidMethodOption
  ) {
    let position = [error.option, fallback].lazy.compactMap { $0 }
      .compactMap {
        request.optionPositions[$0] ?? request.optionPositions[MethodGrid.prefix + $0]
      }.first
    self.init(
      code, at: position ?? request.preset.position, error.message, help: error.help)
  }
}
