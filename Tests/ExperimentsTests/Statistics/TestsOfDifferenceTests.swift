import Foundation
import Testing

@testable import Experiments

@Suite struct TestsOfDifferenceTests {
  @Test(
    "the exact sign-flip test matches scipy.stats.permutation_test",
    arguments: [
      ([0.02, -0.02, 0.11, 0.06, 0.09, 0.03, 0.0, 0.14, 0.05, 0.07], 0.01171875),
      ([0.01, 0.02, 0.02, 0.05, 0.40, 0.03], 0.03125),
      ([0.03, -0.01, 0.05, 0.02, 0.04, 0.00, 0.01, 0.06], 0.046875),
      ([0.1, 0.1, 0.1, 0.1, 0.1], 0.0625), ([0, 0, 0], 1),
    ] as [([Double], Double)])
  func exact(differences: [Double], pValue: Double) throws {
    let test = try #require(SignFlipTest(differences))
    #expect(test.isExact)
    #expect(test.pValue == pValue)
  }

  @Test("beyond the exact limit the sign-flip test estimates scipy's exact p")
  func sampled() throws {
    let differences = (0..<20).map { ((0.3 + sin(Double($0))) * 1e6).rounded() / 1e6 }
    let test = try #require(SignFlipTest(differences))
    #expect(!test.isExact)
    #expect(abs(test.pValue - 0.0696563720703125) < 0.003)
    #expect(SignFlipTest(differences) == test)
  }

  @Test("no pairs give no test") func noPairs() {
    #expect(SignFlipTest([]) == nil)
  }

  @Test("the smallest p of n pairs is 2 / 2^n")
  func smallest() {
    #expect(SignFlipTest.smallestPValue(count: 5) == 0.0625)
    #expect(SignFlipTest.smallestPValue(count: 6) == 0.03125)
    #expect(SignFlipTest.smallestPValue(count: 1) == 1)
  }

  @Test("Holm's correction steps down, stays monotone and keeps the order given")
  func holm() {
    let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
    let expected = [0.03, 0.06, 0.06, 0.02]
    for (a, b) in zip(adjusted, expected) { #expect(abs(a - b) < 1e-15) }
    #expect(HolmCorrection.adjusted([0.9, 0.8]) == [1, 1])
    #expect(HolmCorrection.adjusted([]) == [])
  }

  @Test(
    "McNemar's exact test matches the binomial distribution of scipy",
    arguments: [
      (0, 0, 1.0), (1, 9, 0.021484375), (5, 5, 1), (20, 7, 0.0191572904586792),
      (300, 350, 0.05452994175892356), (0, 12, 0.00048828125),
    ])
  func mcNemar(b: Int, c: Int, pValue: Double) {
    #expect(abs(McNemarTest(onlyFirst: b, onlySecond: c).pValue - pValue) < 1e-12)
    #expect(abs(McNemarTest(onlyFirst: c, onlySecond: b).pValue - pValue) < 1e-12)
  }

  @Test("McNemar's test counts discordant items")
  func discordant() {
    let test = McNemarTest(
      first: [true, true, false, true], second: [true, false, true, false])
    #expect(test.onlyFirst == 2)
    #expect(test.onlySecond == 1)
  }
}
