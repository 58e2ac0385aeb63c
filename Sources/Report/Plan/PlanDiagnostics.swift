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
  /// A mistake in a method, at the option that it names.
  ///
  /// - Parameter fallback: The option at which a mistake is reported that names none.
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
