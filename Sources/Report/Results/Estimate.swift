import Experiments

/// One metric of one method at one number of shots, summed up over its seeds.
struct Estimate: Hashable, Sendable {
  /// Confidence of every interval that a figure draws.
  static let confidence = 0.95

  /// One value per run; a result that belongs to several seeds counts once.
  let values: [Double]
  let absences: [Sample.Absence]
  /// Nil without a value.
  let moments: SampleMoments?
  /// Nil for fewer than two runs and for runs that all gave the same.
  let interval: ConfidenceInterval?
  /// Whether one run counts for all seeds, because the method reads no examples.
  let isShared: Bool
  /// How many runs came to nothing; nil for what no evaluation set measures.
  var failures: RunFailures?
  private(set) var statistic = Statistic.mean

  var mean: Double? { moments?.mean }

  /// The values as one number, by ``statistic``.
  var center: Double? { statistic.value(of: values) }

  /// The same values by another statistic, of which there is no interval.
  func by(_ statistic: Statistic) -> Estimate {
    guard statistic != .mean else { return self }
    var estimate = Estimate(
      values: values, absences: absences, moments: moments, interval: nil, isShared: isShared,
      failures: failures)
    estimate.statistic = statistic
    return estimate
  }
}

/// The estimates of a frame, each computed once: a bootstrap costs more than a page.
final class EstimateTable {
  struct Key: Hashable {
    let experiment: String
    let method: String
    let shots: Int
    let metric: MetricPath
  }

  let frame: ResultFrame
  private var known: [Key: Estimate] = [:]
  private var intervals: [[Double]: ConfidenceInterval?] = [:]

  init(_ frame: ResultFrame) { self.frame = frame }

  /// Every estimate asked for so far, by experiment, method, shots and metric as the shapes list them.
  var asked: [(key: Key, estimate: Estimate)] {
    let shapes = frame.experiments.map(\.shape)
    func rank(_ key: Key) -> (Int, Int, Int, String) {
      let index = shapes.firstIndex { $0.label == key.experiment } ?? shapes.count
      let methods = shapes.indices.contains(index) ? shapes[index].methods : []
      return (
        index, methods.firstIndex(of: key.method) ?? methods.count, key.shots,
        key.metric.description
      )
    }
    return known.map { (rank: rank($0.key), key: $0.key, estimate: $0.value) }
      .sorted { $0.rank < $1.rank }.map { ($0.key, $0.estimate) }
  }

  func estimate(
    _ metric: MetricPath, of method: String, shots: Int, in experiment: String,
    by statistic: Statistic = .mean
  ) -> Estimate {
    let key = Key(experiment: experiment, method: method, shots: shots, metric: metric)
    let estimate = known[key] ?? make(key)
    known[key] = estimate
    return estimate.by(statistic)
  }

  /// Values that no metric path names, one per run, summed up like an estimate.
  func estimate(of values: [Double], absences: [Sample.Absence] = []) -> Estimate {
    Estimate(
      values: values, absences: absences, moments: SampleMoments(values),
      interval: interval(values), isShared: false)
  }

  private func make(_ key: Key) -> Estimate {
    guard let results = frame[key.experiment], results.shape.methods.contains(key.method),
      results.shape.shots.contains(key.shots)
    else { return Estimate(values: [], absences: [], moments: nil, interval: nil, isShared: false) }
    let sample = results.sample(of: key.metric, method: key.method, shots: key.shots)
    let runs = Set(
      sample.points.flatMap {
        results.results(method: key.method, shots: key.shots, seed: $0.seed).compactMap { $0?.key }
      })
    var failures: RunFailures?
    if case .evaluation(let set, _) = key.metric {
      failures = RunFailures(
        results.shape.seeds.flatMap {
          results.results(method: key.method, shots: key.shots, seed: $0)
        }.compactMap(\.self), on: set)
    }
    let isShared = runs.count == 1 && sample.points.count > 1
    let values = isShared ? Array(sample.values.prefix(1)) : sample.values
    return Estimate(
      values: values, absences: sample.absences, moments: SampleMoments(values),
      interval: key.metric.bounds.flatMap { interval(values)?.clipped(to: $0) }
        ?? interval(values), isShared: isShared, failures: failures)
  }

  private func interval(_ values: [Double]) -> ConfidenceInterval? {
    if let interval = intervals[values] { return interval }
    let interval = ConfidenceInterval.ofMean(values, confidence: Estimate.confidence)
    let shown = interval?.method == .point ? nil : interval
    intervals[values] = .some(shown)
    return shown
  }
}
