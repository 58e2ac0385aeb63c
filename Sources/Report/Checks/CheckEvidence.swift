import Experiments

/// The successful runs of one experiment, grouped as the checks look at them.
struct CheckEvidence {
  /// The runs of a method at one number of shots.
  struct Group {
    let method: Method
    /// Nil for a method that reads no examples: one run is shown at every number.
    let shots: Int?
    /// One for every key.
    let runs: [CellResult]
    /// How many samples they are of.
    let samples: Int
    /// How many there would be if every cell had succeeded.
    let planned: Int
  }

  let experiment: PlannedExperiment
  let results: ExperimentResults
  /// Nil if the examples could not be read.
  let facts: TaskFacts?
  let groups: [Group]
  /// The page's contrasts.
  let book: ContrastBook

  init(
    experiment: PlannedExperiment, results: ExperimentResults, facts: TaskFacts? = nil,
    book: ContrastBook
  ) {
    self.book = book
    self.experiment = experiment
    self.results = results
    self.facts = facts
    groups = experiment.methods.flatMap { method in
      let numbers = experiment.shape.shots.sorted()
      return (method.usesSample ? numbers.map(Optional.some) : [nil]).map { shots in
        let place = shots ?? numbers.first ?? 0
        var seen: Set<String> = []
        let samples = experiment.shape.seeds.map { seed in
          results.results(method: method.name, shots: place, seed: seed).compactMap(\.self)
            .filter { $0.status == .succeeded && seen.insert($0.key).inserted }
        }
        let planned = Set(
          experiment.places.filter { $0.method == method.name && $0.shots == place }.map(\.key))
        return Group(
          method: method, shots: shots, runs: samples.flatMap(\.self),
          samples: samples.count { !$0.isEmpty }, planned: planned.count)
      }
    }
  }

  /// What one check finds; nil where there is nothing to look at.
  func finding(_ kind: ValidityCheck.Kind) -> CheckFinding? {
    switch kind {
    case .sampleSharing: sampleSharing
    case .equalRuns: equalRuns
    case .effectiveSeeds: effectiveSeeds
    case .power: power
    case .training: training
    case .tuning: tuning
    case .demonstrations: demonstrations
    case .collapse: collapse
    case .majority: majority
    case .overlap: overlap
    case .longTexts: longTexts
    case .oddRows: oddRows
    }
  }

  /// Evaluation sets that are scored, without the parts that repeat their answers.
  var sets: [String] { Self.sets(of: experiment) }

  static func sets(of experiment: PlannedExperiment) -> [String] {
    let scored = Set(experiment.task.evaluations.map(\.name))
    return experiment.shape.sets.filter(scored.contains)
  }

  /// "vanilla at 2 and 16 shots".
  func words(_ method: String, _ shots: [Int?]) -> String {
    let shots = shots.compactMap(\.self)
    guard !shots.isEmpty, shots.count < experiment.shape.shots.count else { return method }
    return "\(method) at \(Words.list(shots.map(String.init))) shots"
  }

  /// "vanilla at 2 shots", or the method alone where it reads no examples.
  func words(_ group: Group) -> String {
    group.shots.map { "\(group.method.name) at \($0) shots" } ?? group.method.name
  }
}
