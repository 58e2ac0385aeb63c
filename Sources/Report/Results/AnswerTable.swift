package import Experiments

/// The answers of one method at one number of shots to the items of one evaluation set, seed by seed.
///
/// Two tables of one set have the same items in the same order if their experiments read the same
/// files with the same limit; ``items`` says so.
package struct AnswerTable: Hashable, Sendable {
  /// What is read as an answer.
  package enum Reading: Hashable, Sendable {
    /// The likeliest class.
    case classes
    /// The likeliest word of the whole vocabulary, of methods that may answer with any word.
    case vocabulary
  }

  /// What came of one run on the set.
  package enum Outcome: Hashable, Sendable {
    /// One answer an item; a number past the classes is no class, and wrong.
    case answered([UInt8])
    /// Training ended with a loss that is no number, at this step.
    case diverged(step: Int)
    /// There are no answers: the cell has not run or has failed, or they are not of these items.
    case missing(reason: String)

    /// Why there are no answers; nil where there are.
    var absence: String? {
      switch self {
      case .answered: nil
      case .diverged(let step): "diverged at step \(step)"
      case .missing(let reason): reason
      }
    }
  }

  /// One run of a method.
  package struct Run: Hashable, Sendable {
    /// Of the cell, nil where it has not run; runs with equal keys are one run.
    package let key: String?
    package let outcome: Outcome

    package init(key: String?, outcome: Outcome) {
      self.key = key
      self.outcome = outcome
    }
  }

  /// The runs on one sample of training examples.
  package struct Seed: Hashable, Sendable {
    /// Of the sample.
    package let seed: Int
    /// At least one; several where an experiment repeats the initialization on one sample.
    package let runs: [Run]

    package init(seed: Int, runs: [Run]) {
      self.seed = seed
      self.runs = runs
    }
  }

  package let set: String
  package let items: [ItemID]
  /// True class of each item, as an index into ``classNames``.
  package let truth: [UInt8]
  package let classNames: [String]
  /// In the order of the experiment.
  package let seeds: [Seed]

  /// A table from its parts.
  ///
  /// - Parameters:
  ///   - set: The evaluation set, or a part of one.
  ///   - items: As many as `truth` has classes.
  ///   - truth: True class of each item.
  ///   - classNames: Of the task.
  ///   - seeds: What is answered has as many answers as there are items.
  package init(
    set: String, items: [ItemID], truth: [UInt8], classNames: [String], seeds: [Seed]
  ) {
    precondition(items.count == truth.count, "\(items.count) items, \(truth.count) classes")
    for case .answered(let answers) in seeds.flatMap(\.runs).map(\.outcome) {
      precondition(answers.count == items.count, "\(answers.count) answers, \(items.count) items")
    }
    self.set = set
    self.items = items
    self.truth = truth
    self.classNames = classNames
    self.seeds = seeds
  }
}

extension AnswerTable {
  /// The most frequent true class; the first of several.
  package var majorityClass: UInt8 {
    var counts = [Int](repeating: 0, count: 256)
    for label in truth { counts[Int(label)] += 1 }
    return counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) }.map { UInt8($0) } ?? 0
  }

  /// Whether all seeds share one run, as those of a method that reads no examples do.
  package var isShared: Bool {
    let keys = Set(seeds.flatMap(\.runs).map(\.key))
    return seeds.count > 1 && keys.count == 1 && keys.first != .some(nil)
  }

  /// Why runs have no answers, each reason once, in the order of the seeds; empty for a complete table.
  ///
  /// A diverged run counts as one that has answers.
  package var missing: [String] {
    var seen: Set<String> = []
    return seeds.flatMap(\.runs).compactMap { run in
      guard case .missing(let reason) = run.outcome, seen.insert(reason).inserted else {
        return nil
      }
      return reason
    }
  }

  /// The answers of a run, of a diverged one the majority class to every item; nil where there are none.
  package func answers(of run: Run) -> [UInt8]? {
    switch run.outcome {
    case .answered(let answers): answers
    case .diverged: Array(repeating: majorityClass, count: items.count)
    case .missing: nil
    }
  }

  /// Whether each run has each item right, 1 or 0, `[seeds][runs][items]`; nil unless all have answers.
  var scores: [[[Double]]]? {
    let scores = seeds.map { seed in
      seed.runs.compactMap { answers(of: $0) }.map { zip($0, truth).map { $0 == $1 ? 1.0 : 0 } }
    }
    return zip(scores, seeds).allSatisfy { $0.count == $1.runs.count } ? scores : nil
  }

  /// The share of a seed's runs that have each item right: 0 or 1 where there is one run.
  ///
  /// - Returns: `[seeds][items]`, in [0, 1]; nil for a seed of which a run has no answers.
  package var rightShares: [[Double]?] {
    seeds.map { seed in
      let answers = seed.runs.compactMap { self.answers(of: $0) }
      guard answers.count == seed.runs.count, !answers.isEmpty else { return nil }
      return truth.indices.map { item in
        Double(answers.count { $0[item] == truth[item] }) / Double(answers.count)
      }
    }
  }
}

extension ExperimentResults {
  /// The answers of a method to an evaluation set.
  ///
  /// - Parameters:
  ///   - method: A method of the experiment.
  ///   - shots: A number of examples that it runs.
  ///   - set: An evaluation set of its task, or a part of one.
  ///   - facts: Of the task's examples, as the experiment reads them.
  ///   - reading: What is read as an answer.
  /// - Returns: A run for every seed, also for those that have no answers; nil where the examples of
  ///   the set are not known.
  package func answers(
    of method: String, shots: Int, on set: String, facts: TaskFacts,
    reading: AnswerTable.Reading = .classes
  ) -> AnswerTable? {
    guard let truth = facts.labels[set], let items = facts.items(of: set) else { return nil }
    return AnswerTable(
      set: set, items: items, truth: truth, classNames: facts.classNames,
      seeds: shape.seeds.map { seed in
        AnswerTable.Seed(
          seed: seed,
          runs: results(method: method, shots: shots, seed: seed).map { result in
            AnswerTable.Run(
              key: result?.key,
              outcome: result?.answers(on: set, count: truth.count, reading: reading)
                ?? .missing(reason: "not run"))
          })
      })
  }
}

extension CellResult {
  /// The answers to a set that has `count` items.
  func answers(
    on set: String, count: Int, reading: AnswerTable.Reading
  ) -> AnswerTable.Outcome {
    switch status {
    case .diverged(let step): return .diverged(step: step)
    case .failed(let reason): return .missing(reason: "failed: \(reason)")
    case .succeeded: break
    }
    guard let evaluation = evaluations.first(where: { $0.set == set }) else {
      return .missing(reason: "not evaluated on '\(set)'")
    }
    let stored =
      switch reading {
      case .classes: Optional(evaluation.predictions)
      case .vocabulary: evaluation.vocabularyPredictions
      }
    guard let stored else { return .missing(reason: "answers over the vocabulary are not stored") }
    guard stored.count == count else {
      return .missing(reason: "\(stored.count) answers are stored for \(count) items")
    }
    return .answered(stored)
  }
}
