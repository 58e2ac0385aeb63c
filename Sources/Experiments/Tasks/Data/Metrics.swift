import Foundation

/// What an evaluation reports, by name, from predicted and true classes.
package enum Metrics {
  /// Share of right answers, in [0, 1].
  package static let accuracy = "accuracy"
  /// Matthews' correlation coefficient, in [−1, 1]; 0 where it is undefined.
  package static let matthewsCorrelation = "mcc"
  /// Mean F1 over the task's classes, in [0, 1]; a class that neither occurs nor is predicted has 0.
  package static let macroF1 = "macro-f1"
  /// Mean recall of the classes that occur, in [0, 1]: accuracy if every class were as frequent.
  package static let balancedAccuracy = "balanced-accuracy"
  /// Mean of `−ln p` of the true classes, in nats, with p at least ``leastProbability``.
  package static let logLoss = "log-loss"
  /// Mean of `Σₖ (pₖ − yₖ)²`, in [0, 2].
  ///
  /// Brier 1950, "Verification of forecasts expressed in terms of probability", equation 2.
  package static let brier = "brier"
  /// Expected calibration error of the answered class's probability, in [0, 1].
  ///
  /// In 15 bins of equal width; Guo and others 2017, arXiv:1706.04599, equation 3.
  package static let calibrationError = "ece"
  /// Share of the class predicted most often, in [0, 1]; 1 means that every answer was the same.
  package static let collapse = "collapse"
  /// Share of the class that occurs most often: what always answering it would score.
  package static let majority = "majority"
  /// What guessing evenly among the classes scores.
  package static let chance = "chance"
  /// Share of answers that are no class, for methods that may answer with any word.
  static let noLabel = "no-label"
  /// Accuracy of the most likely word of the whole vocabulary.
  package static let vocabularyAccuracy = "vocabulary-accuracy"

  /// Every metric a set may have, for a task with these labels.
  package static func names(labels: [String]) -> [String] {
    [
      accuracy, matthewsCorrelation, macroF1, balancedAccuracy, logLoss, brier, calibrationError,
      collapse, majority, chance, noLabel, vocabularyAccuracy,
    ] + labels.flatMap { [f1(of: $0), precision(of: $0), recall(of: $0)] }
  }

  /// Name of one class's F1: `f1-entailment`.
  package static func f1(of label: String) -> String { "f1-\(label)" }

  /// Name of one class's precision: `precision-entailment`.
  package static func precision(of label: String) -> String { "precision-\(label)" }

  /// Name of one class's recall: `recall-entailment`.
  package static func recall(of label: String) -> String { "recall-\(label)" }

  /// The smallest probability that log loss counts, so that one sure mistake is not infinite.
  static let leastProbability = 1e-7
  private static let bins = 15

  /// The metrics of probabilities.
  ///
  /// - Parameters:
  ///   - probabilities: Of each class, a row an example; empty for methods that give none.
  ///   - labels: True class of each example.
  /// - Returns: Values by metric name; empty without probabilities.
  package static func ofProbabilities(
    _ probabilities: [Float], labels: [UInt8]
  ) -> [String: Double] {
    guard !labels.isEmpty, !probabilities.isEmpty else { return [:] }
    let classes = probabilities.count / labels.count
    precondition(
      classes * labels.count == probabilities.count,
      "\(probabilities.count) probabilities of \(labels.count) examples")
    var (loss, squares) = (0.0, 0.0)
    var gaps = [Double](repeating: 0, count: bins)
    for (row, label) in labels.enumerated() {
      let values = probabilities[(row * classes)..<((row + 1) * classes)].map(Double.init)
      loss -= log(max(values[Int(label)], leastProbability))
      for (k, p) in values.enumerated() {
        let target: Double = k == Int(label) ? 1 : 0
        squares += (p - target) * (p - target)
      }
      guard let best = values.indices.max(by: { values[$0] < values[$1] }) else { continue }
      let confidence = values[best]
      let bin = min(bins - 1, max(0, Int((confidence * Double(bins)).rounded(.up)) - 1))
      gaps[bin] += (best == Int(label) ? 1 : 0) - confidence
    }
    let count = Double(labels.count)
    return [
      logLoss: loss / count, brier: squares / count,
      calibrationError: gaps.reduce(0) { $0 + abs($1) } / count,
    ]
  }

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
    return ConfusionMatrix(
      predictions: predictions, labels: labels, classes: classNames.count
    ).values(classNames: classNames)
  }

  /// What each item adds to a metric: right or wrong for accuracy, jackknife values for the others.
  ///
  /// The jackknife value of item i is `n θ − (n − 1) θ₋ᵢ`, with θ₋ᵢ the metric without the item. Tukey
  /// 1958, "Bias and confidence in not-quite large samples".
  ///
  /// - Parameters:
  ///   - metric: One that ``all(predictions:labels:classNames:)`` computes.
  ///   - predictions: Predicted class of each example.
  ///   - labels: True class of each example.
  ///   - classNames: Names of the task's classes.
  /// - Returns: One value an item; nil for fewer than two items and for other metrics.
  /// - Complexity: O(items + kinds of answers · classes²).
  package static func itemScores(
    _ metric: String, predictions: [UInt8], labels: [UInt8], classNames: [String]
  ) -> [Double]? {
    guard labels.count > 1, predictions.count == labels.count else { return nil }
    if metric == accuracy { return zip(predictions, labels).map { $0 == $1 ? 1 : 0 } }
    let matrix = ConfusionMatrix(
      predictions: predictions, labels: labels, classes: classNames.count)
    guard let whole = matrix.values(classNames: classNames)[metric] else { return nil }
    let count = Double(labels.count)
    // Items that were answered alike have the same value.
    var known: [[UInt8]: Double] = [:]
    return zip(predictions, labels).map { prediction, label in
      if let value = known[[prediction, label]] { return value }
      let rest = matrix.removing(label: label, prediction: prediction)
        .values(classNames: classNames)[metric]
      let value = count * whole - (count - 1) * (rest ?? whole)
      known[[prediction, label]] = value
      return value
    }
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

/// How often each class was answered with each class.
struct ConfusionMatrix: Hashable {
  let classes: Int
  /// Examples by true and predicted class, `[classes, classes + 1]`, row-major.
  ///
  /// The last column counts
  /// predictions that are no class, as when a language model answers with no label word.
  private var counts: [Int]

  init(predictions: [UInt8], labels: [UInt8], classes: Int) {
    precondition(
      predictions.count == labels.count,
      "\(predictions.count) predictions for \(labels.count) labels")
    self.classes = classes
    counts = Array(repeating: 0, count: classes * (classes + 1))
    for (prediction, label) in zip(predictions, labels) {
      precondition(label < classes, "label \(label) of \(classes) classes")
      counts[Int(label) * (classes + 1) + min(Int(prediction), classes)] += 1
    }
  }

  /// Without one example of a class that was answered so.
  func removing(label: UInt8, prediction: UInt8) -> ConfusionMatrix {
    var rest = self
    rest.counts[Int(label) * (classes + 1) + min(Int(prediction), classes)] -= 1
    return rest
  }

  /// Every metric by name, for at least one example.
  func values(classNames: [String]) -> [String: Double] {
    let total = Double(total)
    let scores = (0..<classes).map(f1)
    var values = [
      Metrics.accuracy: Double(correct) / total,
      Metrics.matthewsCorrelation: matthewsCorrelation,
      Metrics.macroF1: scores.reduce(0, +) / Double(classes),
      Metrics.collapse: Double((0...classes).map(predicted).reduce(0, max)) / total,
      Metrics.majority: Double((0..<classes).map(actual).reduce(0, max)) / total,
      Metrics.chance: Metrics.chance(classes: classes),
      Metrics.noLabel: Double(predicted(classes)) / total,
    ]
    var recalls: [Double] = []
    for (label, name) in classNames.enumerated() {
      let (right, occurs) = (Double(self[label, label]), actual(label))
      let recall = occurs == 0 ? 0 : right / Double(occurs)
      if occurs > 0 { recalls.append(recall) }
      let answered = predicted(label)
      values[Metrics.f1(of: name)] = scores[label]
      values[Metrics.precision(of: name)] = answered == 0 ? 0 : right / Double(answered)
      values[Metrics.recall(of: name)] = recall
    }
    values[Metrics.balancedAccuracy] = recalls.reduce(0, +) / Double(max(1, recalls.count))
    return values
  }

  var total: Int { counts.reduce(0, +) }
  var correct: Int { (0..<classes).reduce(0) { $0 + self[$1, $1] } }

  /// Examples of class `label` predicted as `prediction`.
  subscript(label: Int, prediction: Int) -> Int { counts[label * (classes + 1) + prediction] }

  /// Examples that truly are of a class.
  func actual(_ label: Int) -> Int { (0...classes).reduce(0) { $0 + self[label, $1] } }

  /// Examples predicted as a class; `classes` means no class.
  func predicted(_ prediction: Int) -> Int {
    (0..<classes).reduce(0) { $0 + self[$1, prediction] }
  }

  /// Harmonic mean of precision and recall of one class; 0 where neither is defined.
  func f1(of label: Int) -> Double {
    let support = actual(label) + predicted(label)
    return support == 0 ? 0 : 2 * Double(self[label, label]) / Double(support)
  }

  /// Matthews' correlation coefficient over any number of classes; 0 where it is undefined.
  ///
  /// `(c s − Σ tₖ pₖ) / √((s² − Σ pₖ²)(s² − Σ tₖ²))` with `c` correct of `s` examples, `tₖ` true and
  /// `pₖ` predicted counts. Gorodkin 2004, "Comparing two K-category assignments by a K-category
  /// correlation coefficient", equation 8. Predictions of no class count as one more class.
  var matthewsCorrelation: Double {
    let s = Double(total)
    let t = (0..<classes).map { Double(actual($0)) }
    let p = (0...classes).map { Double(predicted($0)) }
    let covariance = Double(correct) * s - zip(t, p).reduce(0) { $0 + $1.0 * $1.1 }
    let spread =
      (s * s - p.reduce(0) { $0 + $1 * $1 }) * (s * s - t.reduce(0) { $0 + $1 * $1 })
    return spread > 0 ? covariance / spread.squareRoot() : 0
  }
}
