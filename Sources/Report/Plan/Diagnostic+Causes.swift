import Engine
import Experiments
import Formats

extension Diagnostic {
  /// A broken checkpoint, said where the source names it.
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

  /// A task or its data that cannot be used, said where the source names it.
  init(_ error: TaskError, at position: SourcePosition) {
    let code: DiagnosticCode =
      switch error.reason {
      case .unknownTask: .unknownTask
      case .unknownPattern, .unknownField: .invalidMethodOption
      case .unknownSet, .invalidShots, .invalidDefinition: .invalidValue
      case .missingFile, .unreadableFile: .missingDataFile
      case .emptyFile, .missingColumn, .wrongColumnCount, .malformedRow, .missingMember,
        .invalidUTF8, .emptySet:
        .malformedData
      case .malformedTask: .malformedTask
      case .unknownLabel: .labelOutsideTask
      case .tooFewExamples: .emptyClass
      }
    let place = [error.file, error.line.map(String.init), error.column.map(String.init)]
      .compactMap(\.self).joined(separator: ":")
    self.init(
      code, at: position, place.isEmpty ? error.message : "\(place): \(error.message)",
      help: error.help)
  }
  /// A mistake in a task file, said at its own place.
  init(inTaskFile error: TaskError) {
    self.init(
      .malformedTask,
      at: SourcePosition(file: error.file ?? "", line: error.line ?? 1, column: error.column ?? 1),
      error.message, help: error.help)
  }
}
