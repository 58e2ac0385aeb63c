import Engine

/// An objective that learns from the texts alone, without a model.
protocol TextObjective: Objective {
  /// Fits a classifier to a sample.
  ///
  /// - Parameters:
  ///   - sample: At least one example.
  ///   - classes: How many there are.
  ///   - seed: Of everything random.
  ///   - ledger: Where its bytes are entered.
  /// - Returns: What answers, and how it was fitted.
  func fitted(
    to sample: [Example], classes: Int, seed: UInt64, in ledger: MemoryLedger
  ) -> any TextClassifier

  /// Bytes that fitting enters in a ledger at most.
  func bytes(for sample: [Example], classes: Int) -> Int
}

/// A fitted classifier of texts.
protocol TextClassifier {
  var solution: Solution { get }
  func predictions(for examples: [Example]) -> Predictions
}

extension TextObjective {
  static var isTrained: Bool { false }
  static func usesSample(_ options: ResolvedOptions) -> Bool { true }
  static func addsParameters(_ options: ResolvedOptions) -> Bool { true }
  static func readsWords(_ options: ResolvedOptions) -> Bool { false }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    throw MethodError(.readsNoModel)
  }
}

extension Example {
  /// Its texts, with a blank between them.
  var text: String { fields.joined(separator: " ") }
}

/// Answers with the most frequent class of the sample, the first of equals.
struct MajorityObjective: TextObjective {
  static let name = "majority"
  static let options: [any DeclaredOption] = []

  init(_ options: ResolvedOptions) {}

  func bytes(for sample: [Example], classes: Int) -> Int {
    classes * MemoryLayout<Double>.stride
  }

  func fitted(
    to sample: [Example], classes: Int, seed: UInt64, in ledger: MemoryLedger
  ) -> any TextClassifier {
    let counts = Tensor<Double>(rows: 1, columns: classes, category: .weights, in: ledger)
    counts.fill { label in Double(sample.count { $0.label == label }) / Double(sample.count) }
    return Fitted(shares: counts.values, sample: sample)
  }

  private struct Fitted: TextClassifier {
    let shares: [Double]
    let solution: Solution
    private let answer: Int

    init(shares: [Double], sample: [Example]) {
      self.shares = shares
      var answer = 0
      for k in shares.indices where shares[k] > shares[answer] { answer = k }
      self.answer = answer
      solution = Solution(
        evaluations: 1, tokens: 0,
        loss: -shares.reduce(0) { $1 > 0 ? $0 + $1 * Double.log($1) : $0 },
        accuracy: shares[answer], parameters: shares.count, setting: nil, secondsOfStates: 0)
    }

    func predictions(for examples: [Example]) -> Predictions {
      Predictions(
        classes: examples.map { _ in UInt8(answer) },
        probabilities: examples.flatMap { _ in shares.map(Float.init) })
    }
  }
}

/// Logistic regression on weighted terms of the texts.
///
/// Words and pairs of words, and two to five characters within words; see ``TermVectorizer``. The penalty
/// is chosen by cross-validation in the sample; see ``PenaltySearch``.
struct TermObjective: TextObjective {
  static let name = "tfidf"
  /// Means that cross-validation chooses.
  private static let chosen = 0.0
  static let c = MethodOption(
    "c", 0...1e9, default: chosen,
    "inverse strength of the L2 penalty; 0 to choose it by cross-validation in the sample")
  static let options: [any DeclaredOption] = [c, ClassWeights.option]

  /// Nil to choose it.
  private let c: Double?
  private let isBalanced: Bool

  init(_ options: ResolvedOptions) {
    c = options.value(of: Self.c).flatMap { $0 == Self.chosen ? nil : $0 }
    isBalanced = options.value(of: ClassWeights.option) == .balanced
  }

  private static func vectorizers(_ sample: [Example]) -> [TermVectorizer] {
    let texts = sample.map(\.text)
    return [TermVectorizer(.words, of: texts), TermVectorizer(.characters, of: texts)]
  }

  func bytes(for sample: [Example], classes: Int) -> Int {
    TermModel.bytes(Self.vectorizers(sample).rows(sample.map(\.text)), classes: classes)
  }

  func fitted(
    to sample: [Example], classes: Int, seed: UInt64, in ledger: MemoryLedger
  ) -> any TextClassifier {
    let vectorizers = Self.vectorizers(sample)
    let rows = vectorizers.rows(sample.map(\.text))
    return TermModel.entering(rows, classes: classes, in: ledger) {
      let labels = sample.map(\.label)
      let outcome = PenaltySearch(
        labels: labels, classes: classes, balanced: isBalanced, seed: seed
      ).solve(rows, c: c)
      let scores = labels.indices.map { outcome.model.scores(rows, $0) }
      return Fitted(
        vectorizers: vectorizers, model: outcome.model,
        solution: Solution(
          evaluations: outcome.model.evaluations, scores: scores, labels: labels,
          parameters: outcome.model.weights.count + outcome.model.intercepts.count,
          setting: c == nil ? "c \(outcome.c)" : nil))
    }
  }

  private struct Fitted: TextClassifier {
    let vectorizers: [TermVectorizer]
    let model: LogisticRegression
    let solution: Solution

    func predictions(for examples: [Example]) -> Predictions {
      var result = Predictions()
      let rows = vectorizers.rows(examples.map(\.text))
      for row in examples.indices {
        result.append(Predictions(scores: model.scores(rows, row)))
      }
      return result
    }
  }
}

/// What models of terms share: how their bytes are entered.
enum TermModel {
  /// Bytes of rows, of their products among each other and of the solver's vectors.
  static func bytes(_ rows: FeatureRows, classes: Int) -> Int {
    let outputs = classes == 2 ? 1 : classes
    let rank = min(rows.count, rows.columns)
    let size = MemoryLayout<Double>.stride
    return (rows.bytes + size - 1) / size * size
      + (2 * rows.count * rank + outputs * (28 * (rank + 1) + rows.columns))
      * size
  }

  static func entering<Result>(
    _ rows: FeatureRows, classes: Int, in ledger: MemoryLedger, _ body: () -> Result
  ) -> Result {
    let entry = Tensor<Double>(
      rows: 1, columns: bytes(rows, classes: classes) / MemoryLayout<Double>.stride,
      category: .workspace, in: ledger)
    return withExtendedLifetime(entry) { body() }
  }
}

extension Solution {
  /// How a model scores its own sample.
  init(
    evaluations: Int, scores: [[Double]], labels: [Int], parameters: Int, setting: String?
  ) {
    var predicted = Predictions()
    for row in scores { predicted.append(Predictions(scores: row)) }
    self.init(
      evaluations: evaluations, tokens: 0, loss: predicted.meanLoss(of: labels),
      accuracy: predicted.accuracy(on: labels), parameters: parameters,
      setting: setting, secondsOfStates: 0)
  }
}
