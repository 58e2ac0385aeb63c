import Experiments
import Formats

/// An expression as contrasts need it: one number, or scores by seed and item.
enum ScoredExpression: Hashable, Sendable {
  /// Nil if a part is absent or the arithmetic has no finite result.
  case number(Double?, absences: [Sample.Absence])
  case scores(SeededScores)

  var absences: [Sample.Absence] {
    switch self {
    case .number(_, let absences): absences
    case .scores(let scores): scores.absences
    }
  }
}

extension Expression {
  /// Computes the expression seed by seed and item by item.
  ///
  /// A mean of several groups is their mean on each seed; other summaries are numbers.
  func scored(in table: ScoreTable) -> ScoredExpression {
    switch self {
    case .number(let value): return .number(value, absences: [])
    case .selection(let selection): return Self.scored(selection, in: table)
    case .negated(let inner):
      return Self.combined(.number(0, absences: []), inner.scored(in: table), .subtract)
    case .summary(.mean, .selection(let selection), _)
    where table.frame.published(selection.experiment.value) == nil:
      return Self.scored(selection, in: table)
    case .summary(.mean, let inner, _) where !inner.selections.contains(where: isPublished(table)):
      return inner.scored(in: table)
    case .summary:
      let evaluated = evaluated(in: table.frame)
      guard case .number(let value) = evaluated.value else {
        return .number(nil, absences: evaluated.absences)
      }
      return .number(value, absences: evaluated.absences)
    case .arithmetic(let operation, let left, let right, _):
      return Self.combined(left.scored(in: table), right.scored(in: table), operation)
    }
  }

  private func isPublished(_ table: ScoreTable) -> (ResultSelection) -> Bool {
    { table.frame.published($0.experiment.value) != nil }
  }

  /// The mean over the cells that a selection leaves open, on each seed.
  private static func scored(
    _ selection: ResultSelection, in table: ScoreTable
  ) -> ScoredExpression {
    let label = selection.experiment.value
    if let published = table.frame.published(label) {
      guard case .number(let value) = published.value(of: selection) else {
        return .number(nil, absences: [])
      }
      return .number(value, absences: [])
    }
    guard let shape = table.frame[label]?.shape else { return .number(nil, absences: []) }
    let methods = selection.method.map { [$0.value] } ?? shape.methods
    let shots =
      selection.shots.map { $0.value.number(in: shape.shots).map { [$0] } ?? [] } ?? shape.shots
    let cells = methods.flatMap { method in
      shots.map { table.scores(selection.metric.value, of: method, shots: $0, in: label) }
    }
    let seeds = selection.seed.map { [$0.value] } ?? shape.seeds
    let absences = cells.flatMap(\.absences).filter { seeds.contains($0.seed) }
    let diverged = cells.reduce(0) { $0 + $1.diverged }
    let parts = cells.compactMap(\.scores)
    guard let first = parts.first, parts.count == cells.count else {
      return .scores(
        SeededScores(seeds: seeds, scores: nil, absences: absences, diverged: diverged))
    }
    let sum = parts.dropFirst().reduce(first, +)
    let mean = parts.count == 1 ? sum : sum.scaled(by: 1 / Double(parts.count))
    let places = seeds.compactMap { shape.seeds.firstIndex(of: $0) }
    return .scores(
      SeededScores(
        seeds: seeds,
        scores: seeds == shape.seeds ? mean : mean.selecting(seeds: places), diverged: diverged))
  }

  /// Applies an operation to numbers, to a number and each seed, or seed by seed.
  static func combined(
    _ left: ScoredExpression, _ right: ScoredExpression, _ operation: Operator
  ) -> ScoredExpression {
    switch (left, right) {
    case (.number(let a, _), .number(let b, _)):
      let value = a.flatMap { a in b.map { operation.apply(a, $0) } }
      return .number(
        value.flatMap { $0.isFinite ? $0 : nil }, absences: left.absences + right.absences)
    case (.scores(let a), .scores(let b)):
      let seeds = a.seeds.filter(b.seeds.contains)
      let first = a.scores.map { $0.selecting(seeds: a.places(of: seeds)) }
      let second = b.scores.map { $0.selecting(seeds: b.places(of: seeds)) }
      return .scores(
        SeededScores(
          seeds: seeds, scores: first.flatMap { a in second.map { operation.apply(a, $0) } },
          absences: a.absences + b.absences, diverged: a.diverged + b.diverged))
    case (.scores(let a), .number(let b, let absences)):
      let constant = b.map { CrossedScores(constant: $0, seeds: a.seeds.count) }
      return .scores(
        SeededScores(
          seeds: a.seeds,
          scores: a.scores.flatMap { a in constant.map { operation.apply(a, $0) } },
          absences: a.absences + absences, diverged: a.diverged))
    case (.number(let a, let absences), .scores(let b)):
      let constant = a.map { CrossedScores(constant: $0, seeds: b.seeds.count) }
      return .scores(
        SeededScores(
          seeds: b.seeds,
          scores: b.scores.flatMap { b in constant.map { operation.apply($0, b) } },
          absences: absences + b.absences, diverged: b.diverged))
    }
  }
}

extension SeededScores {
  fileprivate func places(of wanted: [Int]) -> [Int] {
    wanted.compactMap(seeds.firstIndex(of:))
  }
}

extension Expression.Operator {
  fileprivate func apply(_ left: CrossedScores, _ right: CrossedScores) -> CrossedScores {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    }
  }
}
