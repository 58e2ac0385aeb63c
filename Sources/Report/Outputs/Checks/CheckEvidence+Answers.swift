import Experiments

extension CheckEvidence {
  /// Answers that are this much of one class have collapsed.
  private static let collapsedShare = 0.99

  /// Whether methods answer with more than one class.
  var collapse: CheckFinding? {
    var problems: [String] = []
    var looked = 0
    for method in experiment.methods {
      var bad: (shots: [Int?], collapsed: Int, count: Int) = ([], 0, 0)
      for group in groups where group.method.name == method.name {
        let shares = group.runs.flatMap { run in
          run.evaluations.filter { sets.contains($0.set) }
            .compactMap { $0.metrics[Metrics.collapse] }
        }
        looked += shares.count
        let collapsed = shares.count { $0 >= Self.collapsedShare }
        guard 2 * collapsed > shares.count else { continue }
        bad = (bad.shots + [group.shots], bad.collapsed + collapsed, bad.count + shares.count)
      }
      if bad.count > 0 {
        problems.append(
          "\(words(method.name, bad.shots)) gave one answer to 99\u{A0}% of the examples or more "
            + "in \(bad.collapsed) of \(bad.count) evaluations")
      }
    }
    guard looked > 0 else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "No method gives one answer to nearly all examples in most of its runs "
        + "(\(looked) evaluations).")
  }

  /// Whether mean accuracies lie above that of always answering the commonest class.
  var majority: CheckFinding? {
    var problems: [String] = []
    var bests: [String] = []
    for set in sets {
      let scores = groups.compactMap { mean(Metrics.accuracy, $0, set) }
      guard let majority = groups.lazy.compactMap({ mean(Metrics.majority, $0, set) }).first,
        let best = scores.max()
      else { continue }
      let never = experiment.methods.map(\.name).filter { method in
        let own = groups.filter { $0.method.name == method }
          .compactMap { mean(Metrics.accuracy, $0, set) }
        return !own.isEmpty && own.allSatisfy { $0 <= majority }
      }
      let name = MetricPath.words(ofSet: set)
      let below = scores.count { $0 <= majority }
      let level = FigureData.percent(majority)
      if !never.isEmpty {
        let who =
          never.count == experiment.methods.count ? "no method" : FigureData.list(never)
        let verb = never.count == experiment.methods.count ? "exceeds" : "never exceed"
        let singular = never.count == 1 && verb == "never exceed" ? "never exceeds" : verb
        problems.append(
          "\(name): \(who) \(singular) the majority class (\(level)), and \(below) of "
            + "\(scores.count) means lie at or below it")
      }
      bests.append("\(name) \(FigureData.percent(best)) against \(level)")
    }
    guard !bests.isEmpty else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "Every method exceeds the majority class on every set at some number of shots; "
        + "best means: \(bests.joined(separator: ", ")).")
  }

  private func mean(_ metric: String, _ group: Group, _ set: String) -> Double? {
    let values = group.runs.compactMap { run in
      run.evaluations.first { $0.set == set }?.metrics[metric]
    }
    return SampleMoments(values)?.mean
  }
}
