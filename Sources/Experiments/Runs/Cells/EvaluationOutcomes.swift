extension EvaluationSet {
  /// The outcomes of this set and of its subsets from one run over its examples.
  ///
  /// A subset repeats the predictions of its rows and carries neither tokens nor seconds of its own,
  /// so sums over a cell's evaluations count each example once.
  ///
  /// - Parameters:
  ///   - predictions: Predicted class of each example, in the set's order.
  ///   - classNames: Names of the task's classes.
  ///   - tokens: Tokens that went through the model.
  ///   - seconds: Wall-clock time of the evaluation.
  /// - Returns: The set first, then its subsets that have examples.
  package func outcomes(
    of predictions: [UInt8], classNames: [String], tokens: Int, seconds: Double
  ) -> [CellResult.Evaluation] {
    let truth = labels
    let whole = CellResult.Evaluation(
      set: name, count: truth.count,
      metrics: Metrics.all(predictions: predictions, labels: truth, classNames: classNames),
      predictions: predictions, tokens: tokens, seconds: seconds)
    let parts = subsets.filter { !$0.indices.isEmpty }.map { subset in
      let predictions = subset.indices.map { predictions[$0] }
      return CellResult.Evaluation(
        set: subset.name, count: subset.indices.count,
        metrics: Metrics.all(
          predictions: predictions, labels: subset.indices.map { truth[$0] },
          classNames: classNames),
        predictions: predictions, tokens: 0, seconds: 0)
    }
    return [whole] + parts
  }
}

extension TaskFacts {
  /// Which examples of a set an evaluation answered rightly, for paired comparisons per item.
  ///
  /// - Parameter evaluation: Of a run on this task.
  /// - Returns: One a prediction; nil where predictions and examples do not belong together.
  package func rightAnswers(_ evaluation: CellResult.Evaluation) -> [Bool]? {
    guard let truth = labels[evaluation.set], truth.count == evaluation.predictions.count else {
      return nil
    }
    return zip(evaluation.predictions, truth).map { $0 == $1 }
  }
}
