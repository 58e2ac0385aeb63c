import Experiments

extension CheckEvidence {
  /// The mean of a group with its uncertainty.
  private struct Score {
    let method: String
    let mean: Double
    /// Whether it is better than an answer that needs no skill; nil while a run is missing.
    let aboveFloor: EvaluatedStatement?
  }

  /// The contrasts of the check: each method at each number of examples on each set.
  static func levels(
    of experiment: PlannedExperiment, among names: ContrastNames
  ) -> DeclaredFamily {
    DeclaredFamily(
      name: "the majority check of '\(experiment.block.label)'", level: 1 - Estimate.confidence,
      contrasts: sets(of: experiment).flatMap { set in
        experiment.methods.flatMap { method in
          experiment.shape.shots.map { shots in
            ContrastForm(
              .cell(
                .evaluation(set: set, metric: Metrics.accuracy), of: method.name, shots: shots,
                in: experiment.block.label), minus: .number(0), among: names)
          }
        }
      })
  }

  /// Whether accuracies lie above that of always answering the commonest class.
  ///
  /// Lists methods that never do at any number of shots. In domain, if no method does, the
  /// check fails: nothing was learned there.
  var majority: CheckFinding? {
    var problems: [CheckFinding.Problem] = []
    var bests: [String] = []
    for set in sets {
      let evaluations = groups.flatMap(\.runs).compactMap { run in
        run.evaluations.first { $0.set == set }
      }
      let scores = groups.compactMap { score($0, set) }
      guard let majority = evaluations.lazy.compactMap({ $0.metrics[Metrics.majority] }).first,
        let best = scores.max(by: { $0.mean < $1.mean })
      else { continue }
      let chance = evaluations.lazy.compactMap { $0.metrics[Metrics.chance] }.first ?? 0
      let name = MetricPath.words(ofSet: set)
      problems += self.problems(scores, set: set, majority: majority, chance: chance)
      bests.append(
        "\(name) \(Words.percent(best.mean)) against \(Words.percent(majority))")
    }
    guard !bests.isEmpty else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "Every method exceeds the majority class on every set at some number of shots; "
        + "best means: \(bests.joined(separator: ", "))")
  }

  private func problems(
    _ scores: [Score], set: String, majority: Double, chance: Double
  ) -> [CheckFinding.Problem] {
    let name = MetricPath.words(ofSet: set)
    let level = Words.percent(majority)
    let methods = experiment.methods.map(\.name)
    let measured = methods.filter { method in scores.contains { $0.method == method } }
    func lacking(_ holds: (Score) -> Bool) -> [String] {
      measured.filter { method in !scores.contains { $0.method == method && holds($0) } }
    }
    let never = lacking { $0.mean > majority }
    let unsure = lacking { $0.aboveFloor?.verdict == .supported }
      .filter { !never.contains($0) }
    var problems: [CheckFinding.Problem] = []
    if !never.isEmpty {
      let low = scores.filter { $0.mean <= majority }
      let surely = low.count { $0.aboveFloor?.verdict == .refuted }
      let guessing = chance < majority ? low.count { $0.mean <= chance } : 0
      let isAll = never.count == measured.count
      let who =
        isAll
        ? "no method exceeds"
        : "\(Words.list(never)) never \(never.count == 1 ? "exceeds" : "exceed")"
      var text =
        "\(name): \(who) the majority class (\(level)): \(low.count) of \(scores.count) means lie "
        + "at or below it"
      if surely > 0 { text += ", \(surely) with the whole interval" }
      if guessing > 0 {
        text += ", \(guessing) at or below chance (\(Words.percent(chance)))"
      }
      let isInDomain =
        experiment.task.evaluations.first { $0.name == set }?.domain == .inDomain
      problems.append(CheckFinding.Problem(status: isAll && isInDomain ? .fail : .warn, text: text))
    }
    if !unsure.isEmpty {
      problems.append(
        .warn(
          "\(name): \(Words.list(unsure)) \(unsure.count == 1 ? "exceeds" : "exceed") the "
            + "majority class (\(level)) by less than the interval"))
    }
    return problems
  }

  private func score(_ group: Group, _ set: String) -> Score? {
    let evaluations = group.runs.compactMap { run in
      run.evaluations.first { $0.set == set }
    }
    let values = evaluations.compactMap { $0.metrics[Metrics.accuracy] }
    guard let moments = SampleMoments(values) else { return nil }
    let shots = group.shots ?? experiment.shape.shots.first ?? 0
    return Score(
      method: group.method.name, mean: moments.mean,
      aboveFloor: book.aboveFloor(
        .evaluation(set: set, metric: Metrics.accuracy), of: group.method.name, shots: shots,
        in: experiment.block.label))
  }
}
