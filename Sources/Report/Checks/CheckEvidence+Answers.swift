import Experiments
import Formats

extension CheckEvidence {
  /// Answers that are this much of one class have collapsed.
  private static let collapsedShare = 0.99

  /// Whether methods answer with more than one class.
  var collapse: CheckFinding? {
    var bad: [(words: String, collapsed: Int, count: Int)] = []
    var looked = 0
    for method in experiment.methods {
      var own: (shots: [Int?], collapsed: Int, count: Int) = ([], 0, 0)
      for group in groups where group.method.name == method.name {
        let shares = group.runs.flatMap { run in
          run.evaluations.filter { sets.contains($0.set) }
            .compactMap { $0.metrics[Metrics.collapse] }
        }
        looked += shares.count
        let collapsed = shares.count { $0 >= Self.collapsedShare }
        guard 2 * collapsed > shares.count else { continue }
        own = (own.shots + [group.shots], own.collapsed + collapsed, own.count + shares.count)
      }
      if own.count > 0 {
        bad.append((words(method.name, own.shots), own.collapsed, own.count))
      }
    }
    guard looked > 0 else { return nil }
    // If every method answers with one class, no number of the set is meaningful.
    let all = groups.allSatisfy { group in
      let shares = group.runs.flatMap(\.evaluations).compactMap { $0.metrics[Metrics.collapse] }
      return shares.allSatisfy { $0 >= Self.collapsedShare }
    }
    return CheckFinding(
      problems: bad.map { finding in
        CheckFinding.Problem(
          status: all ? .fail : .warn,
          text: "\(finding.words) gave one answer to 99\u{A0}% of the examples or more "
            + "in \(finding.collapsed) of \(finding.count) evaluations")
      },
      otherwise: "No method gives one answer to nearly all examples in most of its runs "
        + "(\(looked) evaluations)")
  }

  /// Whether the prompts held all demonstrations that they were to show.
  var demonstrations: CheckFinding? {
    var problems: [CheckFinding.Problem] = []
    var most = 0
    var looked = 0
    for group in groups {
      let counts = group.runs.compactMap { demonstrations($0, of: group) }
      guard let largest = counts.map(\.shown).max() else { continue }
      looked += 1
      most = max(most, largest)
      let short = counts.filter { $0.shown < $0.offered }
      guard let least = short.map(\.shown).min(), let highest = short.map(\.shown).max(),
        let offered = short.map(\.offered).max()
      else { continue }
      let range = least == highest ? "\(least)" : "\(least) to \(highest)"
      problems.append(
        CheckFinding.Problem(
          status: largest == 0 ? .fail : .warn,
          text: "\(words(group)): \(range) of \(offered) demonstrations fitted in the context, in "
            + "\(short.count) of \(Words.count(counts.count, "run"))"))
    }
    guard looked > 0 else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "Every prompt contained all its demonstrations, up to \(most)")
  }

  /// How many demonstrations a run showed of how many; nil for a run that shows none.
  private func demonstrations(
    _ run: CellResult, of group: Group
  ) -> (shown: Int, offered: Int)? {
    guard let shown = run.demonstrations else { return nil }
    if let offered = run.demonstrationsOffered { return (shown, offered) }
    // Older results do not say how many were offered; a prompt shows its sample up to a limit.
    guard let shots = group.shots,
      let limit = group.method.options.value(of: PromptObjective.demonstrations)
    else { return nil }
    let isPerClass = experiment.block.shotsPer.value.rawValue == ShotCounting.class.rawValue
    return (shown, min(limit, shots * (isPerClass ? experiment.task.labels.count : 1)))
  }
}
