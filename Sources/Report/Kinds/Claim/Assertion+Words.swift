import Formats

extension Assertion {
  /// The assertion in words, as Markdown.
  var sentence: String {
    let start = words
    return start.prefix(1).uppercased() + start.dropFirst() + "."
  }

  private var words: String {
    switch content {
    case .comparison(let left, let comparison, let right):
      return "\(left.words(unit: unit)) \(relation(comparison, right))"
    case .best(let values):
      let others = values.dropFirst().map { $0.words(unit: unit) }
      return "\(values.first?.words(unit: unit) ?? "") is better than \(Words.list(others))"
    case .trend(let selection, let rises):
      let margin = margins.first.map {
        " by more than \($0.words(unit: unit)) a doubling"
      }
      return "\(selection.words) \(rises ? "rises" : "falls") with the number of examples"
        + (margin ?? "")
    case .ranks(let first, let second, let comparison, let number):
      return "the rank correlation of \(first.words) and \(second.words) is "
        + "\(comparison == .less ? "less" : "greater") than \(number.words(unit: .plain))"
    }
  }

  private func relation(_ comparison: Comparison, _ right: Expression) -> String {
    let other = right.words(unit: unit)
    let margin = margins.first.map { $0.words(unit: unit) } ?? ""
    switch comparison {
    case .greater, .less:
      return "is \(comparison == .less ? "less" : "greater") than \(other)"
        + (margins.isEmpty ? "" : " by more than \(margin)")
    case .atLeast: return "is at least \(other), or less by no more than \(margin)"
    case .atMost: return "is at most \(other), or greater by no more than \(margin)"
    case .equal:
      guard margins.count > 1 else { return "equals \(other) within \(margin)" }
      return "lies between \(margin) and \(margins[1].words(unit: unit)) of \(other)"
    }
  }
}
extension Expression {
  /// The expression in words; literals are written in the unit of what they meet.
  fileprivate func words(unit: MetricPath.Unit) -> String {
    switch self {
    case .number(let value):
      return switch unit {
      case .share: ValueFormat(.percent).string(value)
      case .count: ValueFormat(.integer).string(value)
      case .bytes: ValueFormat(.bytes).string(value)
      case .seconds: ValueFormat(.seconds).string(value)
      case .plain, .nats: value == value.rounded() ? "\(Int64(clamping: value))" : "\(value)"
      }
    case .selection(let selection): return selection.words
    case .negated(let inner): return "minus \(inner.words(unit: unit))"
    case .summary(let summary, let inner, _):
      let name =
        switch summary {
        case .mean: "mean"
        case .median: "median"
        case .iqm: "interquartile mean"
        case .sd: "standard deviation"
        case .min: "smallest"
        case .max: "largest"
        case .count: "number"
        }
      return "the \(name) of \(inner.words(unit: unit))"
    case .arithmetic(let operation, let left, let right, _):
      let sign =
        switch operation {
        case .add: "plus"
        case .subtract: "minus"
        case .multiply: "times"
        case .divide: "divided by"
        }
      let isScaled = operation == .multiply || operation == .divide
      let other: MetricPath.Unit = isScaled ? .plain : unit
      return "\(left.words(unit: other)) \(sign) \(right.words(unit: other))"
    }
  }
}

extension Int64 {
  fileprivate init(clamping value: Double) {
    self = Int64(exactly: value) ?? (value < 0 ? .min : .max)
  }
}

extension ResultSelection {
  fileprivate var words: String {
    var words = "the \(metric.value) of "
    words += method.map { "`\($0.value)`" } ?? "all methods"
    if let shots { words += " at \(shots.value)" }
    if let seed { words += ", seed \(seed.value)" }
    return words + " (*\(experiment.value)*)"
  }
}
