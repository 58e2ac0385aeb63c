import Experiments

/// The experiments of a report, as far as they are known before anything runs.
package struct ExperimentCatalog: Sendable {
  package let shapes: [ExperimentShape]
  /// Labels of experiments whose own mistakes are reported already.
  package let unreadable: Set<String>

  package init(_ shapes: [ExperimentShape], unreadable: Set<String> = []) {
    self.shapes = shapes
    self.unreadable = unreadable
  }

  /// The experiment of a label; nil for one that could not be read.
  func lookUp(
    _ label: String, at position: SourcePosition
  ) -> Result<ExperimentShape?, Diagnostic> {
    if let shape = shapes.first(where: { $0.label == label }) { return .success(shape) }
    if unreadable.contains(label) { return .success(nil) }
    return .failure(
      Diagnostic(
        .unknownExperiment, at: position, "there is no experiment '\(label)'",
        help: Suggestion.help(
          for: label, among: shapes.map(\.label), called: "experiments of this report")))
  }
}
