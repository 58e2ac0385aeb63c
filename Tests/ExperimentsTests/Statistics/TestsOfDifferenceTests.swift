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

  @Test("Holm's correction steps down, stays monotone and keeps the order given")
  func holm() {
    let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
    let expected = [0.03, 0.06, 0.06, 0.02]
    for (a, b) in zip(adjusted, expected) { #expect(abs(a - b) < 1e-15) }
    #expect(HolmCorrection.adjusted([0.9, 0.8]) == [1, 1])
    #expect(HolmCorrection.adjusted([]) == [])
  }
}
