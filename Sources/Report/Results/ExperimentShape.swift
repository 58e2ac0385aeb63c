import Experiments
import Formats

/// What an experiment will contain once it has run: the names that sources can use.
package struct ExperimentShape: Hashable, Sendable {
  package let label: String
  /// Names of methods, in the order of the source.
  package let methods: [String]
  package let shots: [Int]
  package let seeds: [Int]
  /// Initializations of each seed's sample; empty where there is one, which the seed decides.
  package var initSeeds: [Int] = []
  /// Folds of a repeated cross-validation, each with a seed; nil where seeds draw samples.
  package var folds: Int?
  /// Evaluation sets of the task.
  package let sets: [String]
  /// Metrics of each evaluation set.
  package let metrics: [String]
  /// Whether sets and metrics are known; they are not where the task is not.
  var knowsMetrics = true

  package init(
    label: String, methods: [String], shots: [Int], seeds: [Int], sets: [String],
    metrics: [String]
  ) {
    self.label = label
    self.methods = methods
    self.shots = shots
    self.seeds = seeds
    self.sets = sets
    self.metrics = metrics
  }

  /// Rows tested over rows trained on, whose samples overlap; 0 for samples of their own.
  var overlap: Double { folds.map { 1 / Double($0 - 1) } ?? 0 }

  /// The initializations of a sample, nil for the one that its seed decides.
  var initializations: [Int?] { initSeeds.isEmpty ? [nil] : initSeeds.map(Optional.some) }

  /// A shape that has what either has, called by both labels.
  func union(_ other: ExperimentShape) -> ExperimentShape {
    func joined<Element: Hashable>(_ a: [Element], _ b: [Element]) -> [Element] {
      a + b.filter { !a.contains($0) }
    }
    var union = ExperimentShape(
      label: "\(label), \(other.label)", methods: joined(methods, other.methods),
      shots: joined(shots, other.shots), seeds: joined(seeds, other.seeds),
      sets: joined(sets, other.sets), metrics: joined(metrics, other.metrics))
    union.initSeeds = joined(initSeeds, other.initSeeds)
    union.folds = folds ?? other.folds
    union.knowsMetrics = knowsMetrics && other.knowsMetrics
    return union
  }

  func problem(method: String, at position: SourcePosition) -> Diagnostic? {
    if methods.contains(method) { return nil }
    return Diagnostic(
      .unknownSelector, at: position, "experiment '\(label)' has no method '\(method)'",
      help: Suggestion.help(for: method, among: methods, called: "its methods"))
  }

  func problem(shots value: Int, at position: SourcePosition) -> Diagnostic? {
    if shots.contains(value) { return nil }
    return Diagnostic(
      .unknownSelector, at: position, "experiment '\(label)' has no \(value) shots",
      help: "its shots: \(Self.list(shots))")
  }

  func problem(seed: Int, at position: SourcePosition) -> Diagnostic? {
    if seeds.contains(seed) { return nil }
    return Diagnostic(
      .unknownSelector, at: position, "experiment '\(label)' has no seed \(seed)",
      help: "its seeds: \(Self.list(seeds))")
  }

  func problem(set: String, at position: SourcePosition) -> Diagnostic? {
    if !knowsMetrics || sets.contains(set) { return nil }
    return Diagnostic(
      .unknownSelector, at: position, "experiment '\(label)' has no evaluation set '\(set)'",
      help: Suggestion.help(for: set, among: sets, called: "its sets"))
  }

  func problem(metric path: MetricPath, at position: SourcePosition) -> Diagnostic? {
    guard knowsMetrics, case .evaluation(let set, let metric) = path else { return nil }
    if let problem = problem(set: set, at: position) { return problem }
    if metrics.contains(metric) { return nil }
    var place = position
    place.column += set.utf8.count + 1
    return Diagnostic(
      .unknownSelector, at: place, "experiment '\(label)' has no metric '\(metric)'",
      help: Suggestion.help(for: metric, among: metrics, called: "its metrics"))
  }

  private static func list(_ values: [Int]) -> String {
    values.map(String.init).joined(separator: ", ")
  }
}

/// The experiments of a report, as far as they are known before anything runs.
package struct ExperimentCatalog: Sendable {
  let shapes: [ExperimentShape]
  /// Numbers that others published, which expressions may name beside experiments.
  package let published: [PublishedNumbers]
  /// Labels of experiments and published numbers whose own mistakes are reported already.
  let unreadable: Set<String>

  package init(
    _ shapes: [ExperimentShape], published: [PublishedNumbers] = [], unreadable: Set<String> = []
  ) {
    self.shapes = shapes
    self.published = published
    self.unreadable = unreadable
  }

  /// The experiment of a label; nil for one that could not be read.
  func lookUp(
    _ label: String, at position: SourcePosition
  ) -> Result<ExperimentShape?, Diagnostic> {
    if let shape = shapes.first(where: { $0.label == label }) { return .success(shape) }
    if unreadable.contains(label) { return .success(nil) }
    if published.contains(where: { $0.label == label }) {
      return .failure(
        Diagnostic(
          .unknownExperiment, at: position,
          "'\(label)' is a reference block, not an experiment",
          help: "name an experiment here; charts and tables take '\(label)' as 'reference'"))
    }
    return .failure(
      Diagnostic(
        .unknownExperiment, at: position, "there is no experiment '\(label)'",
        help: Suggestion.help(
          for: label, among: shapes.map(\.label) + unreadable.sorted(),
          called: "experiments of this report")))
  }

  /// The published numbers of a label; nil for some that could not be read.
  func lookUpPublished(
    _ label: String, at position: SourcePosition
  ) -> Result<PublishedNumbers?, Diagnostic> {
    if let numbers = published.first(where: { $0.label == label }) { return .success(numbers) }
    if unreadable.contains(label) { return .success(nil) }
    let known = published.map(\.label)
    return .failure(
      Diagnostic(
        .unknownExperiment, at: position, "there are no published numbers '\(label)'",
        help: known.isEmpty
          ? "write a reference block with them"
          : Suggestion.help(for: label, among: known, called: "references of this report")))
  }
}

/// The number of examples that an expression selects.
package enum ShotsChoice: Hashable, Sendable {
  case exactly(Int)
  /// The smallest number the experiment runs; sources write `shots=min`.
  case fewest
  /// The largest number the experiment runs; sources write `shots=max`.
  case most

  init?(word: String) {
    switch word {
    case "min": self = .fewest
    case "max": self = .most
    default: return nil
    }
  }

  /// The number meant in an experiment; nil for one without any.
  package func number(in shots: [Int]) -> Int? {
    switch self {
    case .exactly(let number): number
    case .fewest: shots.min()
    case .most: shots.max()
    }
  }
}

extension ShotsChoice: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exactly(let number): "\(number) shots"
    case .fewest: "the fewest shots"
    case .most: "the most shots"
    }
  }
}
