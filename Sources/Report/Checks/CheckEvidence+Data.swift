import Experiments

extension CheckEvidence {
  /// A set that shares this much with another is not an independent test.
  private static let sharedShare = 0.05

  /// Whether evaluation sets are free of training examples and of each other's.
  var overlap: CheckFinding? {
    guard let facts else { return nil }
    let domains = Dictionary(
      experiment.task.evaluations.map { ($0.name, $0.domain) }, uniquingKeysWith: { a, _ in a })
    let chosen = facts.overlaps.filter { overlap in
      guard sets.contains(overlap.second), overlap.total > 0 else { return false }
      if overlap.first == TaskDefinition.trainingRole { return true }
      // Sets of one domain may be parts of one another; what counts is a leak between domains.
      return sets.contains(overlap.first) && domains[overlap.first] != domains[overlap.second]
    }
    guard !chosen.isEmpty else { return nil }
    let problems = chosen.filter { $0.count > 0 }.map { overlap in
      let share = Double(overlap.count) / Double(overlap.total)
      let from =
        overlap.first == TaskDefinition.trainingRole
        ? "the training pool" : "the \(MetricPath.words(ofSet: overlap.first)) set"
      return CheckFinding.Problem(
        status: share >= Self.sharedShare ? .fail : .warn,
        text: "\(overlap.count) of \(overlap.total) \(MetricPath.words(ofSet: overlap.second)) "
          + "examples (\(Words.percent(share))) are also in \(from)")
    }
    let pool = facts.trainingCount
    let looked = Words.list(
      sets.filter { set in chosen.contains { $0.second == set } }.map {
        MetricPath.words(ofSet: $0)
      })
    return CheckFinding(
      problems: problems,
      otherwise:
        "No example of \(looked) stands among the \(pool) of the training pool or in a set "
        + "of the other domain, case and punctuation aside")
  }

  /// Texts that the model does not read whole; nil where there are none.
  var longTexts: CheckFinding? {
    guard let facts, let long = facts.longTexts else { return nil }
    let cut = Set(
      experiment.methods.filter(\.readsModel).map { Truncation($0.options) })
    let parts = places.compactMap { set -> String? in
      guard let count = long.counts[set], let total = facts.count(of: set) else { return nil }
      return "\(count) of \(total) \(words(ofPlace: set))"
    }
    guard !parts.isEmpty else { return nil }
    let how =
      cut.count == 1
      ? cut.first.map { "; \($0.words(isEncoder: long.isEncoder)) cut off" } ?? "" : ""
    return CheckFinding(
      problems: [
        .warn(
          "\(Words.list(parts)) \(long.counts.values.reduce(0, +) == 1 ? "is" : "are") longer than the "
            + "\(long.limit) tokens that the model reads at once\(how)")
      ], otherwise: "")
  }

  /// What is odd about the rows of the pool and the sets; nil where nothing is.
  var oddRows: CheckFinding? {
    guard let facts else { return nil }
    let problems = places.flatMap { set in
      facts.oddities.filter { $0.set == set }.map { oddity in
        CheckFinding.Problem.warn("in \(place(set)), \(oddity.sentence)")
      }
    }
    return problems.isEmpty ? nil : CheckFinding(problems: problems, otherwise: "")
  }

  /// The pool and the sets that are scored.
  private var places: [String] { [TaskDefinition.trainingRole] + sets }

  private func place(_ set: String) -> String {
    set == TaskDefinition.trainingRole
      ? "the training pool" : "the \(MetricPath.words(ofSet: set)) set"
  }

  private func words(ofPlace set: String) -> String {
    set == TaskDefinition.trainingRole
      ? "texts of the training pool" : "\(MetricPath.words(ofSet: set)) texts"
  }
}
