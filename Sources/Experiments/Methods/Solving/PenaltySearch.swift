import Engine
import Foundation

/// Chooses the strength of the penalty by cross-validation, and solves with it.
struct PenaltySearch: Sendable {
  /// The values of `C` that are tried, from the strongest penalty to the weakest.
  static let grid = (-4...4).map { exponent in
    (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
  }
  /// Where too few examples are there to choose: scikit-learn's default.
  static let usual = 1.0
  static let mostFolds = 5

  let labels: [Int]
  let classes: Int
  /// Of each example; nil for ones.
  let sampleWeights: [Double]?
  let folds: Folds

  /// - Parameters:
  ///   - labels: The class of each example.
  ///   - classes: How many there are.
  ///   - balanced: Whether every class counts the same, whatever its share.
  ///   - seed: Of the folds.
  init(labels: [Int], classes: Int, balanced: Bool, seed: UInt64) {
    self.labels = labels
    self.classes = classes
    sampleWeights = balanced ? ClassWeights.balanced(labels, classes: classes) : nil
    folds = Folds(labels: labels, classes: classes, count: Self.mostFolds, seed: seed)
  }

  /// A solution, and how it was found.
  struct Outcome: Sendable {
    let model: LogisticRegression
    let c: Double
    /// Mean loss of the held-out examples at each value of the grid, in nats; empty without a choice.
    let losses: [Double]
    /// The lowest of them.
    var loss: Double { losses.min() ?? .infinity }
  }

  /// Solves with the `C` whose models give the held-out examples the least log loss; of equals the
  /// strongest penalty is taken.
  ///
  /// - Parameters:
  ///   - rows: One an example.
  ///   - c: A value to use instead; nil to choose one.
  /// - Returns: The solution on all examples.
  func solve(_ rows: FeatureRows, c: Double? = nil) -> Outcome {
    let spanned = SpannedRows(rows)
    let working = spanned?.rows ?? rows
    let losses = c == nil ? heldOutLosses(working) : []
    var chosen = c ?? Self.usual
    if let least = losses.min(), let index = losses.firstIndex(of: least) {
      chosen = Self.grid[index]
    }
    var model = LogisticRegression(columns: working.columns, classes: classes)
    model.fit(
      working, members: Array(labels.indices), labels: labels, sampleWeights: sampleWeights,
      c: chosen)
    let mapped = spanned.map { spanned in
      model.mapped(columns: rows.columns) { spanned.weights($0) }
    }
    return Outcome(model: mapped ?? model, c: chosen, losses: losses)
  }

  /// The loss at each value of the grid; empty where no choice can be made.
  private func heldOutLosses(_ rows: FeatureRows) -> [Double] {
    guard folds.count > 1 else { return [] }
    var losses = [Double](repeating: 0, count: Self.grid.count)
    let total = labels.indices.reduce(0.0) { $0 + (sampleWeights?[$1] ?? 1) }
    for fold in 0..<folds.count {
      let members = labels.indices.filter { folds.number[$0] != fold }
      let heldOut = labels.indices.filter { folds.number[$0] == fold }
      var model = LogisticRegression(columns: rows.columns, classes: classes)
      for (index, c) in Self.grid.enumerated() {
        // From the solution of the stronger penalty, which is near.
        model.fit(
          rows, members: members, labels: labels, sampleWeights: sampleWeights, c: c,
          tolerance: LogisticRegression.Tolerance.comparing)
        for row in heldOut {
          losses[index] +=
            (sampleWeights?[row] ?? 1) * Self.loss(model.scores(rows, row), label: labels[row])
        }
      }
    }
    return losses.map { $0 / total }
  }

  private static func loss(_ scores: [Double], label: Int) -> Double {
    let largest = scores.max() ?? 0
    let sum = scores.reduce(0) { $0 + exp($1 - largest) }
    return log(sum) + largest - scores[label]
  }
}

/// How much each example counts.
enum ClassWeights: String, OptionChoice {
  /// As it is.
  case none
  /// `n / (K nₖ)`, so that every class counts the same.
  case balanced

  static let option = MethodOption<ClassWeights>(
    "class-weights", default: .none, "'balanced' lets every class count the same in the loss"
  ).unlessDefault

  /// `n / (K nₖ)` of each example's class, with `K` the classes that occur.
  static func balanced(_ labels: [Int], classes: Int) -> [Double] {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    let present = counts.count { $0 > 0 }
    return labels.map { Double(labels.count) / Double(present * counts[$0]) }
  }
}
