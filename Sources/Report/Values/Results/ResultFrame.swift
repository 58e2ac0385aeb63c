/// Every result of a report by the names its source uses.
package struct ResultFrame: Sendable {
  package let experiments: [ExperimentResults]

  package init(_ experiments: [ExperimentResults]) { self.experiments = experiments }

  package subscript(label: String) -> ExperimentResults? {
    experiments.first { $0.shape.label == label }
  }

  package var catalog: ExperimentCatalog { ExperimentCatalog(experiments.map(\.shape)) }
}
