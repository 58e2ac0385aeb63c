package import Experiments

/// What a reader should know before trusting a report's numbers, found in the results themselves.
package struct ValidityCheck: Hashable, Sendable {
  /// What was looked for, in the order in which it is told.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Every method saw the same examples at one number of shots and seed, and answered the same.
    case sampleSharing = "sample sharing"
    /// Every method has as many runs as the others.
    case equalRuns = "equal runs"
    /// Seeds brought results of their own.
    case effectiveSeeds = "effective seeds"
    /// There are enough seeds to show a difference.
    case power
    /// Training changed the model.
    case training
    /// All demonstrations of a sample stood in the prompt.
    case demonstrations
    /// Answers are not all of one class.
    case collapse
    /// Methods score more than always answering the commonest class.
    case majority
    /// No evaluation set holds examples of the training pool or of the other domain.
    case overlap

    /// What to do where the check does not pass.
    var advice: String {
      switch self {
      case .sampleSharing:
        "Compare only what saw and answered the same; run the others again with --refresh."
      case .equalRuns:
        "Run what is missing, or compare at seeds that all methods have: means over different "
          + "seeds are not comparable."
      case .effectiveSeeds:
        "Count repeated results once: intervals and p rest on the distinct ones. Where samples "
          + "repeat, the seed does not reach the sampler; where only results do, more items to "
          + "evaluate on tell them apart."
      case .power: "Run more seeds before saying that methods differ, or that they do not."
      case .training:
        "Raise the learning rate or the epochs; until then these runs tell little about the method."
      case .demonstrations:
        "Read these points as so many fewer shots, or use a shorter pattern or a longer context."
      case .collapse:
        "Do not read accuracy as skill here: it is the share of a class. Look at macro-f1 and mcc."
      case .majority:
        "Do not say that a method learned the task where always giving one answer scores as much."
      case .overlap:
        "Take the shared examples out of the set, or say in the text how many there are: their "
          + "scores may be memory."
      }
    }
  }

  package let kind: Kind
  /// The experiment's label.
  package let experiment: String
  package let status: CheckStatus
  /// What was found, with the numbers: one sentence where the check passed, one a problem else.
  package let findings: [String]

  package var passed: Bool { status == .pass }

  /// The findings as one text.
  package var text: String { findings.joined(separator: "; ") + "." }

  /// What to do about it; nil where there is nothing to do.
  package var advice: String? { passed ? nil : kind.advice }

  /// Every check of every experiment, in the order of the report and of ``Kind``.
  ///
  /// - Parameters:
  ///   - experiments: Tell which methods train and which read examples.
  ///   - frame: The results; cells without one are left out.
  ///   - facts: What is known of an experiment's examples, by its label.
  /// - Returns: One check of each kind an experiment, where there is something to look at.
  package static func all(
    _ experiments: [PlannedExperiment], frame: ResultFrame, facts: [String: TaskFacts] = [:]
  ) -> [ValidityCheck] {
    experiments.flatMap { experiment -> [ValidityCheck] in
      let label = experiment.block.label
      guard let results = frame[label] else { return [] }
      let evidence = CheckEvidence(
        experiment: experiment, results: results, facts: facts[label])
      return Kind.allCases.compactMap { kind in
        evidence.finding(kind).map {
          ValidityCheck(
            kind: kind, experiment: label, status: $0.status, findings: $0.sentences)
        }
      }
    }
  }
}

/// How a check of results ended, from best to worst.
package enum CheckStatus: String, CaseIterable, Hashable, Sendable, Comparable {
  case pass
  /// Something a reader must know to read the numbers right.
  case warn
  /// Numbers that cannot be read as they seem to; under `--strict` a build fails.
  case fail

  package static func < (a: CheckStatus, b: CheckStatus) -> Bool { a.rank < b.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What one check found.
struct CheckFinding: Hashable, Sendable {
  /// One thing found wrong, with its numbers.
  struct Problem: Hashable, Sendable {
    let status: CheckStatus
    let text: String

    static func warn(_ text: String) -> Problem { Problem(status: .warn, text: text) }
    static func fail(_ text: String) -> Problem { Problem(status: .fail, text: text) }
  }

  let status: CheckStatus
  /// Sentences without their full stops: what is wrong, or the one that says what is right.
  let sentences: [String]

  /// Keeps what was found wrong, or says what was found right.
  ///
  /// - Parameters:
  ///   - problems: In the order in which they are told.
  ///   - fine: A sentence with the numbers that were looked at, without its full stop.
  init(problems: [Problem], otherwise fine: String) {
    status = problems.map(\.status).max() ?? .pass
    sentences = problems.isEmpty ? [fine] : problems.map(\.text)
  }
}
