import Testing

@testable import Engine
@testable import Experiments

@Suite struct ComparisonTests {
  private let first = [0.66, 0.61, 0.70, 0.64, 0.68, 0.63, 0.69]
  private let second = [0.62, 0.60, 0.66, 0.65, 0.61, 0.60, 0.63]

  @Test("exchanging the sides turns the difference and keeps p")
  func symmetry() throws {
    let there = try #require(PairedComparison(first, second))
    let back = try #require(PairedComparison(second, first))
    #expect(abs(there.difference + back.difference) < 1e-15)
    #expect(there.pValue == back.pValue)
    let effects = (try #require(there.effect), try #require(back.effect))
    #expect(abs(effects.0.hedgesG + effects.1.hedgesG) < 1e-12)
    #expect(abs(effects.0.winShare + effects.1.winShare - 1) < 1e-12)
    #expect(abs(effects.0.hedgesG) < abs(effects.0.cohensDz))
  }

  @Test("the order of the seeds does not matter, and neither does a common shift")
  func invariance() throws {
    let there = try #require(PairedComparison(first, second))
    let turned = try #require(PairedComparison(first.reversed(), second.reversed()))
    #expect(turned.pValue == there.pValue)
    let shifted = try #require(PairedComparison(first.map { $0 + 1 }, second.map { $0 + 1 }))
    #expect(shifted.pValue == there.pValue)
    #expect(abs(shifted.difference - there.difference) < 1e-12)
  }

  @Test("a family is corrected where there is a p")
  func family() throws {
    let one = try #require(PairedComparison([0.1], [0.2]))
    #expect(one.pValue == nil)
    let two = try #require(PairedComparison(first, second))
    let family = PairedComparison.adjusted([one, two, two])
    #expect(family[0].adjustedPValue == nil)
    #expect(family[1].adjustedPValue == two.pValue.map { min(1, 2 * $0) })
  }

  @Test("pairs that repeat one another count once, and give no p where all differ by the same")
  func repeats() throws {
    let repeated = try #require(
      PairedComparison([Double](repeating: 0.6, count: 10), [Double](repeating: 0.5, count: 10)))
    #expect(repeated.distinctPairs == 1)
    #expect(repeated.pValue == nil)
    #expect(repeated.smallestPValue == 1)
    let equal = try #require(PairedComparison([0.5, 0.6], [0.5, 0.6]))
    #expect(equal.pValue == 1)
  }

  @Test(
    "what cannot be compared gives nothing",
    arguments: [([], []), ([0.1], []), ([.nan], [0.1])] as [([Double], [Double])])
  func undefined(first: [Double], second: [Double]) {
    #expect(PairedComparison(first, second) == nil)
  }

  @Test("below six seeds a warning says what p can be reached")
  func power() {
    #expect(SeedPower.pairsNeeded(alpha: 0.05) == SeedPower.fewestPairs)
    #expect(SeedPower.pairsNeeded(alpha: 0.01) == 8)
    #expect(SeedPower.warning(pairs: 6) == nil)
    #expect(
      SeedPower.warning(pairs: 3)
        == "With 3 seeds the smallest two-sided p possible is 0.25 (2/2^3); 6 are needed to go "
        + "below 0.05.")
    #expect(
      SeedPower.warning(pairs: 1)
        == "With 1 seed the smallest two-sided p possible is 1 (2/2^1); 6 are needed to go below "
        + "0.05.")
  }

  @Test("a permutation of methods permutes ranks, and reversing the better end mirrors them")
  func ranks() throws {
    let values = [[0.6, 0.5, 0.7], [0.6, 0.4, 0.8], [0.5, 0.5, 0.7]]
    let ranks = try #require(AverageRanks(values)).ranks
    let turned = try #require(AverageRanks(values.map { [$0[2], $0[0], $0[1]] })).ranks
    #expect(turned == [ranks[2], ranks[0], ranks[1]])
    let mirrored = try #require(AverageRanks(values, higherIsBetter: false)).ranks
    #expect(zip(mirrored, ranks).allSatisfy { abs($0 + $1 - 4) < 1e-12 })
    #expect(AverageRanks([[0.5, 0.5], [0.6, 0.6]])?.friedman == nil)
    #expect(AverageRanks([[0.5, 0.6], [0.5]]) == nil)
    #expect(AverageRanks([[0.5, .nan]]) == nil)
  }

  @Test("resampled pairs of the same answers differ by nothing")
  func sameAnswers() throws {
    let answers = [[true, false, true], [true, true, false]]
    let found = try #require(ItemBootstrap(first: answers, second: answers))
    #expect(found.estimate == 0)
    #expect(found.interval.lower == 0 && found.interval.upper == 0)
    #expect(found.pValue == 1)
    #expect(ItemBootstrap(first: answers, second: [[true, false, true]]) == nil)
    #expect(ItemBootstrap(first: [[]], second: [[]]) == nil)
  }

  @Test("BCa intervals of ten normal values cover their mean nearly as often as they say")
  func coverage() throws {
    var stream = RandomStream(seed: 3, purpose: "coverage")
    let studies = 400
    var covered = 0
    for _ in 0..<studies {
      let values = (0..<10).map { _ in stream.normal() }
      let interval = try #require(
        ConfidenceInterval.bca(values, confidence: 0.95, resamples: 500))
      if interval.lower <= 0, interval.upper >= 0 { covered += 1 }
    }
    // The bootstrap of ten values is known to be narrow: Efron and Tibshirani 1993, §14.3.
    #expect(Double(covered) / Double(studies) > 0.86)
    #expect(Double(covered) / Double(studies) < 0.97)
  }
}
