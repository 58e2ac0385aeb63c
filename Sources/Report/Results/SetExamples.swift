import Experiments

extension LoadedTask {
  /// The examples of a set in the order of answers, each with a number of its own over all runs.
  func examples(
    of set: String, folds: Int?, run: Int
  ) -> [(place: Int, example: Example)] {
    if let folds, set == Self.validationSet {
      return heldOut(folds: folds, run: run).map { ($0, training[$0]) }
    }
    for evaluation in evaluations {
      let indices =
        evaluation.name == set
        ? Array(evaluation.examples.indices)
        : evaluation.subsets.first { $0.name == set }?.indices
      if let indices { return indices.map { ($0, evaluation.examples[$0]) } }
    }
    return []
  }
}
