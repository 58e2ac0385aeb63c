import Experiments

/// What answers are right on the evaluation sets of an experiment.
struct AnswerKey: Hashable, Sendable {
  /// Sets of one task are the same items in every experiment.
  let task: String
  let classNames: [String]
  /// True classes by set, in the order of predictions.
  let labels: [String: [UInt8]]
  /// Which items of a set belong together, by equal numbers; without sets of independent items.
  var groups: [String: [Int]] = [:]
}

/// Scores by seed and item, and why some are missing.
struct SeededScores: Hashable, Sendable {
  let seeds: [Int]
  /// As many as there are seeds; nil while a run is missing.
  let scores: CrossedScores?
  var absences: [Sample.Absence] = []
  /// Runs that diverged and count as the constant majority answer.
  var diverged = 0
}

/// Scores of methods seed by seed and item by item, each computed once.
final class ScoreTable {
  private struct Key: Hashable {
    let experiment: String
    let method: String
    let shots: Int
    let metric: MetricPath
  }

  let frame: ResultFrame
  private var keys: [String: AnswerKey] { frame.answers }
  private var known: [Key: SeededScores] = [:]

  init(_ frame: ResultFrame) { self.frame = frame }

  /// The scores of one method at one number of shots, on all seeds of its experiment.
  func scores(
    _ metric: MetricPath, of method: String, shots: Int, in experiment: String
  ) -> SeededScores {
    let key = Key(experiment: experiment, method: method, shots: shots, metric: metric)
    if let scores = known[key] { return scores }
    let scores = make(key)
    known[key] = scores
    return scores
  }

  private func make(_ key: Key) -> SeededScores {
    guard let results = frame[key.experiment] else { return SeededScores(seeds: [], scores: nil) }
    let seeds = results.shape.seeds
    // Several where samples are trained on from several initializations.
    let runs = seeds.map { results.results(method: key.method, shots: key.shots, seed: $0) }
    var absences: [Sample.Absence] = []
    var values: [Double] = []
    var diverged = 0
    for (seed, runs) in zip(seeds, runs) {
      var own: [Double] = []
      for result in runs {
        switch result?.measurement(of: key.metric) ?? .absent("not run") {
        case .value(let value): own.append(value)
        case .absent(let reason):
          if result?.hasDiverged == true, let value = constant(key)?.value {
            own.append(value)
            diverged += 1
          } else {
            absences.append(
              Sample.Absence(method: key.method, shots: key.shots, seed: seed, reason: reason))
          }
        }
      }
      if let mean = SampleMoments(own)?.mean { values.append(mean) }
    }
    guard absences.isEmpty, !seeds.isEmpty else {
      return SeededScores(seeds: seeds, scores: nil, absences: absences, diverged: diverged)
    }
    // A method that reads no examples has one run for all seeds.
    let all = runs.joined().compactMap(\.self)
    let isDeterministic = Set(all.map(\.key)).count == 1
    let rows = runs.compactMap { meanItemScores($0.compactMap(\.self), key) }
    let scores: CrossedScores
    if rows.count == seeds.count, Set(rows.map(\.count)).count == 1, let items = rows.first?.count {
      let name = setName(key, items: items)
      scores =
        groups(key, items: items).map {
          CrossedScores(
            values: values, scores: rows, groups: $0, of: name, isDeterministic: isDeterministic)
        }
        ?? CrossedScores(
          values: values, scores: rows, of: name, isDeterministic: isDeterministic)
    } else {
      scores =
        isDeterministic
        ? counted(values, all.first, key)
        : CrossedScores(values: values, isDeterministic: isDeterministic)
    }
    return SeededScores(
      seeds: seeds,
      scores: scores.answering(of: answered(key, runs, isKnown: !scores.items.isEmpty))
        .overlapping(by: results.shape.overlap), diverged: diverged)
  }

  /// How many different items a share of right answers is of; 0 where that is not known, and for
  /// metrics that are no such share.
  private func answered(_ key: Key, _ runs: [[CellResult?]], isKnown: Bool) -> Int {
    guard case .evaluation(let set, Metrics.accuracy) = key.metric else { return 0 }
    let counts = runs.map { own in
      own.first.flatMap { $0 }?.evaluations.first { $0.set == set }?.count ?? 0
    }
    // The folds of one repeat are all the rows there are.
    if let folds = frame[key.experiment]?.shape.folds, set == LoadedTask.validationSet {
      return counts.prefix(folds).reduce(0, +)
    }
    guard isKnown, let count = counts.first else { return 0 }
    return groups(key, items: count).map { Set($0).count } ?? count
  }

  /// Scores of one run of which only the number of right answers is known.
  ///
  /// Their variance over items is binomial. Which items were right is not known, so they are not
  /// paired with those of other runs, which makes intervals wider and never narrower.
  private func counted(_ values: [Double], _ result: CellResult?, _ key: Key) -> CrossedScores {
    guard case .evaluation(let set, Metrics.accuracy) = key.metric,
      let count = result?.evaluations.first(where: { $0.set == set })?.count, count > 1,
      let accuracy = values.first, (0...1).contains(accuracy)
    else { return CrossedScores(values: values, isDeterministic: true) }
    let right = Int((accuracy * Double(count)).rounded())
    let row = (0..<count).map { $0 < right ? 1.0 : 0 }
    return CrossedScores(
      values: values, scores: values.map { _ in row },
      of: "\(key.experiment)/\(set)/\(key.method)/\(key.shots)", isDeterministic: true)
  }

  /// Which items belong together; nil where each stands for itself.
  private func groups(_ key: Key, items: Int) -> [Int]? {
    guard case .evaluation(let set, _) = key.metric,
      let groups = keys[key.experiment]?.groups[set], groups.count == items
    else { return nil }
    return groups
  }

  private func setName(_ key: Key, items: Int) -> String {
    guard case .evaluation(let set, _) = key.metric else { return "" }
    return "\(keys[key.experiment]?.task ?? key.experiment)/\(set)/\(items)"
  }

  /// The mean over the runs on one sample, item by item; nil unless all have answers.
  private func meanItemScores(_ runs: [CellResult], _ key: Key) -> [Double]? {
    let rows = runs.compactMap { itemScores($0, key) }
    guard let first = rows.first, rows.count == runs.count,
      rows.allSatisfy({ $0.count == first.count })
    else { return nil }
    guard rows.count > 1 else { return first }
    return first.indices.map { item in
      rows.reduce(0) { $0 + $1[item] } / Double(rows.count)
    }
  }

  private func itemScores(_ result: CellResult, _ key: Key) -> [Double]? {
    guard case .evaluation(let set, let metric) = key.metric else { return nil }
    if result.hasDiverged { return constant(key)?.scores }
    guard let answers = keys[key.experiment], let labels = answers.labels[set],
      let evaluation = result.evaluations.first(where: { $0.set == set })
    else { return nil }
    if metric == Metrics.vocabularyAccuracy, let words = evaluation.vocabularyPredictions {
      return Metrics.itemScores(
        Metrics.accuracy, predictions: words, labels: labels, classNames: answers.classNames)
    }
    return Metrics.itemScores(
      metric, predictions: evaluation.predictions, labels: labels, classNames: answers.classNames)
  }

  /// What always answering the commonest class of a set scores; nil where classes are not known.
  private func constant(_ key: Key) -> (value: Double, scores: [Double]?)? {
    guard case .evaluation(let set, let metric) = key.metric else { return nil }
    guard let answers = keys[key.experiment], let labels = answers.labels[set], !labels.isEmpty
    else {
      // Only of accuracy the score is known without the classes.
      guard metric == Metrics.accuracy else { return nil }
      return level(of: set, in: key.experiment).map { ($0.majority, nil) }
    }
    let counts = Dictionary(grouping: labels) { $0 }.mapValues(\.count)
    let commonest = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    let predictions = Array(repeating: commonest, count: labels.count)
    let value = Metrics.all(
      predictions: predictions, labels: labels, classNames: answers.classNames)[metric]
    return value.map {
      (
        $0,
        Metrics.itemScores(
          metric, predictions: predictions, labels: labels, classNames: answers.classNames)
      )
    }
  }
}

extension ScoreTable {
  /// What a method must exceed before anything is said of it: what answers score that no example
  /// taught.
  ///
  /// For accuracy the larger of chance and the share of the commonest class, for Matthews'
  /// correlation 0, for F1 what the better of guessing evenly and a constant answer scores; nil for
  /// other metrics and where shares are not known.
  func floor(of metric: MetricPath, in experiment: String) -> Double? {
    guard case .evaluation(let set, let name) = metric else { return nil }
    if name == Metrics.matthewsCorrelation { return 0 }
    if name == Metrics.accuracy {
      return level(of: set, in: experiment).map { max($0.majority, $0.chance) }
    }
    guard let key = keys[experiment], let labels = key.labels[set], !labels.isEmpty else {
      return nil
    }
    let classes = Double(key.classNames.count)
    let shares = key.classNames.indices.map { index in
      Double(labels.count { Int($0) == index }) / Double(labels.count)
    }
    let guessed = shares.map { 2 * $0 / classes / ($0 + 1 / classes) }
    if name == Metrics.macroF1 {
      let constant = shares.max().map { 2 * $0 / (1 + $0) / classes } ?? 0
      return max(constant, guessed.reduce(0, +) / classes)
    }
    for (label, share) in zip(key.classNames, shares) where Metrics.f1(of: label) == name {
      return 2 * share / (1 + share)
    }
    return nil
  }

  /// Shares that need no skill: of the commonest class, and of an even guess.
  func level(of set: String, in experiment: String) -> (majority: Double, chance: Double)? {
    if let key = keys[experiment], let labels = key.labels[set], !labels.isEmpty {
      return (Metrics.majority(of: labels), Metrics.chance(classes: key.classNames.count))
    }
    let results = frame[experiment]
    let found = (results?.entries ?? []).lazy.compactMap { entry -> (Double, Double)? in
      let metrics = entry.result?.evaluations.first { $0.set == set }?.metrics
      return metrics?[Metrics.majority].map { ($0, metrics?[Metrics.chance] ?? 0) }
    }
    // Every fold of a cross-validation has its own share; elsewhere all runs answer the same set.
    guard results?.shape.folds != nil, let chance = found.first?.1 else { return found.first }
    return SampleMoments(found.map(\.0)).map { ($0.mean, chance) }
  }
}
