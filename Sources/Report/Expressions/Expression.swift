package import Formats

/// A calculation over results: selections, numbers, arithmetic and summaries.
package indirect enum Expression: Hashable, Sendable {
  /// A function that summarises many numbers as one.
  package enum Summary: String, CaseIterable, Hashable, Sendable {
    case mean
    case median
    /// The mean of the middle half.
    case iqm
    case sd
    case min
    case max
    case count
  }

  package enum Operator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  case number(Double)
  case selection(ResultSelection)
  case negated(Expression)
  case arithmetic(Operator, Expression, Expression, at: SourcePosition)
  case summary(Summary, Expression, at: SourcePosition)

  /// Whether the expression is one number rather than one per seed.
  var isNumber: Bool {
    switch self {
    case .number, .summary: true
    case .selection: false
    case .negated(let inner): inner.isNumber
    case .arithmetic(_, let left, let right, _): left.isNumber && right.isNumber
    }
  }

  /// Every selection, from left to right.
  var selections: [ResultSelection] {
    switch self {
    case .number: []
    case .selection(let selection): [selection]
    case .negated(let inner), .summary(_, let inner, _): inner.selections
    case .arithmetic(_, let left, let right, _): left.selections + right.selections
    }
  }
}

/// The results of some cells, by one metric: `lowres[lora,128].ood.accuracy`.
package struct ResultSelection: Hashable, Sendable {
  package let experiment: Located<String>
  /// Nil for all.
  package let method: Located<String>?
  package let shots: Located<ShotsChoice>?
  package let seed: Located<Int>?
  package let metric: Located<MetricPath>
}

extension Expression {
  /// Looks up every name in the experiments of the report.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    check(against: catalog, isSummarized: false)
  }

  private func check(against catalog: ExperimentCatalog, isSummarized: Bool) -> [Diagnostic] {
    switch self {
    case .number: return []
    case .selection(let selection):
      return selection.check(against: catalog, isSummarized: isSummarized)
    case .negated(let inner): return inner.check(against: catalog, isSummarized: false)
    case .summary(_, let inner, _): return inner.check(against: catalog, isSummarized: true)
    case .arithmetic(_, let left, let right, let position):
      let problems =
        left.check(against: catalog, isSummarized: false)
        + right.check(against: catalog, isSummarized: false)
      return problems.isEmpty
        ? Self.checkPairs(left, right, at: position, against: catalog) : problems
    }
  }

  /// Two selections are paired by seed, so they need seeds in common.
  static func checkPairs(
    _ left: Expression, _ right: Expression, at position: SourcePosition,
    against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    guard let a = left.seeds(in: catalog), let b = right.seeds(in: catalog), a.isDisjoint(with: b)
    else { return [] }
    return [
      Diagnostic(
        .unknownSelector, at: position, "the two sides have no seed in common to pair by",
        help: "left: \(Self.list(a)); right: \(Self.list(b)); compare summaries such as mean(…)")
    ]
  }

  /// Seeds an expression has a value for; nil for a number.
  private func seeds(in catalog: ExperimentCatalog) -> Set<Int>? {
    switch self {
    case .number, .summary: return nil
    case .negated(let inner): return inner.seeds(in: catalog)
    case .selection(let selection):
      if let seed = selection.seed { return [seed.value] }
      return catalog.shapes.first { $0.label == selection.experiment.value }
        .map { Set($0.seeds) }
    case .arithmetic(_, let left, let right, _):
      guard let a = left.seeds(in: catalog) else { return right.seeds(in: catalog) }
      return right.seeds(in: catalog).map { a.intersection($0) } ?? a
    }
  }

  private static func list(_ seeds: Set<Int>) -> String {
    seeds.sorted().map(String.init).joined(separator: ", ")
  }
}

extension ResultSelection {
  /// Looks up the names, and asks for those without which the selection is more than one group.
  fileprivate func check(
    against catalog: ExperimentCatalog, isSummarized: Bool
  ) -> [Diagnostic] {
    if let published = catalog.published.first(where: { $0.label == experiment.value }) {
      return published.check(self, isSummarized: isSummarized)
    }
    let shape: ExperimentShape
    switch catalog.lookUp(experiment.value, at: experiment.position) {
    case .failure(let diagnostic): return [diagnostic]
    case .success(nil): return []
    case .success(let found?): shape = found
    }
    var problems = [
      method.flatMap { shape.problem(method: $0.value, at: $0.position) },
      shots.flatMap { shots in
        shots.value.number(in: shape.shots).flatMap { shape.problem(shots: $0, at: shots.position) }
      },
      seed.flatMap { shape.problem(seed: $0.value, at: $0.position) },
      shape.problem(metric: metric.value, at: metric.position),
    ].compactMap(\.self)
    guard !isSummarized else { return problems }
    if method == nil, shape.methods.count > 1 {
      problems.append(
        ambiguous(
          "method", choices: shape.methods, example: shape.methods.first ?? "", in: shape))
    }
    if shots == nil, shape.shots.count > 1 {
      problems.append(
        ambiguous(
          "number of shots", choices: shape.shots.map(String.init),
          example: shape.shots.last.map { "shots=\($0)" } ?? "", in: shape))
    }
    return problems
  }

  private func ambiguous(
    _ what: String, choices: [String], example: String, in shape: ExperimentShape
  ) -> Diagnostic {
    Diagnostic(
      .unknownSelector, at: experiment.position,
      "the selection names no \(what), and '\(shape.label)' has \(choices.count): "
        + choices.joined(separator: ", "),
      help: "add \(example) between the brackets, or summarise all with mean(…), min(…) or max(…)")
  }
}
