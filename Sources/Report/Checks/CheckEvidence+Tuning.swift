import Experiments

extension CheckEvidence {
  /// Whether every method that has settings to find had the same search for them; nil where the source
  /// says nothing about it.
  var tuning: CheckFinding? {
    guard experiment.block.tune != nil else { return nil }
    let decisions = zip(experiment.methods, experiment.tuning)
    var problems: [CheckFinding.Problem] = experiment.untuned.compactMap { reason, methods in
      guard reason != .nothingToTune, reason != .ownChoice else { return nil }
      return .warn(
        "\(Words.list(methods)) \(methods.count == 1 ? "was" : "were") compared untuned "
          + "(\(reason.words))")
    }
    problems += decisions.compactMap { method, decision in
      guard case .search(let search, let leftOut) = decision, leftOut > 0 else { return nil }
      return .warn(
        "\(method.name) tried \(search.candidates.count) of "
          + "\(search.candidates.count + leftOut) settings (not tuned further: budget)")
    }
    let summaries = TuningSummary.all(experiment, results)
    problems += summaries.filter(\.isUndivided).map {
      .warn(
        "\($0.method) at \(Words.count($0.shots, "shot")) was compared untuned: the sample cannot be "
          + "divided")
    }
    let searched = decisions.compactMap { method, decision -> String? in
      if case .search = decision { method.name } else { nil }
    }
    guard !searched.isEmpty || !problems.isEmpty else { return nil }
    let whole = summaries.reduce(0) { $0 + $1.wholeSeconds }
    let share = whole > 0 ? summaries.reduce(0) { $0 + $1.seconds } / whole : 0
    return CheckFinding(
      problems: problems,
      otherwise: "\(Words.list(searched)) had the same search for settings; choosing took "
        + "\(Words.percent(share)) of their time, which is part of their price")
  }
}
