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

  var total: Int { counts.reduce(0, +) }
  var correct: Int { (0..<classes).reduce(0) { $0 + self[$1, $1] } }

  /// Examples of class `label` predicted as `prediction`.
  subscript(label: Int, prediction: Int) -> Int { counts[label * (classes + 1) + prediction] }

  /// Examples that truly are of a class.
  func actual(_ label: Int) -> Int { (0...classes).reduce(0) { $0 + self[label, $1] } }

  /// Examples predicted as a class; `classes` stands for no class.
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
