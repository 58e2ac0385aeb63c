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
  /// Of the mean alone, by the rule; nil while a run is missing and where nothing varies.
  let interval: ConfidenceInterval?
  /// What the interval speaks of.
  let basis: Contrast.Basis?
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
      values: values, absences: absences, moments: moments, interval: nil, basis: nil,
      isShared: isShared, failures: failures)
    estimate.statistic = statistic
    return estimate
  }
}

/// The estimates of a frame, each computed once.
final class EstimateTable {
  struct Key: Hashable {
    let experiment: String
    let method: String
    let shots: Int
    let metric: MetricPath
  }

  let scores: ScoreTable
  private var known: [Key: Estimate] = [:]

  var frame: ResultFrame { scores.frame }

  init(_ scores: ScoreTable) { self.scores = scores }

  convenience init(_ frame: ResultFrame) { self.init(ScoreTable(frame)) }

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
    let contrast = absences.isEmpty ? Contrast(CrossedScores(values: values)) : nil
    return Estimate(
      values: values, absences: absences, moments: SampleMoments(values),
      interval: contrast?.interval(confidence: Estimate.confidence), basis: contrast?.basis,
      isShared: false)
  }

  private func make(_ key: Key) -> Estimate {
    guard let results = frame[key.experiment], results.shape.methods.contains(key.method),
      results.shape.shots.contains(key.shots)
    else {
      return Estimate(
        values: [], absences: [], moments: nil, interval: nil, basis: nil, isShared: false)
    }
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
    // Seeds that failed would bias what is left, so there is no interval without them.
    let contrast =
      sample.absences.isEmpty
      ? scores.scores(key.metric, of: key.method, shots: key.shots, in: key.experiment)
        .scores.flatMap { Contrast($0) } : nil
    let interval = contrast?.interval(confidence: Estimate.confidence)
    return Estimate(
      values: values, absences: sample.absences, moments: SampleMoments(values),
      interval: key.metric.bounds.flatMap { interval?.clipped(to: $0) } ?? interval,
      basis: interval == nil ? nil : contrast?.basis, isShared: isShared, failures: failures)
  }
}
