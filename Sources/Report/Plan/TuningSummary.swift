import Experiments
import Formats

/// What a search for settings tried for one method at one number of examples, over all samples.
struct TuningSummary: Hashable {
  /// A setting with its scores.
  struct Candidate: Hashable {
    let setting: String
    /// Mean accuracy over searches at each rung; nil where it was not judged or diverged.
    let accuracies: [Double?]
    /// Mean log loss at the last rung that it reached, in nats.
    let logLoss: Double?
    /// Searches that chose it.
    let chosen: Int
    /// Seconds of its trials in one search.
    let seconds: Double
  }

  let method: String
  let shots: Int
  /// Results whose settings were searched for.
  let results: Int
  /// Epochs at each rung.
  let epochs: [Int]
  let candidates: [Candidate]
  /// Seconds of one search.
  let seconds: Double
  /// Seconds of a whole run, the search included.
  let wholeSeconds: Double
  /// The most bytes that a trial needed.
  let peak: Int
  /// Whether no sample could be divided, so that nothing was chosen.
  let isUndivided: Bool

  /// - Parameters:
  ///   - method: A method's name.
  ///   - shots: A number of examples.
  ///   - results: Of all its samples; nil is returned if none was searched for.
  init?(method: String, shots: Int, results: [CellResult]) {
    let tuned = results.filter { $0.tuning != nil }
    let searches = tuned.compactMap(\.tuning)
    guard let first = searches.first else { return nil }
    func mean(_ values: [Double]) -> Double? { SampleMoments(values)?.mean }
    self.method = method
    self.shots = shots
    self.results = searches.count
    let rungs = Set(first.trials.map(\.rung)).sorted()
    epochs = rungs.map { rung in
      first.trials.filter { $0.rung == rung }.map(\.epochs).min() ?? 0
    }
    candidates = Set(first.trials.map(\.candidate)).sorted().map { candidate in
      let own = searches.flatMap(\.trials).filter { $0.candidate == candidate }
      let last = own.map(\.rung).max()
      return Candidate(
        setting: own.first?.setting ?? "",
        accuracies: rungs.map { rung in
          mean(own.filter { $0.rung == rung }.compactMap(\.accuracy))
        },
        logLoss: mean(own.filter { $0.rung == last }.compactMap(\.logLoss)),
        chosen: searches.count { $0.chosen == candidate },
        seconds: own.reduce(0) { $0 + $1.seconds } / Double(searches.count))
    }
    seconds = mean(searches.map(\.seconds)) ?? 0
    wholeSeconds = mean(tuned.map(\.wholeSeconds)) ?? 0
    peak = searches.map(\.peak).max() ?? 0
    isUndivided = searches.allSatisfy { $0.trials.allSatisfy { $0.examples == 0 } }
  }

  /// Those of an experiment, in the order of its methods and numbers of examples.
  static func all(_ experiment: PlannedExperiment, _ results: ExperimentResults) -> [TuningSummary]
  {
    experiment.methods.flatMap { method in
      experiment.shape.shots.compactMap { shots in
        TuningSummary(
          method: method.name, shots: shots,
          results: experiment.shape.seeds.flatMap {
            results.results(method: method.name, shots: shots, seed: $0).compactMap(\.self)
          })
      }
    }
  }
}

extension PlannedExperiment {
  /// How settings were found, in words; nil where the source does not say.
  var tuningWords: String? {
    guard let tune = block.tune else { return nil }
    var parts: [String] = []
    let searched = zip(methods, tuning).compactMap { method, decision -> (String, SettingSearch)? in
      if case .search(let search, _) = decision { (method.name, search) } else { nil }
    }
    if let (_, search) = searched.first {
      let place =
        search.seeds.map { "on the samples of seeds \(Words.list($0.map(String.init)))" }
        ?? "within each sample"
      let shares = Words.list(search.rungs.map { Words.percent($0) })
      parts.append(
        "searched \(place) for \(Words.list(searched.map(\.0))): \(search.folds) folds, at "
          + "\(shares) of the epochs")
    }
    parts += untuned.map { reason, names in "\(Words.list(names)) \(reason.words)" }
    return parts.isEmpty
      ? (tune.searches ? "nothing to search for" : "fixed")
      : parts.joined(separator: "; ")
  }

  /// Methods whose settings nothing has searched for, by the reason, in the order of the methods.
  var untuned: [(reason: Tuning.Reason, methods: [String])] {
    var groups: [(reason: Tuning.Reason, methods: [String])] = []
    for (method, decision) in zip(methods, tuning) {
      guard case .untuned(let reason) = decision else { continue }
      if let index = groups.firstIndex(where: { $0.reason == reason }) {
        groups[index].methods.append(method.name)
      } else {
        groups.append((reason, [method.name]))
      }
    }
    return groups
  }
}

extension Tuning.Reason {
  /// After the names of methods.
  var words: String {
    switch self {
    case .nothingToTune: "with nothing to tune"
    case .setInSource: "not tuned: the source sets the learning rate"
    case .study(let name): "not tuned: as in \(name)"
    case .ownChoice: "with a choice of its own"
    case .budget: "not tuned: budget"
    case .off: "not tuned: tune is none"
    }
  }
}
