import Experiments
import Formats

/// The experiments of a report, as far as they are known before anything runs.
package struct ExperimentCatalog: Sendable {
  package let shapes: [ExperimentShape]
  /// Numbers that others published, which expressions may name beside experiments.
  package let published: [PublishedNumbers]
  /// Labels of experiments and published numbers whose own mistakes are reported already.
  package let unreadable: Set<String>

  package init(
    _ shapes: [ExperimentShape], published: [PublishedNumbers] = [], unreadable: Set<String> = []
  ) {
    self.shapes = shapes
    self.published = published
    self.unreadable = unreadable
  }

  /// The experiment of a label; nil for one that could not be read.
  func lookUp(
    _ label: String, at position: SourcePosition
  ) -> Result<ExperimentShape?, Diagnostic> {
    if let shape = shapes.first(where: { $0.label == label }) { return .success(shape) }
    if unreadable.contains(label) { return .success(nil) }
    if published.contains(where: { $0.label == label }) {
      return .failure(
        Diagnostic(
          .unknownExperiment, at: position,
          "'\(label)' holds published numbers, which are not an experiment",
          help: "name an experiment here; charts and tables take '\(label)' as 'reference'"))
    }
    return .failure(
      Diagnostic(
        .unknownExperiment, at: position, "there is no experiment '\(label)'",
        help: Suggestion.help(
          for: label, among: shapes.map(\.label) + unreadable.sorted(),
          called: "experiments of this report")))
  }

  /// The published numbers of a label; nil for some that could not be read.
  func lookUpPublished(
    _ label: String, at position: SourcePosition
  ) -> Result<PublishedNumbers?, Diagnostic> {
    if let numbers = published.first(where: { $0.label == label }) { return .success(numbers) }
    if unreadable.contains(label) { return .success(nil) }
    let known = published.map(\.label)
    return .failure(
      Diagnostic(
        .unknownExperiment, at: position, "there are no published numbers '\(label)'",
        help: known.isEmpty
          ? "write a reference block that holds them"
          : Suggestion.help(for: label, among: known, called: "references of this report")))
  }
}
