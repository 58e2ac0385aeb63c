import Experiments
import Formats

/// A matrix of tests between the methods of an experiment.
struct CompareBlock: ReportBlock, Hashable {
  package static let kind = "compare"
  static let references = ReferenceStyle("cmp", "Comparison")
  static let jsonKey: String? = "comparisons"

  package let label: String
  package let position: SourcePosition
  /// The one experiment and, unless all, its methods.
  package let selection: BlockSelection
  package let shots: Located<ShotsChoice>
  let y: Located<MetricPath>
  let correction: FamilyCorrection
  package let confidence: Double
  package let format: ValueFormat?
  let caption: Template?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(comparing: &fields)
    shots = fields.shotsChoice("shots") ?? Located(.most, at: fields.position)
    let y = fields.metric("y")
    fields.requirePresence(of: "y", like: "ood.accuracy")
    correction = fields.choice("correction", of: FamilyCorrection.self)?.value ?? .holm
    confidence =
      fields.number("confidence", between: 0.5, and: 1)?.value ?? ClaimBlock.defaultConfidence
    format = fields.format("format")
    caption = fields.text("caption").map(Template.init)
    guard let selection, let y else { return nil }
    self.selection = selection
    self.y = y
  }

  var templates: [Template] { [caption].compactMap(\.self) }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    selection.checkComparable(shots: shots, metrics: [y], against: catalog)
      + (caption?.check(against: catalog) ?? [])
  }
}

/// Some methods ranked on one metric at one number of examples, with every pair tested.
struct MethodComparison: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    let method: String
    /// Nil where no seed has a value.
    let mean: Double?
    /// Mean over the seeds of the method's place among all, 1 the best, ties sharing their places;
    /// nil where a method lacks a seed.
    let averageRank: Double?
    let runs: Int
    /// Why there is no mean, or that of fewer seeds.
    let absence: String?
  }

  let experiment: String
  let metric: MetricPath
  let shots: Int
  /// The best mean first; methods without a value last.
  let entries: [Entry]
  /// Every pair of entries, in their order.
  let tests: [PairwiseTest]
  let correction: FamilyCorrection
  /// Coverage of the intervals; 1 minus it is the level of the tests.
  let confidence: Double
  /// Seeds of the experiment.
  let seeds: Int

  var level: Double { 1 - confidence }

  /// The test of two entries, whichever comes first.
  func test(_ a: String, _ b: String) -> PairwiseTest? {
    tests.first { ($0.first == a && $0.second == b) || ($0.first == b && $0.second == a) }
  }

  /// Ranks and tests.
  ///
  /// - Parameters:
  ///   - methods: At least two, in any order.
  ///   - metric: What they are compared on.
  ///   - shots: A number of examples that the experiment runs.
  ///   - results: The experiment that has them.
  ///   - correction: Of the p-values, for all pairs together.
  ///   - confidence: Coverage of the intervals, in (0, 1).
  ///   - facts: With them, clear differences of accuracy are also tested item by item.
  init(
    _ methods: [String], on metric: MetricPath, shots: Int, in results: ExperimentResults,
    correction: FamilyCorrection, confidence: Double, facts: TaskFacts? = nil
  ) {
    experiment = results.shape.label
    self.metric = metric
    self.shots = shots
    self.correction = correction
    self.confidence = confidence
    seeds = results.shape.seeds.count
    let sign = metric.prefersLower ? 1.0 : -1.0
    let samples = methods.map { method in
      (method: method, sample: results.sample(of: metric, method: method, shots: shots))
    }
    let means = samples.map { SampleMoments($0.sample.values)?.mean }
    let order = samples.indices.sorted { a, b in
      (means[a].map { sign * $0 } ?? .infinity, a) < (means[b].map { sign * $0 } ?? .infinity, b)
    }
    let ranks = Self.averageRanks(samples.map(\.sample), sign: sign)
    entries = order.map { index in
      let sample = samples[index].sample
      return Entry(
        method: samples[index].method, mean: means[index], averageRank: ranks?[index],
        runs: sample.points.count, absence: ValueExpression.words(for: sample.absences))
    }
    var tests: [PairwiseTest] = []
    for (place, index) in order.enumerated() {
      for other in order[(place + 1)...] {
        tests.append(PairwiseTest(samples[index], samples[other], confidence: confidence))
      }
    }
    tests.correct(by: correction)
    if case .evaluation(let set, "accuracy") = metric, let facts {
      for index in tests.indices where tests[index].isClear(at: 1 - confidence) {
        let answers = [tests[index].first, tests[index].second].compactMap {
          results.rightAnswers(method: $0, shots: shots, set: set, facts: facts)
        }
        guard answers.count == 2 else { continue }
        tests[index].items = ItemComparison(
          first: answers[0], second: answers[1], confidence: confidence)
      }
    }
    self.tests = tests
  }

  /// The comparison of a block; nil where its experiment is not there.
  init?(_ block: CompareBlock, in frame: ResultFrame, facts: [String: TaskFacts] = [:]) {
    guard let label = block.selection.experiments.first?.value, let results = frame[label],
      let shots = block.shots.value.number(in: results.shape.shots)
    else { return nil }
    self.init(
      block.selection.methods?.map(\.value) ?? results.shape.methods, on: block.y.value,
      shots: shots, in: results, correction: block.correction, confidence: block.confidence,
      facts: facts[label])
  }

  /// Places within each seed, averaged; nil unless every method has every seed.
  private static func averageRanks(_ samples: [Sample], sign: Double) -> [Double]? {
    guard let seeds = samples.first?.points.map(\.seed), !seeds.isEmpty,
      samples.allSatisfy({ $0.absences.isEmpty && $0.points.map(\.seed) == seeds })
    else { return nil }
    let values = seeds.indices.map { seed in samples.map { sign * $0.points[seed].value } }
    return AverageRanks(values, higherIsBetter: false)?.ranks
  }
}
