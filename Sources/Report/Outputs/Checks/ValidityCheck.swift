import Experiments

/// What a reader should know before trusting a report's numbers, found in the results themselves.
package struct ValidityCheck: Hashable, Sendable {
  /// What was looked for.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Every method saw the same examples at one number of shots and seed.
    case sampleSharing = "sample sharing"
    /// Seeds brought results of their own.
    case effectiveSeeds = "effective seeds"
    /// Training changed the model.
    case training
    /// Answers are not all of one class.
    case collapse
    /// Methods score more than always answering the commonest class.
    case majority
  }

  package let kind: Kind
  /// The experiment's label.
  package let experiment: String
  package let passed: Bool
  /// One sentence with the numbers.
  package let text: String

  /// Every check of every experiment, in the order of the report and of ``Kind``.
  ///
  /// - Parameters:
  ///   - plan: Tells which methods train and which read examples.
  ///   - frame: The results; cells without one are left out.
  /// - Returns: One check of each kind an experiment, where there is something to look at.
  package static func all(_ plan: ReportPlan, frame: ResultFrame) -> [ValidityCheck] {
    plan.experiments.flatMap { experiment -> [ValidityCheck] in
      guard let results = frame[experiment.block.label] else { return [] }
      let evidence = CheckEvidence(experiment: experiment, results: results)
      let findings: [(Kind, CheckFinding?)] = [
        (.sampleSharing, evidence.sampleSharing), (.effectiveSeeds, evidence.effectiveSeeds),
        (.training, evidence.training), (.collapse, evidence.collapse),
        (.majority, evidence.majority),
      ]
      return findings.compactMap { kind, finding in
        finding.map {
          ValidityCheck(
            kind: kind, experiment: experiment.block.label, passed: $0.passed, text: $0.text)
        }
      }
    }
  }
}

/// What one check of one experiment found.
struct CheckFinding: Hashable, Sendable {
  let passed: Bool
  let text: String

  /// Joins what was found wrong, or says what was found right.
  init(problems: [String], otherwise fine: String) {
    passed = problems.isEmpty
    text = problems.isEmpty ? fine : problems.joined(separator: "; ") + "."
  }
}

/// The successful runs of one experiment, grouped as the checks look at them.
struct CheckEvidence {
  /// The runs of a method at one number of shots.
  struct Group {
    let method: Method
    /// Nil for a method that reads no examples: one run stands at every number.
    let shots: Int?
    /// One for every key.
    let runs: [CellResult]
  }

  let experiment: PlannedExperiment
  let results: ExperimentResults
  let groups: [Group]

  init(experiment: PlannedExperiment, results: ExperimentResults) {
    self.experiment = experiment
    self.results = results
    groups = experiment.methods.flatMap { method in
      let numbers = experiment.shape.shots.sorted()
      return (method.usesSample ? numbers.map(Optional.some) : [nil]).map { shots in
        var seen: Set<String> = []
        let runs = experiment.shape.seeds.compactMap {
          results.result(method: method.name, shots: shots ?? numbers.first ?? 0, seed: $0)
        }.filter { $0.status == .succeeded && seen.insert($0.key).inserted }
        return Group(method: method, shots: shots, runs: runs)
      }
    }
  }

  /// Evaluation sets that are scored, without the parts that repeat their answers.
  var sets: [String] {
    let scored = Set(experiment.task.evaluations.map(\.name))
    return experiment.shape.sets.filter(scored.contains)
  }

  /// "vanilla at 2 and 16 shots".
  func words(_ method: String, _ shots: [Int?]) -> String {
    let shots = shots.compactMap(\.self)
    guard !shots.isEmpty, shots.count < experiment.shape.shots.count else { return method }
    return "\(method) at \(FigureData.list(shots.map(String.init))) shots"
  }
}
