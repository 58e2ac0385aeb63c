import Experiments

/// One method against another on the seeds both ran.
package struct PairwiseTest: Hashable, Sendable {
  /// The one whose mean is the better.
  package let first: String
  package let second: String
  /// First minus second; nil where a cell is missing.
  package let difference: PairedDifference?
  /// Corrected for the other pairs of the family.
  package internal(set) var adjustedPValue: Double?
  /// How many seeds brought a pair of results of their own.
  package let distinctPairs: Int
  /// The same question put to single items; nil unless ``MethodComparison`` asked it.
  package internal(set) var items: ItemComparison?
  /// Why there is no difference or no test.
  package let absence: String?
  /// The differences by seed, in the order of the experiment's seeds.
  let differences: [Double]

  /// Whether the two differ at a level: the corrected p is at most `level`.
  package func isClear(at level: Double) -> Bool {
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
      // Where there is a place for a number, that it is missing is said already.
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
