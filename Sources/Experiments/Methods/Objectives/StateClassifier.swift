import Engine
import Foundation

/// A linear classifier of texts' states whose numbers are solved for.
final class StateClassifier {
  private let weight: Tensor<Float>  // [classes, width]
  private let bias: Tensor<Float>  // [1, classes]
  private let ledger: MemoryLedger

  /// A classifier of zeros.
  init(classes: Int, width: Int, in ledger: MemoryLedger) {
    weight = Tensor(rows: classes, columns: width, category: .weights, in: ledger)
    bias = Tensor(rows: 1, columns: classes, category: .weights, in: ledger)
    self.ledger = ledger
    for tensor in [weight, bias] { tensor.fill { _ in 0 } }
  }

  var width: Int { weight.columns }
  var parameterCount: Int { weight.count + bias.count }

  /// By the names under which a head is saved.
  var parameters: [(name: String, tensor: Tensor<Float>)] {
    [("score.weight", weight), ("score.bias", bias)]
  }

  /// Takes a solution, with a row of weights for each class.
  func set(weights: [Double], intercepts: [Double]) {
    weight.fill { Float(weights[$0]) }
    bias.fill { Float(intercepts[$0]) }
  }

  /// Answers states, `[texts, width]`, row-major.
  func predictions(_ states: [Double]) -> Predictions {
    let (weights, biases, classes) = (weight.values, bias.values, weight.rows)
    var result = Predictions()
    for start in stride(from: 0, to: states.count, by: width) {
      let scores = (0..<classes).map { k in
        (0..<width).reduce(Double(biases[k])) {
          $0 + Double(weights[k * width + $1]) * states[start + $1]
        }
      }
      result.append(Predictions(scores: scores))
    }
    return result
  }

  /// What solving takes, whose numbers lie outside the ledger, entered there while it is held.
  ///
  /// - Parameters:
  ///   - examples: Of the sample.
  ///   - layers: Whose states are there at once.
  /// - Returns: What to hold until it is solved.
  func scratch(examples: Int, layers: Int) -> Tensor<Double> {
    let columns = min(width, examples)
    let outputs = weight.rows == 2 ? 1 : weight.rows
    return Tensor<Double>(
      rows: 1,
      columns: examples * (width * (layers + 1) + 2 * columns) + 28 * outputs * (columns + 1),
      category: .workspace, in: ledger)
  }

  /// Rows of length 1; one of zeros stays.
  static func unitRows(_ values: [Double], width: Int) -> [Double] {
    var values = values
    for start in stride(from: 0, to: values.count, by: width) {
      let row = start..<(start + width)
      let length = row.reduce(0) { $0 + values[$1] * values[$1] }.squareRoot()
      if length > 0 { for i in row { values[i] /= length } }
    }
    return values
  }
}

extension Predictions {
  /// The prediction of one example.
  init(scores: [Double]) {
    let largest = scores.max() ?? 0
    let terms = scores.map { exp($0 - largest) }
    let sum = terms.reduce(0, +)
    var best = 0
    for k in scores.indices where scores[k] > scores[best] { best = k }
    self.init(
      classes: [UInt8(best)], probabilities: terms.map { Float($0 / sum) },
      areFinite: scores.allSatisfy(\.isFinite))
  }

  /// Share of right answers, in [0, 1].
  func accuracy(on labels: [Int]) -> Double {
    let right = zip(classes, labels).count { Int($0) == $1 }
    return Double(right) / Double(max(1, labels.count))
  }

  /// Mean of `−ln p` of the true classes, in nats.
  func meanLoss(of labels: [Int]) -> Double {
    let columns = probabilities.count / max(1, labels.count)
    let sum = labels.enumerated().reduce(0.0) { sum, item in
      let p = probabilities[item.offset * columns + item.element]
      return sum - log(max(Double(p), Double(Float.leastNormalMagnitude)))
    }
    return labels.isEmpty ? 0 : sum / Double(labels.count)
  }
}
