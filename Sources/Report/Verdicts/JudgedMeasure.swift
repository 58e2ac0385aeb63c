import Experiments
import Formats

/// What methods are judged by: a metric on one task, or its mean over several.
struct JudgedMeasure: Hashable, Sendable {
  /// An experiment at one number of examples.
  struct Task: Hashable, Sendable {
    let experiment: String
    let shots: Int
  }

  /// Where a method is among the others on several tasks.
  struct Standing: Hashable, Sendable {
    /// Its mean on each task, in the order of ``tasks``; nil where a run is missing.
    let means: [Double?]
    /// Mean over seeds and tasks of its rank among the methods that have all their runs.
    ///
    /// 1 for the best, ties averaged. A description, which no test is made of.
    let rank: Double?
  }

  let metric: MetricPath
  /// In the order of the source, each experiment once; at least one.
  let tasks: [Task]

  /// A metric's mean over tasks.
  init(_ metric: MetricPath, on tasks: [Task]) {
    precondition(!tasks.isEmpty, "no task to judge methods on")
    self.metric = metric
    self.tasks = tasks
  }

  /// A metric on one task.
  init(_ metric: MetricPath, shots: Int, in experiment: String) {
    self.init(metric, on: [Task(experiment: experiment, shots: shots)])
  }

  var isOverTasks: Bool { tasks.count > 1 }

  /// What a method scores.
  func score(of method: String) -> Expression {
    // In one order, so that blocks that list the same tasks differently state the same contrasts.
    let cells = tasks.sorted { $0.experiment < $1.experiment }.map {
      Expression.cell(metric, of: method, shots: $0.shots, in: $0.experiment)
    }
    return .mean(of: cells)
  }

  /// What needs no skill; nil where that is not known.
  func floor(in table: ScoreTable) -> Double? { table.floor(of: score(of: "")) }

  /// Means and ranks of methods on several tasks, in the order of the methods.
  func standings(of methods: [String], in table: ScoreTable) -> [Standing] {
    let scores = methods.map { method in
      tasks.map {
        table.scores(metric, of: method, shots: $0.shots, in: $0.experiment).scores?.values
      }
    }
    // Whoever lacks a run would move the ranks of the others on some seeds and not on all.
    let ranked = methods.indices.filter { !scores[$0].contains(nil) }
    var ranks = methods.map { _ in [Double]() }
    for task in tasks.indices {
      let values = ranked.compactMap { scores[$0][task] }
      for seed in 0..<(values.map(\.count).min() ?? 0) {
        let places = RankCorrelation.ranks(
          values.map { metric.prefersLower ? $0[seed] : -$0[seed] })
        for (method, rank) in zip(ranked, places) { ranks[method].append(rank) }
      }
    }
    return methods.indices.map { method in
      Standing(
        means: scores[method].map { $0.flatMap { SampleMoments($0)?.mean } },
        rank: SampleMoments(ranks[method])?.mean)
    }
  }
}

extension Expression {
  /// The mean of some expressions, at least one.
  static func mean(of parts: [Expression]) -> Expression {
    let nowhere = SourcePosition(file: "", line: 0)
    let sum = parts.dropFirst().reduce(parts[0]) { .arithmetic(.add, $0, $1, at: nowhere) }
    guard parts.count > 1 else { return sum }
    return .arithmetic(.divide, sum, .number(Double(parts.count)), at: nowhere)
  }
}

extension ScoreTable {
  /// What a metric, or a sum or mean of metrics, scores without skill; nil where a part has no floor.
  func floor(of expression: Expression) -> Double? {
    switch expression {
    case .selection(let selection):
      return floor(of: selection.metric.value, in: selection.experiment.value)
    case .arithmetic(.add, let left, let right, _):
      return floor(of: left).flatMap { left in floor(of: right).map { left + $0 } }
    case .arithmetic(.divide, let inner, .number(let divisor), _) where divisor > 0:
      return floor(of: inner).map { $0 / divisor }
    case .number, .negated, .arithmetic, .summary: return nil
    }
  }
}
