import Experiments
import Formats

/// Recommendations for every combination of a block's budgets.
struct RecommendationGrid {
  /// A budget of memory and time.
  struct Row: Hashable, Sendable {
    let memory: Double?
    let seconds: Double?
  }

  let block: RecommendBlock
  /// From the tightest to the widest.
  let rows: [Row]
  /// Numbers of examples, ascending.
  let examples: [Int]
  /// By row, then by number of examples.
  let cells: [[Recommendation]]
  private let results: ExperimentResults?

  /// The widest budget: all examples, most memory and time.
  var widest: Recommendation? { cells.last?.last }

  /// Whether there is more than one budget to choose for.
  var hasChoice: Bool { rows.count > 1 || examples.count > 1 }

  init(_ block: RecommendBlock, estimates: EstimateTable, book: ContrastBook) {
    self.block = block
    results = estimates.frame[block.experiment]
    guard let measured = MeasuredMethods(block, estimates: estimates, book: book) else {
      (rows, examples, cells) = ([], [], [])
      return
    }
    let times = block.seconds?.map(Optional.some) ?? [nil]
    let rows = measured.memoryLevels.flatMap { memory in
      times.map { Row(memory: memory, seconds: $0) }
    }
    let examples = measured.examples
    self.rows = rows
    self.examples = examples
    cells = rows.map { row in
      examples.compactMap {
        measured.recommendation(
          within: Budget(examples: $0, memory: row.memory, seconds: row.seconds))
      }
    }
  }
}

extension RecommendationGrid {
  /// The command that makes the model of the choice within the widest budget; nil where nothing ran.
  func command(in experiments: [PlannedExperiment]) -> TrainCommand? {
    guard let widest, let choice = widest.choice ?? widest.fallback,
      let experiment = experiments.first(where: { $0.block.label == block.experiment })
    else { return nil }
    return TrainCommand(choice.entry.method, shots: widest.shots, in: experiment, results)
  }
}

/// What a recommendation chooses from: every method of an experiment with its score and its costs.
struct MeasuredMethods {
  /// One method at one number of examples.
  private struct Measured {
    let method: String
    let scores: SeededScores
    /// Nil where a cell is missing.
    let memory: Double?
    let seconds: Double?
    /// Runs that training did not change, of all that trained.
    let untrained: (count: Int, of: Int)
  }

  let block: RecommendBlock
  let estimates: EstimateTable
  private let book: ContrastBook
  private let results: ExperimentResults

  /// Nil for an experiment that is not there.
  init?(_ block: RecommendBlock, estimates: EstimateTable, book: ContrastBook) {
    guard let results = estimates.frame[block.experiment] else { return nil }
    self.block = block
    self.estimates = estimates
    self.book = book
    self.results = results
  }

  var methods: [String] { block.selection.methods?.map(\.value) ?? results.shape.methods }

  /// The largest number of examples measured that is at most `examples`.
  func shots(within examples: Int) -> Int? {
    results.shape.shots.filter { $0 <= examples }.max()
  }

  /// Numbers of examples to recommend for, ascending.
  var examples: [Int] { (block.examples?.map(\.value) ?? results.shape.shots).sorted() }

  /// Budgets of memory to recommend for: those of the block, else those that separate the methods.
  var memoryLevels: [Double?] {
    if let memory = block.memory { return memory.map(Optional.some) }
    guard let shots = examples.last.flatMap(shots(within:)) else { return [nil] }
    return Budget.memoryLevels(of: methods.compactMap { measured($0, shots: shots).memory })
  }

  /// The set of the best within a budget.
  func recommendation(within budget: Budget) -> Recommendation? {
    guard let shots = shots(within: budget.examples) else { return nil }
    var fitting: [String: Measured] = [:]
    var exclusions: [Recommendation.Exclusion] = []
    for method in methods {
      let measured = measured(method, shots: shots)
      if let exclusion = exclusion(of: measured, budget) {
        exclusions.append(exclusion)
      } else {
        fitting[method] = measured
      }
    }
    let judged = JudgedMethods(
      methods.filter { fitting[$0] != nil },
      by: JudgedMeasure(block.y.value, shots: shots, in: results.shape.label),
      effect: block.effect, book: book, table: estimates.scores)
    return Recommendation(
      budget: budget, shots: shots,
      candidates: judged.entries.map { entry in
        Recommendation.Candidate(
          entry: entry, memory: fitting[entry.method]?.memory ?? 0,
          seconds: fitting[entry.method]?.seconds ?? 0)
      }, judged: judged, exclusions: exclusions)
  }

  private func measured(_ method: String, shots: Int) -> Measured {
    let label = results.shape.label
    let memory = results.sample(of: .quantity(.memoryPeak), method: method, shots: shots)
    let seconds = results.sample(of: .quantity(.seconds), method: method, shots: shots)
    let trainings = results.shape.seeds.flatMap {
      results.results(method: method, shots: shots, seed: $0).compactMap { $0?.training }
    }
    return Measured(
      method: method,
      scores: estimates.scores.scores(block.y.value, of: method, shots: shots, in: label),
      memory: memory.values.max(), seconds: SampleMoments(seconds.values)?.mean,
      untrained: (trainings.count(where: CheckEvidence.isUntrained), trainings.count))
  }

  /// Why a method is no candidate; nil for one.
  private func exclusion(
    of measured: Measured, _ budget: Budget
  ) -> Recommendation.Exclusion? {
    func exclusion(_ reason: String, isBudget: Bool = false) -> Recommendation.Exclusion {
      Recommendation.Exclusion(method: measured.method, reason: reason, isBudget: isBudget)
    }
    if let words = ValueExpression.words(for: measured.scores.absences) { return exclusion(words) }
    guard measured.scores.scores != nil, let memory = measured.memory,
      let seconds = measured.seconds
    else { return exclusion("not measured") }
    if 2 * measured.untrained.count > measured.untrained.of {
      return exclusion(
        "not trained: loss or weights did not move in \(measured.untrained.count) of "
          + "\(Words.count(measured.untrained.of, "run"))")
    }
    var parts: [String] = []
    if let most = budget.memory, memory > most {
      parts.append("needs \(ValueFormat(.bytes).string(memory))")
    }
    if let most = budget.seconds, seconds > most {
      parts.append("takes \(ValueFormat(.seconds).string(seconds))")
    }
    return parts.isEmpty ? nil : exclusion(parts.joined(separator: " and "), isBudget: true)
  }
}
