import Experiments
import Formats

/// One method against another on the seeds both ran.
struct PairwiseTest: Hashable, Sendable {
  /// The one whose mean is the better.
  package let first: String
  let second: String
  /// First minus second; nil where a cell is missing.
  let difference: PairedDifference?
  /// Corrected for the other pairs of the family.
  var adjustedPValue: Double?
  /// How many seeds have a distinct pair of results.
  package let distinctPairs: Int
  /// The same test on single items; nil unless ``MethodComparison`` makes it.
  package internal(set) var items: ItemComparison?
  /// Why there is no difference or no test.
  let absence: String?
  /// The differences by seed, in the order of the experiment's seeds.
  let differences: [Double]

  /// Whether the two differ at a level: the corrected p is at most `level`.
  func isClear(at level: Double) -> Bool {
    adjustedPValue.map { $0 <= level + 1e-12 } ?? false
  }

  /// Pairs two samples; one absent cell on either side is enough for no test, since seeds that
  /// failed would bias what is left.
  init(
    _ first: (method: String, sample: Sample), _ second: (method: String, sample: Sample),
    confidence: Double
  ) {
    self.first = first.method
    self.second = second.method
    let pairs = first.sample.paired(with: second.sample)
    distinctPairs = Set(pairs.map { [$0.left, $0.right] }).count
    if let words = ValueExpression.words(for: first.sample.absences + second.sample.absences) {
      differences = []
      difference = nil
      // If there is a place for a number, its absence is already shown.
      absence = words.hasPrefix("missing: ") ? String(words.dropFirst(9)) : words
      return
    }
    differences = pairs.map { $0.left - $0.right }
    difference = PairedDifference(differences, confidence: confidence)
    absence =
      switch difference {
      case nil: "no seed in common"
      case let difference? where difference.count == 1: "one seed"
      case let difference? where difference.isPoint: "equal on every seed"
      default: nil
      }
  }
}

extension [PairwiseTest] {
  /// Corrects the p-values of those that have one for being as many.
  mutating func correct(by correction: FamilyCorrection) {
    let tested = indices.filter { self[$0].difference?.pValue != nil }
    let adjusted = correction.adjusted(
      tested.compactMap { index in
        self[index].difference?.pValue.map { ($0, self[index].differences) }
      })
    for (index, value) in zip(tested, adjusted) { self[index].adjustedPValue = value }
  }

  /// How many have a p-value.
  var testedCount: Int { count { $0.difference?.pValue != nil } }
}

/// The mean of some differences paired by seed, with its interval and test.
struct PairedDifference: Hashable, Sendable {
  /// Mean of the differences.
  package let estimate: Double
  /// Nil for a single pair, and for equal differences a point.
  package let interval: ConfidenceInterval?
  /// Two-sided sign-flip test against the boundary; nil where the differences are equal, which is
  /// no evidence that the seeds were independent, or single.
  let pValue: Double?
  /// How many pairs.
  package let count: Int

  /// Whether all differences are the same.
  var isPoint: Bool { interval?.method == .point }

  /// Sums up and tests; nil without differences.
  ///
  /// - Parameters:
  ///   - differences: One per seed, finite.
  ///   - boundary: What the mean is tested against.
  ///   - confidence: Coverage of the interval, in (0, 1).
  package init?(_ differences: [Double], boundary: Double = 0, confidence: Double) {
    guard let moments = SampleMoments(differences) else { return nil }
    estimate = moments.mean
    count = moments.count
    interval = ConfidenceInterval.ofMean(differences, confidence: confidence)
    pValue =
      interval == nil || interval?.method == .point
      ? nil : SignFlipTest(differences.map { $0 - boundary })?.pValue
  }
}

/// Two methods' answers to the same items of an evaluation set, seed by seed.
///
/// Seeds alone show whether other training examples would give the same difference; items show whether
/// another evaluation set of that kind would.
struct ItemComparison: Hashable, Sendable {
  /// First minus second, with seeds and items resampled.
  let bootstrap: ItemBootstrap
  /// One test per seed, of that seed's two runs.
  package let runs: [McNemarTest]

  /// Compares answers; nil without seeds or items, and for lists of different sizes.
  ///
  /// - Parameters:
  ///   - first: Whether the first method is right, `[seeds][items]`.
  ///   - second: The same of the second.
  ///   - confidence: Coverage of the interval, in (0, 1).
  init?(first: [[Bool]], second: [[Bool]], confidence: Double) {
    guard let bootstrap = ItemBootstrap(first: first, second: second, confidence: confidence)
    else { return nil }
    self.bootstrap = bootstrap
    runs = zip(first, second).map { McNemarTest(first: $0, second: $1) }
  }

  /// Whether the interval leaves out 0.
  var isClear: Bool {
    bootstrap.interval.lower > 0 || bootstrap.interval.upper < 0
  }

  /// On how many seeds the two runs differ at a level, each tested alone.
  func differingRuns(at level: Double) -> Int { runs.count { $0.pValue <= level } }
}

extension ExperimentResults {
  /// Which items of a set a method has right, by seed; nil where a run or its examples are missing.
  func rightAnswers(method: String, shots: Int, set: String, facts: TaskFacts) -> [[Bool]]? {
    let answers = shape.seeds.compactMap { seed in
      result(method: method, shots: shots, seed: seed)?.evaluations
        .first { $0.set == set }.flatMap(facts.rightAnswers)
    }
    return answers.count == shape.seeds.count ? answers : nil
  }
}

extension PairwiseTest {
  /// The test for programs.
  func json(level: Double) -> JSONText {
    .map([
      "first": .text(first), "second": .text(second),
      "difference": JSONText(difference?.estimate),
      "interval": difference?.interval.map { JSONText($0) } ?? .null,
      "pValue": JSONText(difference?.pValue),
      "adjustedPValue": JSONText(adjustedPValue), "clear": .flag(isClear(at: level)),
      "seeds": .integer(difference?.count ?? 0),
      "distinctPairs": .integer(distinctPairs), "absence": JSONText(absence),
      "items": items.map(\.json) ?? .null,
    ])
  }
}

extension ItemComparison {
  fileprivate var json: JSONText {
    .map([
      "count": .integer(bootstrap.items), "interval": JSONText(bootstrap.interval),
      "pValue": JSONText(bootstrap.pValue), "clear": .flag(isClear),
      "runs": .list(
        runs.map { run in
          .map([
            "onlyFirst": .integer(run.onlyFirst), "onlySecond": .integer(run.onlySecond),
            "pValue": JSONText(run.pValue),
          ])
        }),
    ])
  }
}
