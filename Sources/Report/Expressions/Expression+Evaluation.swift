import Experiments
import Formats

/// The value of an expression: one number, or one per seed.
package struct EvaluatedExpression: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    /// Nil if a part is absent or the arithmetic has no finite result.
    case number(Double?)
    case sample([Sample.Point])
  }

  package var value: Value
  /// Cells that should have contributed and did not.
  package var absences: [Sample.Absence] = []
}

extension Expression {
  /// Computes the expression over results; selections meet seed by seed.
  package func evaluated(in frame: ResultFrame) -> EvaluatedExpression {
    switch self {
    case .number(let value): return EvaluatedExpression(value: .number(value))
    case .selection(let selection):
      if let published = frame.published(selection.experiment.value) {
        return EvaluatedExpression(value: published.value(of: selection))
      }
      let results = frame[selection.experiment.value]
      let sample = results?.sample(
        of: selection.metric.value, method: selection.method?.value,
        shots: selection.shots?.value.number(in: results?.shape.shots ?? []),
        seed: selection.seed?.value)
      return EvaluatedExpression(
        value: .sample(sample?.points ?? []), absences: sample?.absences ?? [])
    case .negated(let inner):
      var result = inner.evaluated(in: frame)
      switch result.value {
      case .number(let value): result.value = .number(value.map { -$0 })
      case .sample(let points):
        result.value = .sample(points.map { Sample.Point(seed: $0.seed, value: -$0.value) })
      }
      return result
    case .summary(let summary, let inner, _):
      var result = inner.evaluated(in: frame)
      switch result.value {
      case .sample(let points):
        result.value = .number(summary.value(of: points.map(\.value)))
      case .number(let value):
        // One published number.
        result.value = .number(value.flatMap { summary.value(of: [$0]) })
      }
      return result
    case .arithmetic(let operation, let left, let right, _):
      return Self.combined(
        left.evaluated(in: frame), right.evaluated(in: frame), operation.apply)
    }
  }

  /// Applies an operation to numbers, to a number and each seed, or seed by seed.
  static func combined(
    _ left: EvaluatedExpression, _ right: EvaluatedExpression,
    _ operation: (Double, Double) -> Double
  ) -> EvaluatedExpression {
    let value: EvaluatedExpression.Value
    switch (left.value, right.value) {
    case (.number(let a?), .number(let b?)):
      let result = operation(a, b)
      value = .number(result.isFinite ? result : nil)
    case (.number(nil), _), (_, .number(nil)): value = .number(nil)
    case (.sample(let points), .number(let b?)):
      value = .sample(
        points.map { Sample.Point(seed: $0.seed, value: operation($0.value, b)) })
    case (.number(let a?), .sample(let points)):
      value = .sample(
        points.map { Sample.Point(seed: $0.seed, value: operation(a, $0.value)) })
    case (.sample(let a), .sample(let b)):
      let pairs = Sample(points: a).paired(with: Sample(points: b))
      value = .sample(
        pairs.map { Sample.Point(seed: $0.seed, value: operation($0.left, $0.right)) })
    }
    var result = EvaluatedExpression(value: value, absences: left.absences + right.absences)
    if case .sample(let points) = value {
      result.value = .sample(points.filter(\.value.isFinite))
    }
    return result
  }
}

extension Expression.Operator {
  func apply(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    }
  }
}

extension Expression.Summary {
  /// One number of many; nil where they are too few.
  func value(of values: [Double]) -> Double? {
    let moments = SampleMoments(values)
    return switch self {
    case .mean: moments?.mean
    case .median: Statistic.median.value(of: values)
    case .iqm: Statistic.interquartileMean.value(of: values)
    case .sd: moments?.standardDeviation
    case .min: moments?.minimum
    case .max: moments?.maximum
    case .count: Double(values.count)
    }
  }
}
