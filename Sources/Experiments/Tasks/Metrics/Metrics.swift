/// What an evaluation reports, by name, from predicted and true classes.
package enum Metrics {
  /// Share of right answers, in [0, 1].
  package static let accuracy = "accuracy"
  /// Matthews' correlation coefficient, in [−1, 1]; 0 where it is undefined.
  package static let matthewsCorrelation = "mcc"
  /// Mean F1 over the task's classes, in [0, 1]; a class that neither occurs nor is predicted has 0.
  package static let macroF1 = "macro-f1"
  /// Share of the class predicted most often, in [0, 1]; 1 means that every answer was the same.
  package static let collapse = "collapse"
  /// Share of the class that occurs most often: what always answering it would score.
  package static let majority = "majority"
  /// What guessing evenly among the classes scores.
  package static let chance = "chance"
  /// Share of answers that are no class, for methods that may answer with any word.
  package static let noLabel = "no-label"
  /// Accuracy of the most likely word of the whole vocabulary.
  package static let vocabularyAccuracy = "vocabulary-accuracy"

  /// Every metric a set may have, for a task with these labels.
  package static func names(labels: [String]) -> [String] {
    [
      accuracy, matthewsCorrelation, macroF1, collapse, majority, chance, noLabel,
      vocabularyAccuracy,
    ] + labels.map(f1(of:))
  }

  /// Name of one class's F1: `f1-entailment`.
  package static func f1(of label: String) -> String { "f1-\(label)" }

  /// Every metric of one evaluation set.
  ///
  /// - Parameters:
  ///   - predictions: Predicted class of each example; a value past the classes is no class, and wrong.
  ///   - labels: True class of each example.
  ///   - classNames: Names of the task's classes.
  /// - Returns: Values by metric name; empty for an empty set.
  package static func all(
    predictions: [UInt8], labels: [UInt8], classNames: [String]
  ) -> [String: Double] {
    guard !labels.isEmpty else { return [:] }
    let classes = classNames.count
    let matrix = ConfusionMatrix(predictions: predictions, labels: labels, classes: classes)
    let total = Double(matrix.total)
    let scores = (0..<classes).map(matrix.f1)
    var values = [
      accuracy: Double(matrix.correct) / total,
      matthewsCorrelation: matrix.matthewsCorrelation,
      macroF1: scores.reduce(0, +) / Double(classes),
      collapse: Double((0...classes).map(matrix.predicted).reduce(0, max)) / total,
      majority: Double((0..<classes).map(matrix.actual).reduce(0, max)) / total,
      chance: chance(classes: classes),
      noLabel: Double(matrix.predicted(classes)) / total,
    ]
    for (name, score) in zip(classNames, scores) { values[f1(of: name)] = score }
    return values
  }

  /// Share of the most frequent class, in [0, 1]; 0 for no examples.
  package static func majority(of labels: [UInt8]) -> Double {
    var counts = [Int](repeating: 0, count: 256)
    for label in labels { counts[Int(label)] += 1 }
    return labels.isEmpty ? 0 : Double(counts.reduce(0, max)) / Double(labels.count)
  }

  /// What guessing evenly among `classes` classes scores, in [0, 1].
  package static func chance(classes: Int) -> Double { 1 / Double(classes) }
}
