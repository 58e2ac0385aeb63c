package import Experiments

/// Two methods' answers to the same items of an evaluation set, seed by seed.
///
/// Seeds alone tell whether other training examples would give the same difference; items tell whether
/// another evaluation set of that kind would.
package struct ItemComparison: Hashable, Sendable {
  /// First minus second, with seeds and items drawn anew.
  package let bootstrap: ItemBootstrap
  /// One test a seed, of that seed's two runs.
  package let runs: [McNemarTest]

  /// Compares answers; nil without seeds or items, and for lists of different sizes.
  ///
  /// - Parameters:
  ///   - first: Whether the first method is right, `[seeds][items]`.
  ///   - second: The same of the second.
  ///   - confidence: Coverage of the interval, in (0, 1).
  init?(first: [[Bool]], second: [[Bool]], confidence: Double) {
    guard let bootstrap = ItemBootstrap(first: first, second: second, confidence: confidence)
    else { return nil }
    self.bootstrap = bootstrap
    runs = zip(first, second).map { McNemarTest(first: $0, second: $1) }
  }

  /// Whether the interval leaves out 0.
  package var isClear: Bool {
    bootstrap.interval.lower > 0 || bootstrap.interval.upper < 0
  }

  /// On how many seeds the two runs differ at a level, each tested alone.
  package func differingRuns(at level: Double) -> Int { runs.count { $0.pValue <= level } }
}

extension ExperimentResults {
  /// Which items of a set a method has right, by seed; nil where a run or its examples are missing.
  func rightAnswers(method: String, shots: Int, set: String, facts: TaskFacts) -> [[Bool]]? {
    let answers = shape.seeds.compactMap { seed in
      result(method: method, shots: shots, seed: seed)?.evaluations
        .first { $0.set == set }.flatMap(facts.rightAnswers)
    }
    return answers.count == shape.seeds.count ? answers : nil
  }
}
