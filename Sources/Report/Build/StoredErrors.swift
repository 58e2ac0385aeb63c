extension ErrorList {
  /// The stored errors of a plan's experiment; nil where its examples cannot be read.
  ///
  /// - Parameters:
  ///   - method: A method of the experiment.
  ///   - other: One to compare it with; nil for none.
  ///   - shots: A number of examples that it runs; nil for the most.
  ///   - set: An evaluation set; nil for the first.
  ///   - experiment: Its label.
  ///   - plan: With what is known.
  ///   - workspace: Of the source.
  package init?(
    of method: String, against other: String?, shots: Int?, set: String?, experiment: String,
    in plan: ReportPlan, workspace: Workspace
  ) {
    let frame = ResultFrame(plan: plan, results: plan.known)
    guard let planned = plan.experiments.first(where: { $0.block.label == experiment }),
      let results = frame[experiment], let set = set ?? results.shape.sets.first,
      let shots = shots ?? results.shape.shots.max(),
      let task = TaskFactsReader(folder: workspace.taskFacts).examples(of: planned, in: plan)
    else { return nil }
    self.init(of: method, against: other, shots: shots, on: set, results, task)
  }
}
