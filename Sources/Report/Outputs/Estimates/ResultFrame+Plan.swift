package import Experiments

extension ResultFrame {
  /// The results of a plan by the names its source uses.
  ///
  /// - Parameters:
  ///   - plan: Says which cell stands at which method, number of shots and seed.
  ///   - results: By key; a cell without one has not run.
  package init(plan: ReportPlan, results: [String: CellResult]) {
    self.init(
      plan.experiments.map { experiment in
        ExperimentResults(
          shape: experiment.shape,
          entries: experiment.places.map { place in
            ExperimentResults.Entry(
              method: place.method, shots: place.shots, seed: place.seed,
              result: results[place.key])
          })
      }, published: plan.published)
  }
}
