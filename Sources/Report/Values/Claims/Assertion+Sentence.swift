import Formats

extension Assertion {
  /// The assertion in words, as Markdown.
  package var sentence: String {
    let relation =
      switch (comparison, margin == nil) {
      case (.greater, true): "is greater than"
      case (.atLeast, true): "is at least"
      case (.less, true): "is less than"
      case (.atMost, true): "is at most"
      case (.greater, false), (.atLeast, false): "is greater than"
      case (.less, false), (.atMost, false): "is less than"
      }
    let unit = left.isLiteral ? right.unit : left.unit
    let isStrict = comparison == .greater || comparison == .less
    let distance = margin.map {
      " by \(isStrict ? "more than" : "at least") \($0.words(unit: unit))"
    }
    let start = left.words(unit: unit)
    let capital = start.prefix(1).uppercased() + start.dropFirst()
    return "\(capital) \(relation) \(right.words(unit: unit))\(distance ?? "")."
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
