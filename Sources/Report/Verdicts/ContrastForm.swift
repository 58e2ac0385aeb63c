import Experiments
import Formats

/// What names a contrast wherever it occurs on a page, whichever way round.
struct ContrastKey: Hashable, Sendable, Comparable {
  let words: String

  static func < (a: ContrastKey, b: ContrastKey) -> Bool { a.words < b.words }
}

/// A contrast in the one form that all statements about it share.
///
/// A side is a mean over seeds and items. Constants are boundaries, not sides, so that `a > 0.5` and
/// `a > 0.6` read one interval.
struct ContrastForm: Hashable, Sendable {
  enum Sides: Hashable, Sendable {
    /// Nothing varies: both sides are numbers.
    case constant
    case one(Expression)
    case two(Expression, Expression)
    /// Slope of a metric on log₂ of the examples.
    case trend(ResultSelection)
    /// Spearman's correlation of the orders that two metrics put cells in.
    case ranks(ResultSelection, ResultSelection)
  }

  let sides: Sides
  let key: ContrastKey
  /// Left minus right is `sign · contrast − constant`.
  let sign: Double
  let constant: Expression
  /// Whether nothing in it is subject to chance, as bytes and parameters are not.
  let isExact: Bool
  /// Whether an interval can be given: there is none for a smallest or largest result.
  let isTestable: Bool

  /// The form of left − right.
  init(_ left: Expression, minus right: Expression, among names: ContrastNames) {
    var (left, right) = (left.withoutMean, right.withoutMean)
    var constant = Expression.number(0)
    isExact = (left.selections + right.selections).allSatisfy { names.isExact($0) }
    isTestable = !left.hasUnsureSummary(names) && !right.hasUnsureSummary(names)
    if names.isConstant(right), case .arithmetic(.subtract, let a, let b, _) = left,
      !names.isConstant(a), !names.isConstant(b)
    {
      constant = right
      (left, right) = (a.withoutMean, b.withoutMean)
    }
    switch (names.isConstant(left), names.isConstant(right)) {
    case (true, true):
      sides = .constant
      sign = 1
      self.constant = .arithmetic(.subtract, right, left, at: names.nowhere)
      key = ContrastKey(words: "\(names.words(left)) − \(names.words(right))")
    case (false, true):
      sides = .one(left)
      sign = 1
      self.constant = right
      key = ContrastKey(words: names.words(left))
    case (true, false):
      sides = .one(right)
      sign = -1
      self.constant = .negated(left)
      key = ContrastKey(words: names.words(right))
    case (false, false):
      let (first, second) = (names.words(left), names.words(right))
      self.constant = constant
      if first <= second {
        sides = .two(left, right)
        sign = 1
        key = ContrastKey(words: "\(first) − \(second)")
      } else {
        sides = .two(right, left)
        sign = -1
        key = ContrastKey(words: "\(second) − \(first)")
      }
    }
  }

  /// The form of a trend over the numbers of examples.
  init(trendOf selection: ResultSelection, among names: ContrastNames) {
    sides = .trend(selection)
    sign = 1
    constant = .number(0)
    isExact = false
    isTestable = true
    key = ContrastKey(words: "trend of \(names.words(.selection(selection)))")
  }

  /// The form of a rank correlation minus a constant.
  init(
    ranksOf first: ResultSelection, _ second: ResultSelection, minus constant: Expression,
    among names: ContrastNames
  ) {
    let words = [first, second].map { names.words(.selection($0)) }
    sides = words[0] <= words[1] ? .ranks(first, second) : .ranks(second, first)
    sign = 1
    self.constant = constant
    isExact = false
    isTestable = true
    key = ContrastKey(words: "ranks of \(words.sorted().joined(separator: " and "))")
  }
}

/// What a form must know of a report's experiments: numbers of shots, and who reads examples.
struct ContrastNames {
  private struct Experiment {
    let shape: ExperimentShape
    /// Methods that read no examples, whose cell is the same at every number.
    let withoutSample: Set<String>
  }

  private let experiments: [String: Experiment]
  private let published: Set<String>
  let nowhere = SourcePosition(file: "", line: 0)

  init(_ shapes: [ExperimentShape], withoutSample: [String: Set<String>], published: [String]) {
    experiments = Dictionary(
      shapes.map {
        ($0.label, Experiment(shape: $0, withoutSample: withoutSample[$0.label] ?? []))
      }, uniquingKeysWith: { first, _ in first })
    self.published = Set(published)
  }

  init(_ experiments: [PlannedExperiment], published: [PublishedNumbers]) {
    self.init(
      experiments.map(\.shape),
      withoutSample: Dictionary(
        experiments.map { experiment in
          (
            experiment.shape.label,
            Set(experiment.methods.filter { !$0.usesSample }.map(\.name))
          )
        }, uniquingKeysWith: { first, _ in first }), published: published.map(\.label))
  }

  /// Whether no run has a part in a number: literals, published ones, shares of classes.
  func isConstant(_ expression: Expression) -> Bool {
    if case .summary(let summary, _, _) = expression, summary != .mean { return true }
    return expression.selections.allSatisfy { isConstant($0) }
  }

  private func isConstant(_ selection: ResultSelection) -> Bool {
    if published.contains(selection.experiment.value) { return true }
    guard case .evaluation(_, let metric) = selection.metric.value else { return false }
    return metric == Metrics.majority || metric == Metrics.chance
  }

  /// Whether no seed has a part in a number, because its method reads no examples.
  func isWithoutSeeds(_ selection: ResultSelection) -> Bool {
    let experiment = experiments[selection.experiment.value]
    return selection.method.map { experiment?.withoutSample.contains($0.value) == true } ?? false
  }

  /// Whether a number is known without doubt.
  func isExact(_ selection: ResultSelection) -> Bool {
    if isConstant(selection) { return true }
    switch selection.metric.value {
    case .quantity(.memoryResident): return false
    case .quantity: return [.bytes, .count].contains(selection.metric.value.unit)
    case .evaluation: return false
    }
  }

  /// The same words for all ways to write one thing.
  func words(_ expression: Expression) -> String {
    switch expression {
    case .number(let value): return "\(value)"
    case .selection(let selection): return words(selection)
    case .negated(let inner): return "-(\(words(inner)))"
    case .summary(let summary, let inner, _): return "\(summary.rawValue)(\(words(inner)))"
    case .arithmetic(let operation, let left, let right, _):
      return "(\(words(left)) \(operation.rawValue) \(words(right)))"
    }
  }

  private func words(_ selection: ResultSelection) -> String {
    let experiment = experiments[selection.experiment.value]
    let shape = experiment?.shape
    let method =
      selection.method?.value ?? (shape?.methods.count == 1 ? shape?.methods.first : nil)
    let shots =
      selection.shots.flatMap { $0.value.number(in: shape?.shots ?? []) }
      ?? (shape?.shots.count == 1 ? shape?.shots.first : nil)
    let isSame = method.map { experiment?.withoutSample.contains($0) == true } ?? false
    let place = [
      method ?? "all", isSame ? "no examples" : shots.map { "\($0)" } ?? "all",
      selection.seed.map { "seed \($0.value)" },
    ].compactMap(\.self)
    return "\(selection.experiment.value)[\(place.joined(separator: ", "))]."
      + selection.metric.value.description
  }
}

extension Expression {
  /// A side without the mean around it, which is taken over its seeds in any case.
  fileprivate var withoutMean: Expression {
    if case .summary(.mean, let inner, _) = self { inner } else { self }
  }

  /// Whether a summary other than a mean sums up results that depend on chance.
  fileprivate func hasUnsureSummary(_ names: ContrastNames) -> Bool {
    switch self {
    case .number, .selection: false
    case .negated(let inner), .summary(.mean, let inner, _): inner.hasUnsureSummary(names)
    case .summary(_, let inner, _): !inner.selections.allSatisfy { names.isExact($0) }
    case .arithmetic(_, let left, let right, _):
      left.hasUnsureSummary(names) || right.hasUnsureSummary(names)
    }
  }

  /// One method's cell.
  static func cell(
    _ metric: MetricPath, of method: String, shots: Int, in experiment: String
  ) -> Expression {
    let nowhere = SourcePosition(file: "", line: 0)
    return .selection(
      ResultSelection(
        experiment: Located(experiment, at: nowhere), method: Located(method, at: nowhere),
        shots: Located(.exactly(shots), at: nowhere), seed: nil,
        metric: Located(metric, at: nowhere)))
  }
}
