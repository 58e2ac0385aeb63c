import Engine
import Foundation

/// A linear support vector machine on words weighted by their naive Bayes log-count ratios.
///
/// `r = ln((p / ‖p‖₁) / (q / ‖q‖₁))` with `p` and `q` one plus how many texts of a class, and of all
/// others, contain a word or pair of words. A machine with squared hinge loss and `C = 1` separates each
/// class from the rest on the rows `f ∘ r`; its weights `w` become `(1 − β) w̄ + β w`, with `w̄` the mean
/// magnitude and `β = 0.25`. Wang and Manning 2012, "Baselines and bigrams", section 2.3, whose values
/// these are. The margins are no probabilities, and none are given.
struct NaiveBayesObjective: TextObjective {
  static let name = "nb-svm"
  static let c = MethodOption(
    "c", 1e-9...1e9, default: 1, "inverse strength of the L2 penalty")
  static let options: [any DeclaredOption] = [c]

  private static let interpolation = 0.25
  private let c: Double

  init(_ options: ResolvedOptions) { c = options[Self.c] }

  private static func vectorizer(_ sample: [Example]) -> TermVectorizer {
    TermVectorizer(.words, .presence, of: sample.map(\.text))
  }

  func bytes(for sample: [Example], classes: Int) -> Int {
    TermModel.bytes([Self.vectorizer(sample)].rows(sample.map(\.text)), classes: classes)
  }

  func fitted(
    to sample: [Example], classes: Int, seed: UInt64, in ledger: MemoryLedger
  ) -> any TextClassifier {
    let vectorizer = Self.vectorizer(sample)
    let texts = sample.map(\.text)
    let rows = [vectorizer].rows(texts)
    return TermModel.entering(rows, classes: classes, in: ledger) {
      let labels = sample.map(\.label)
      // Two classes need one machine, whose other side is its negative.
      let machines = (classes == 2 ? [1] : Array(0..<classes)).map { label in
        Machine(
          texts.map(vectorizer.row), isOwn: labels.map { $0 == label }, columns: rows.columns,
          c: c, interpolation: Self.interpolation)
      }
      let fitted = Fitted(vectorizer: vectorizer, machines: machines)
      return fitted.with(
        Solution(
          evaluations: machines.reduce(0) { $0 + $1.evaluations }, tokens: 0,
          loss: machines.reduce(0) { $0 + $1.loss } / Double(machines.count),
          accuracy: fitted.predictions(for: sample).accuracy(on: labels),
          parameters: machines.reduce(0) { $0 + $1.weights.count + 1 }, setting: nil,
          secondsOfStates: 0))
    }
  }

  struct Fitted: TextClassifier {
    fileprivate let vectorizer: TermVectorizer
    fileprivate let machines: [Machine]
    fileprivate(set) var solution = Solution(
      evaluations: 0, tokens: 0, loss: 0, accuracy: 0, parameters: 0, setting: nil,
      secondsOfStates: 0)

    fileprivate func with(_ solution: Solution) -> Fitted {
      var other = self
      other.solution = solution
      return other
    }

    /// How far an example lies on the side of each machine's class.
    func margins(_ example: Example) -> [Double] {
      let row = vectorizer.row(example.text)
      return machines.map { $0.margin(row) }
    }

    func predictions(for examples: [Example]) -> Predictions {
      let classes = examples.map { example in
        let margins = margins(example)
        guard margins.count > 1 else { return UInt8(margins[0] > 0 ? 1 : 0) }
        var best = 0
        for k in margins.indices where margins[k] > margins[best] { best = k }
        return UInt8(best)
      }
      return Predictions(classes: classes)
    }
  }
}

/// One class against the others.
private struct Machine {
  /// Of the terms themselves, ratios multiplied in.
  let weights: [Double]
  let intercept: Double
  let evaluations: Int
  /// Mean squared hinge loss before interpolation.
  let loss: Double

  typealias Row = [(column: Int32, value: Double)]

  init(_ rows: [Row], isOwn: [Bool], columns: Int, c: Double, interpolation: Double) {
    var counts = (
      own: [Double](repeating: 1, count: columns), rest: [Double](repeating: 1, count: columns)
    )
    for (row, own) in zip(rows, isOwn) {
      for (column, value) in row {
        if own { counts.own[Int(column)] += value } else { counts.rest[Int(column)] += value }
      }
    }
    let sums = (own: counts.own.reduce(0, +), rest: counts.rest.reduce(0, +))
    let ratios = zip(counts.own, counts.rest).map { log(($0 / sums.own) / ($1 / sums.rest)) }
    let scaled = FeatureRows(
      rows.map { $0.map { ($0.column, $0.value * ratios[Int($0.column)]) } }, columns: columns)
    let spanned = SpannedRows(scaled)
    let working = spanned?.rows ?? scaled
    var mean = 0.0
    var x = [Double](repeating: 0, count: working.columns + 1)
    // Divided by C and the number of examples, so that the tolerance means the same for all.
    let penalty = 1 / (c * Double(rows.count))
    evaluations = LimitedMemoryBFGS.minimize(
      &x, tolerance: LogisticRegression.Tolerance.final, mostSteps: 2000
    ) { x, gradient in
      var value = 0.0
      for i in 0..<working.columns {
        gradient[i] = penalty * x[i]
        value += 0.5 * penalty * x[i] * x[i]
      }
      gradient[working.columns] = 0
      var product = [0.0]
      mean = 0
      for row in 0..<working.count {
        working.products(row, with: x, outputs: 1, into: &product)
        let side = isOwn[row] ? 1.0 : -1.0
        let gap = 1 - side * (product[0] + x[working.columns])
        guard gap > 0 else { continue }
        mean += gap * gap / Double(working.count)
        let slope = -2 * gap * side / Double(working.count)
        working.add(row, times: [slope], to: &gradient)
        gradient[working.columns] += slope
      }
      return value + mean
    }
    loss = mean
    intercept = x[working.columns]
    let found = spanned?.weights(x[..<working.columns]) ?? Array(x[..<working.columns])
    let magnitude = found.reduce(0) { $0 + abs($1) } / Double(columns)
    weights = zip(found, ratios).map {
      ((1 - interpolation) * magnitude + interpolation * $0) * $1
    }
  }

  func margin(_ row: Row) -> Double {
    row.reduce(intercept) { $0 + weights[Int($1.column)] * $1.value }
  }
}
