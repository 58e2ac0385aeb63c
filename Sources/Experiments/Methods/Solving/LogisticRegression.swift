import Foundation

/// L2-regularized logistic regression, solved as the convex problem it is.
///
/// Minimizes `Σ sᵢ lossᵢ / Σ sᵢ + ‖W‖² / (2 C Σ sᵢ)`, the objective of scikit-learn's
/// `LogisticRegression`: for two classes the binomial loss of one weight vector, for more the
/// multinomial loss of one a class. The intercept is not penalized. `sᵢ` are the examples' weights.
struct LogisticRegression: Sendable {
  /// One row of weights for two classes, else one a class, row-major.
  private(set) var weights: [Double]
  private(set) var intercepts: [Double]
  let columns: Int
  let classes: Int
  /// Evaluations of the objective that the solution took.
  private(set) var evaluations = 0
  /// Mean loss of the examples, in nats.
  private(set) var loss = 0.0

  private var outputs: Int { intercepts.count }

  /// When solving stops: the largest component of the gradient of the objective above.
  enum Tolerance {
    /// For models that are only compared, scikit-learn's default.
    static let comparing = 1e-4
    /// For the model that answers.
    static let final = 1e-7
  }

  private static let mostSteps = 2000

  /// All weights zero.
  init(columns: Int, classes: Int) {
    self.columns = columns
    self.classes = classes
    let outputs = classes == 2 ? 1 : classes
    weights = Array(repeating: 0, count: outputs * columns)
    intercepts = Array(repeating: 0, count: outputs)
  }

  /// The same decisions on rows that these rows were made of.
  ///
  /// - Parameters:
  ///   - columns: Of those rows.
  ///   - map: Turns a row of weights into one of their width.
  /// - Returns: A model of rows of that width.
  func mapped(columns: Int, _ map: (ArraySlice<Double>) -> [Double]) -> LogisticRegression {
    var other = LogisticRegression(columns: columns, classes: classes)
    other.intercepts = intercepts
    other.weights = (0..<outputs).flatMap {
      map(weights[($0 * self.columns)..<(($0 + 1) * self.columns)])
    }
    (other.evaluations, other.loss) = (evaluations, loss)
    return other
  }

  /// Moves the weights to the minimum, from where they are.
  ///
  /// - Parameters:
  ///   - rows: One an example.
  ///   - members: The examples to fit, as numbers of rows.
  ///   - labels: The class of every row.
  ///   - sampleWeights: Of every row; nil for ones.
  ///   - c: The inverse strength of the penalty, as in scikit-learn.
  ///   - tolerance: See ``Tolerance``.
  mutating func fit(
    _ rows: FeatureRows, members: [Int], labels: [Int], sampleWeights: [Double]? = nil, c: Double,
    tolerance: Double = Tolerance.final
  ) {
    precondition(rows.columns == columns, "\(rows.columns) columns for \(columns) weights")
    let sizes = members.map { sampleWeights?[$0] ?? 1 }
    let total = sizes.reduce(0, +)
    guard total > 0 else { return }
    let (outputs, columns, classes) = (outputs, columns, classes)
    let penalty = 1 / (c * total)
    var slopes = [Double](repeating: 0, count: outputs)
    var lastLoss = 0.0
    // Weights first, then intercepts, as the parameters lie in `x`.
    func evaluate(_ x: [Double], _ gradient: inout [Double]) -> Double {
      var sum = 0.0
      var square = 0.0
      for i in 0..<(outputs * columns) {
        gradient[i] = penalty * x[i]
        square += x[i] * x[i]
      }
      for k in 0..<outputs { gradient[outputs * columns + k] = 0 }
      for (member, size) in zip(members, sizes) {
        rows.products(member, with: x, outputs: outputs, into: &slopes)
        for k in 0..<outputs { slopes[k] += x[outputs * columns + k] }
        sum += size * Self.loss(&slopes, label: labels[member], classes: classes)
        for k in 0..<outputs {
          slopes[k] *= size / total
          gradient[outputs * columns + k] += slopes[k]
        }
        rows.add(member, times: slopes, to: &gradient)
      }
      lastLoss = sum / total
      return lastLoss + 0.5 * penalty * square
    }
    var x = weights + intercepts
    evaluations += LimitedMemoryBFGS.minimize(
      &x, tolerance: tolerance, mostSteps: Self.mostSteps, evaluate)
    weights = Array(x[..<(outputs * columns)])
    intercepts = Array(x[(outputs * columns)...])
    loss = lastLoss
  }

  /// The loss of an example; its scores become their derivatives.
  private static func loss(_ scores: inout [Double], label: Int, classes: Int) -> Double {
    guard classes > 2 else {
      let score = label == 1 ? scores[0] : -scores[0]
      let wrong = 1 / (1 + exp(score))
      scores[0] = label == 1 ? -wrong : wrong
      return score > 0 ? log1p(exp(-score)) : log1p(exp(score)) - score
    }
    let largest = scores.max() ?? 0
    let own = scores[label] - largest
    var sum = 0.0
    for k in scores.indices {
      scores[k] = exp(scores[k] - largest)
      sum += scores[k]
    }
    for k in scores.indices { scores[k] /= sum }
    scores[label] -= 1
    return log(sum) - own
  }

  /// A score for each class, whose softmax is the class's probability.
  func scores(_ rows: FeatureRows, _ row: Int) -> [Double] {
    var scores = [Double](repeating: 0, count: outputs)
    rows.products(row, with: weights, outputs: outputs, into: &scores)
    for k in scores.indices { scores[k] += intercepts[k] }
    return classes == 2 ? [-scores[0] / 2, scores[0] / 2] : scores
  }

  /// Weights and intercepts with a row for each class, whose scores are those of ``scores(_:_:)``.
  var perClass: (weights: [Double], intercepts: [Double]) {
    guard classes == 2 else { return (weights, intercepts) }
    return (
      weights.map { -$0 / 2 } + weights.map { $0 / 2 }, [-intercepts[0] / 2, intercepts[0] / 2]
    )
  }
}

/// The method of Liu and Nocedal 1989, "On the limited memory BFGS method for large scale
/// optimization", for smooth convex functions.
enum LimitedMemoryBFGS {
  private static let memory = 10
  /// Least share of the predicted decrease that a step must bring (Armijo's condition).
  private static let leastDecrease = 1e-4
  private static let mostHalvings = 40

  /// Minimizes a function.
  ///
  /// - Parameters:
  ///   - x: Where to begin; the minimum afterwards.
  ///   - tolerance: Stops when no component of the gradient is larger.
  ///   - mostSteps: Stops after so many.
  ///   - evaluate: Writes the gradient and returns the value.
  /// - Returns: How many times the function was evaluated.
  static func minimize(
    _ x: inout [Double], tolerance: Double, mostSteps: Int,
    _ evaluate: ([Double], inout [Double]) -> Double
  ) -> Int {
    let count = x.count
    var gradient = [Double](repeating: 0, count: count)
    var value = evaluate(x, &gradient)
    var evaluations = 1
    var pairs: [(s: [Double], y: [Double], rho: Double)] = []
    var next = x
    var nextGradient = gradient
    for _ in 0..<mostSteps where (gradient.map(abs).max() ?? 0) > tolerance {
      var direction = direction(gradient, pairs)
      var slope = dot(direction, gradient)
      if slope >= 0 {
        // Rounding has spoiled the curvature: begin again along the gradient.
        pairs = []
        direction = gradient.map { -$0 }
        slope = dot(direction, gradient)
      }
      var step = pairs.isEmpty ? min(1, 1 / dot(gradient, gradient).squareRoot()) : 1
      var isLower = false
      for _ in 0..<mostHalvings {
        for i in 0..<count { next[i] = x[i] + step * direction[i] }
        let nextValue = evaluate(next, &nextGradient)
        evaluations += 1
        if nextValue <= value + leastDecrease * step * slope {
          (isLower, value) = (true, nextValue)
          break
        }
        step /= 2
      }
      // Where no step is lower the value is the minimum up to rounding.
      guard isLower else { break }
      var (s, y) = (x, gradient)
      for i in 0..<count {
        s[i] = next[i] - x[i]
        y[i] = nextGradient[i] - gradient[i]
      }
      swap(&x, &next)
      swap(&gradient, &nextGradient)
      let curvature = dot(s, y)
      guard curvature > 1e-300 else { continue }
      pairs.append((s, y, 1 / curvature))
      if pairs.count > memory { pairs.removeFirst() }
    }
    return evaluations
  }

  /// The two loops of the paper's algorithm 7.4 in Nocedal and Wright.
  private static func direction(
    _ gradient: [Double], _ pairs: [(s: [Double], y: [Double], rho: Double)]
  ) -> [Double] {
    var q = gradient.map { -$0 }
    var factors = [Double](repeating: 0, count: pairs.count)
    for (i, pair) in pairs.enumerated().reversed() {
      factors[i] = pair.rho * dot(pair.s, q)
      for j in q.indices { q[j] -= factors[i] * pair.y[j] }
    }
    if let last = pairs.last {
      let scale = 1 / (last.rho * dot(last.y, last.y))
      for j in q.indices { q[j] *= scale }
    }
    for (i, pair) in pairs.enumerated() {
      let factor = factors[i] - pair.rho * dot(pair.y, q)
      for j in q.indices { q[j] += factor * pair.s[j] }
    }
    return q
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
