import Testing

@testable import Experiments

@Suite("Metrics")
struct MetricsTests {
  struct Recorded: Sendable {
    let labels: [UInt8]
    let predictions: [UInt8]
    let classes: Int
    let accuracy: Double
    let mcc: Double
    let macroF1: Double
    let f1: [Double]
  }

  /// From scikit-learn 1.9.1: `accuracy_score`, `matthews_corrcoef`, and `f1_score` with
  /// `labels=range(classes), zero_division=0`.
  static let recorded = [
    Recorded(
      labels: [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1],
      predictions: [0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1],
      classes: 2, accuracy: 0.625, mcc: 0.26856632724128343, macroF1: 0.6243478260869566,
      f1: [0.64, 0.6086956521739131]),
    Recorded(
      labels: [
        0, 1, 2, 2, 2, 0, 2, 1, 2, 2, 2, 0, 2, 2, 0, 2, 2, 1, 1, 0, 0, 1, 2, 1, 0, 1, 0, 1, 0, 0,
      ],
      predictions: [
        0, 0, 2, 0, 2, 0, 2, 1, 2, 1, 2, 0, 2, 1, 0, 2, 1, 1, 1, 0, 1, 2, 0, 2, 0, 2, 0, 1, 2, 0,
      ],
      classes: 3, accuracy: 0.6333333333333333, mcc: 0.44519456218399417,
      macroF1: 0.6235334713595583, f1: [0.7619047619047619, 0.5, 0.6086956521739131]),
    Recorded(
      labels: [0, 0, 1, 1, 1], predictions: [1, 1, 1, 1, 1], classes: 2, accuracy: 0.6, mcc: 0,
      macroF1: 0.375, f1: [0, 0.75]),
    Recorded(
      labels: [1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1],
      predictions: [1, 0, 1, 1, 0, 1, 0, 0, 0, 2, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1],
      classes: 2, accuracy: 0.85, mcc: 0.737994956693097, macroF1: 0.8722826086956521,
      f1: [0.875, 0.8695652173913043]),
    Recorded(
      labels: [0, 1, 0, 1], predictions: [1, 0, 1, 0], classes: 2, accuracy: 0, mcc: -1,
      macroF1: 0, f1: [0, 0]),
  ]

  @Test("metrics equal scikit-learn's", arguments: recorded)
  func scikitLearn(recorded: Recorded) throws {
    let names = (0..<recorded.classes).map { "c\($0)" }
    let values = Metrics.all(
      predictions: recorded.predictions, labels: recorded.labels, classNames: names)
    let expected =
      [
        "accuracy": recorded.accuracy, "mcc": recorded.mcc, "macro-f1": recorded.macroF1,
      ].merging(zip(names.map { "f1-\($0)" }, recorded.f1)) { $1 }
    for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(abs(try #require(values[name]) - value) < 1e-12, "\(name)")
    }
  }

  /// From scikit-learn 1.8.0: `balanced_accuracy_score`, `precision_score`, `recall_score`, `log_loss`.
  @Test("imbalance and probabilities are measured as by scikit-learn")
  func probabilities() throws {
    let labels: [UInt8] = [0, 0, 0, 1, 2]
    let rows: [Float] = [
      0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 1, 0, 0, 0.125, 0.75, 0.125, 0.5, 0.25, 0.25,
    ]
    let values = Metrics.all(
      predictions: [0, 1, 0, 1, 0], labels: labels, classNames: ["a", "b", "c"]
    ).merging(Metrics.ofProbabilities(rows, labels: labels)) { $1 }
    let expected = [
      "balanced-accuracy": 5.0 / 9, "precision-a": 2.0 / 3, "recall-a": 2.0 / 3,
      "precision-b": 0.5, "recall-b": 1, "precision-c": 0, "recall-c": 0,
      "log-loss": 0.75068, "brier": 0.44375,
      // Bins of 0.5 (one of three right), 0.75 and 1.
      "ece": (0.5 + 0.25) / 5,
    ]
    for (name, value) in expected {
      #expect(abs(try #require(values[name]) - value) < 1e-4, "\(name)")
    }
    #expect(Metrics.ofProbabilities([], labels: labels).isEmpty)
  }

  @Test("baselines come from the labels, collapse and no-label from the predictions")
  func shares() {
    let values = Metrics.all(
      predictions: [1, 1, 1, 255], labels: [0, 0, 0, 1], classNames: ["a", "b"])
    #expect(values["majority"] == 0.75)
    #expect(values["chance"] == 0.5)
    #expect(values["collapse"] == 0.75)
    #expect(values["no-label"] == 0.25)
    #expect(values["accuracy"] == 0)
  }

  @Test("nothing to score gives no metrics")
  func empty() {
    #expect(Metrics.all(predictions: [], labels: [], classNames: ["a", "b"]).isEmpty)
    #expect(Metrics.majority(of: []) == 0)
  }

  @Test("a subset is summed up from the set's own predictions, and costs nothing")
  func subsets() throws {
    let set = EvaluationLimitTests.set
    let predictions = set.examples.indices.map { UInt8($0 % 2) }
    let outcomes = set.outcomes(
      of: predictions, classNames: ["a", "b"], tokens: 99, seconds: 2)
    #expect(outcomes.map(\.set) == ["ood", "ood-b"])
    #expect(outcomes.map(\.count) == [120, 30])
    #expect(outcomes.map(\.tokens) == [99, 0])
    #expect(outcomes[1].predictions == Array(repeating: 0, count: 30))
    #expect(outcomes[1].metrics["accuracy"] == 2.0 / 3)
  }
}
