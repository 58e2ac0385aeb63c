package import Experiments

/// Every result of a report by the names its source uses.
package struct ResultFrame: Sendable {
  package let experiments: [ExperimentResults]

  /// What others published, which no experiment of the report measured.
  package let published: [PublishedNumbers]
  /// What answers are right, by experiment; without it only the values of seeds are known.
  let answers: [String: AnswerKey]

  init(
    _ experiments: [ExperimentResults], published: [PublishedNumbers] = [],
    answers: [String: AnswerKey] = [:]
  ) {
    self.experiments = experiments
    self.published = published
    self.answers = answers
  }

  package subscript(label: String) -> ExperimentResults? {
    experiments.first { $0.shape.label == label }
  }

  /// Published numbers by the label of their block.
  func published(_ label: String) -> PublishedNumbers? {
    published.first { $0.label == label }
  }

  /// Whether something has that name.
  func holds(_ label: String) -> Bool { self[label] != nil || published(label) != nil }

  package var catalog: ExperimentCatalog {
    ExperimentCatalog(experiments.map(\.shape), published: published)
  }
}

/// The cells of one experiment.
package struct ExperimentResults: Sendable {
  /// One cell; a result may belong to several shots if it does not depend on them.
  package struct Entry: Hashable, Sendable {
    package let method: String
    package let shots: Int
    package let seed: Int
    /// Which initialization of the sample; nil for the one that the seed decides.
    package let initSeed: Int?
    /// Nil for a cell that has not run.
    package let result: CellResult?

    package init(
      method: String, shots: Int, seed: Int, initSeed: Int? = nil, result: CellResult?
    ) {
      self.method = method
      self.shots = shots
      self.seed = seed
      self.initSeed = initSeed
      self.result = result
    }
  }

  private struct Place: Hashable {
    let method: String
    let shots: Int
    let seed: Int
    let initSeed: Int?
  }

  package let shape: ExperimentShape
  package let entries: [Entry]
  private let results: [Place: CellResult]

  package init(shape: ExperimentShape, entries: [Entry]) {
    self.shape = shape
    self.entries = entries
    results = Dictionary(
      entries.compactMap { entry in
        entry.result.map {
          (
            Place(
              method: entry.method, shots: entry.shots, seed: entry.seed,
              initSeed: entry.initSeed), $0
          )
        }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The result of a cell; nil for one that has not run.
  package func result(
    method: String, shots: Int, seed: Int, initSeed: Int? = nil
  ) -> CellResult? {
    results[Place(method: method, shots: shots, seed: seed, initSeed: initSeed)]
  }

  /// The results of a method on one sample, one an initialization; nil for what has not run.
  package func results(method: String, shots: Int, seed: Int) -> [CellResult?] {
    shape.initializations.map {
      result(method: method, shots: shots, seed: seed, initSeed: $0)
    }
  }

  /// One metric of the cells that match, in the order of the shape; nil matches all.
  ///
  /// The value of a seed is the mean over the initializations of its sample: samples are drawn
  /// independently, the runs on one of them are not.
  ///
  /// - Parameters:
  ///   - metric: What to measure.
  ///   - method: A method's name.
  ///   - shots: A number of examples.
  ///   - seed: A seed.
  /// - Returns: The values there are, and why the others are not.
  package func sample(
    of metric: MetricPath, method: String? = nil, shots: Int? = nil, seed: Int? = nil
  ) -> Sample {
    var sample = Sample()
    for method in method.map({ [$0] }) ?? shape.methods {
      for shots in shots.map({ [$0] }) ?? shape.shots {
        for seed in seed.map({ [$0] }) ?? shape.seeds {
          var values: [Double] = []
          for initSeed in shape.initializations {
            let result = result(method: method, shots: shots, seed: seed, initSeed: initSeed)
            switch result?.measurement(of: metric) ?? .absent("not run") {
            case .value(let value): values.append(value)
            case .absent(let reason):
              let run = initSeed.map { "initialization \($0) " } ?? ""
              sample.absences.append(
                Sample.Absence(method: method, shots: shots, seed: seed, reason: run + reason))
            }
          }
          if let mean = SampleMoments(values)?.mean {
            sample.points.append(Sample.Point(seed: seed, value: mean))
          }
        }
      }
    }
    return sample
  }
}

/// One value per seed, and why some seeds have none.
package struct Sample: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package let seed: Int
    package let value: Double
  }

  /// A cell without the requested value.
  package struct Absence: Hashable, Sendable {
    package let method: String
    package let shots: Int
    package let seed: Int
    package let reason: String
  }

  package var points: [Point] = []
  package var absences: [Absence] = []

  package var values: [Double] { points.map(\.value) }

  /// Values of the seeds that both samples have, in the order of the first.
  func paired(with other: Sample) -> [(seed: Int, left: Double, right: Double)] {
    let values = Dictionary(other.points.map { ($0.seed, $0.value) }) { first, _ in first }
    return points.compactMap { point in
      values[point.seed].map { (point.seed, point.value, $0) }
    }
  }
}

extension ExperimentResults {
  /// Every result once, in the order of the places.
  var runs: [CellResult] {
    var seen: Set<String> = []
    return entries.compactMap(\.result).filter { seen.insert($0.key).inserted }
  }
}
