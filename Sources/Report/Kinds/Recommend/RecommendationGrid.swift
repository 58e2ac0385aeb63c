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

  /// The widest budget: all examples, most memory and time.
  var widest: Recommendation? { cells.last?.last }

  /// Whether there is more than one budget to choose for.
  var hasChoice: Bool { rows.count > 1 || examples.count > 1 }

  init(_ block: RecommendBlock, estimates: EstimateTable) {
    self.block = block
    guard let measured = MeasuredMethods(block, estimates: estimates) else {
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

/// What a recommendation chooses from: every method of an experiment with its score and its costs.
struct MeasuredMethods {
  /// One method at one number of examples.
  private struct Measured {
    let method: String
    let sample: Sample
    let estimate: Estimate
    /// Nil where a cell is missing.
    let memory: Double?
    let seconds: Double?
  }

  let block: RecommendBlock
  let estimates: EstimateTable
  private let results: ExperimentResults

  /// Nil for an experiment that is not there.
  init?(_ block: RecommendBlock, estimates: EstimateTable) {
    guard let results = estimates.frame[block.experiment] else { return nil }
    self.block = block
    self.estimates = estimates
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

  /// The best within a budget.
  func recommendation(within budget: Budget) -> Recommendation? {
    guard let shots = shots(within: budget.examples) else { return nil }
    let metric = block.y.value
    let sign = metric.prefersLower ? 1.0 : -1.0
    var fitting: [(measured: Measured, mean: Double)] = []
    var exclusions: [Recommendation.Exclusion] = []
    for method in methods {
      let measured = measured(method, shots: shots)
      if let reason = reason(against: measured, budget) {
        exclusions.append(.init(method: method, reason: reason))
      } else if let mean = measured.estimate.mean {
        fitting.append((measured, mean))
      }
    }
    fitting = fitting.enumerated().sorted {
      (sign * $0.element.mean, $0.offset) < (sign * $1.element.mean, $1.offset)
    }.map(\.element)
    let all = fitting.map(\.measured)
    var tests = all.dropFirst().map { other in
      PairwiseTest(
        (all[0].method, all[0].sample), (other.method, other.sample), confidence: block.confidence)
    }
    tests.correct(by: block.correction)
    let shares = BestShare.shares(all.map(\.sample.values), prefersLower: metric.prefersLower)
    let candidates = all.enumerated().map { index, measured in
      let test = index == 0 ? nil : tests[index - 1]
      return Recommendation.Candidate(
        method: measured.method, estimate: measured.estimate, memory: measured.memory ?? 0,
        seconds: measured.seconds ?? 0, bestShare: shares?[index], test: test,
        // Without a test there is no clear difference either.
        isTied: test.map { !$0.isClear(at: 1 - block.confidence) } ?? false)
    }
    return Recommendation(
      budget: budget, shots: shots, candidates: candidates, exclusions: exclusions,
      seeds: results.shape.seeds.count, majority: majority)
  }

  private func measured(_ method: String, shots: Int) -> Measured {
    let label = results.shape.label
    let memory = results.sample(of: .quantity(.memoryPeak), method: method, shots: shots)
    let seconds = results.sample(of: .quantity(.seconds), method: method, shots: shots)
    return Measured(
      method: method, sample: results.sample(of: block.y.value, method: method, shots: shots),
      estimate: estimates.estimate(block.y.value, of: method, shots: shots, in: label),
      memory: memory.values.max(), seconds: SampleMoments(seconds.values)?.mean)
  }

  /// Why a method is no candidate; nil for one.
  private func reason(against measured: Measured, _ budget: Budget) -> String? {
    if let words = ValueExpression.words(for: measured.sample.absences) { return words }
    guard let memory = measured.memory, let seconds = measured.seconds else {
      return "not measured"
    }
    var parts: [String] = []
    if let most = budget.memory, memory > most {
      parts.append("needs \(ValueFormat(.bytes).string(memory))")
    }
    if let most = budget.seconds, seconds > most {
      parts.append("takes \(ValueFormat(.seconds).string(seconds))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  private var majority: Double? {
    guard block.y.value.isAccuracy, case .evaluation(let set, _) = block.y.value else { return nil }
    return results.entries.lazy.compactMap { entry in
      entry.result?.evaluations.first { $0.set == set }?.metrics[Metrics.majority]
    }.first
  }
}
