import Experiments

/// What a reader should know before trusting a report's numbers, found in the results themselves.
struct ValidityCheck: Hashable, Sendable {
  /// The kinds of checks, in the order of the page.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Every method saw the same examples at one number of shots and seed, and answered the same.
    case sampleSharing = "sample sharing"
    /// Every method has as many runs as the others.
    case equalRuns = "equal runs"
    /// Seeds have distinct results.
    case effectiveSeeds = "effective seeds"
    /// There are enough seeds to show a difference.
    case power
    /// Training changed the model.
    case training
    /// Settings were searched for with equal care.
    case tuning
    /// The prompt contained all demonstrations of a sample.
    case demonstrations
    /// Answers are not all of one class.
    case collapse
    /// Methods score more than always answering the commonest class.
    case majority
    /// No evaluation set holds examples of the training pool or of the other domain.
    case overlap
    /// The model reads every text whole.
    case longTexts = "long texts"
    /// Rows are what a table of examples should hold.
    case oddRows = "odd rows"

    /// What to do where the check does not pass.
    var advice: String {
      switch self {
      case .sampleSharing:
        "Compare only runs that saw and answered the same examples. Run the others again with --refresh."
      case .equalRuns:
        "Run what is missing, or compare at seeds that all methods have. Means over different "
          + "seeds are not comparable."
      case .effectiveSeeds:
        "Count repeated results once: intervals and p depend on the distinct ones. If samples "
          + "repeat, the seed does not reach the sampler. If only results do, evaluate on more "
          + "items to separate them."
      case .power: "Run more seeds before claiming that methods differ, or that they do not."
      case .training:
        "Raise the learning rate or the epochs. Until then these runs say little about the method."
      case .tuning:
        "Write tune: auto and leave learning rates out, or say in the text that these settings are "
          + "fixed: others may reorder the methods."
      case .demonstrations:
        "Read these points as fewer shots, or use a shorter pattern or a longer context."
      case .collapse:
        "Accuracy does not measure skill here: it is the share of a class. Look at macro-f1 and mcc."
      case .majority:
        "Do not claim that a method learned the task if always giving one answer scores as much."
      case .overlap:
        "Remove the shared examples from the set, or state in the text how many there are: the "
          + "model may have memorised them."
      case .longTexts:
        "Choose what is cut off with 'truncate', or a model that reads more. What decides the class may "
          + "lie in the part that is cut off."
      case .oddRows: "Look at these rows, and correct the table where it is wrong."
      }
    }
  }

  package let kind: Kind
  /// The experiment's label.
  package let experiment: String
  package let status: CheckStatus
  /// What was found, with the numbers: one sentence if the check passed, else one per problem.
  package let findings: [String]

  var passed: Bool { status == .pass }

  /// The findings as one text.
  package var text: String { findings.joined(separator: "; ") + "." }

  /// What to do about it; nil where there is nothing to do.
  var advice: String? { passed ? nil : kind.advice }

  /// Every check of every experiment, in the order of the report and of ``Kind``.
  ///
  /// - Parameters:
  ///   - experiments: Define which methods train and which read examples.
  ///   - frame: The results; cells without one are left out.
  ///   - facts: What is known of an experiment's examples, by its label.
  ///   - book: The page's contrasts.
  /// - Returns: One check of each kind per experiment, if it applies.
  package static func all(
    _ experiments: [PlannedExperiment], frame: ResultFrame, facts: [String: TaskFacts] = [:],
    book: ContrastBook
  ) -> [ValidityCheck] {
    experiments.flatMap { experiment -> [ValidityCheck] in
      let label = experiment.block.label
      guard let results = frame[label] else { return [] }
      let evidence = CheckEvidence(
        experiment: experiment, results: results, facts: facts[label], book: book)
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
  /// Something a reader should know to interpret the numbers.
  case warn
  /// Numbers that do not mean what they seem to; with `--strict` a build fails.
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
  /// Sentences without their full stops: the problems, or one that describes the success.
  let sentences: [String]

  /// Keeps the problems, or the sentence of success.
  ///
  /// - Parameters:
  ///   - problems: In the order of the report.
  ///   - fine: A sentence with the checked numbers, without its full stop.
  init(problems: [Problem], otherwise fine: String) {
    status = problems.map(\.status).max() ?? .pass
    sentences = problems.isEmpty ? [fine] : problems.map(\.text)
  }
}
