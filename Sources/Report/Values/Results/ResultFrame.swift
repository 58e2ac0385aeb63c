/// Every result of a report by the names its source uses.
package struct ResultFrame: Sendable {
  package let experiments: [ExperimentResults]

  /// What others published, which no experiment of the report measured.
  package let published: [PublishedNumbers]

  package init(_ experiments: [ExperimentResults], published: [PublishedNumbers] = []) {
    self.experiments = experiments
    self.published = published
  }

  package subscript(label: String) -> ExperimentResults? {
    experiments.first { $0.shape.label == label }
  }

  /// Published numbers by the label of their block.
  func published(_ label: String) -> PublishedNumbers? {
    published.first { $0.label == label }
  }

  /// Whether there is anything by that name.
  func holds(_ label: String) -> Bool { self[label] != nil || published(label) != nil }

  package var catalog: ExperimentCatalog {
    ExperimentCatalog(experiments.map(\.shape), published: published)
  }
}
