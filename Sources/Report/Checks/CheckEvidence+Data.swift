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
}
