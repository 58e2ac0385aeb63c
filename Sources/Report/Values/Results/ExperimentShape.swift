import Experiments
import Formats

/// What an experiment will hold once it has run: the names that sources may use.
package struct ExperimentShape: Hashable, Sendable {
  package let label: String
  /// Names of methods, in the order of the source.
  package let methods: [String]
  package let shots: [Int]
  package let seeds: [Int]
  /// Evaluation sets of the task.
  package let sets: [String]
  /// Metrics of each evaluation set.
  package let metrics: [String]

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

  /// A shape that has what either has, called by both labels.
  func union(_ other: ExperimentShape) -> ExperimentShape {
    func joined<Element: Hashable>(_ a: [Element], _ b: [Element]) -> [Element] {
      a + b.filter { !a.contains($0) }
    }
    return ExperimentShape(
      label: "\(label), \(other.label)", methods: joined(methods, other.methods),
      shots: joined(shots, other.shots), seeds: joined(seeds, other.seeds),
      sets: joined(sets, other.sets), metrics: joined(metrics, other.metrics))
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

  func problem(metric path: MetricPath, at position: SourcePosition) -> Diagnostic? {
    guard case .evaluation(let set, let metric) = path else { return nil }
    if !sets.contains(set) {
      return Diagnostic(
        .unknownSelector, at: position, "experiment '\(label)' has no evaluation set '\(set)'",
        help: Suggestion.help(for: set, among: sets, called: "its sets"))
    }
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
