import Testing

@testable import Engine
@testable import Experiments

@Suite struct JointSignFlipTests {
  static let strong = [0.11, 0.08, 0.12, 0.09, 0.1, 0.13]
  static let weak = [0.05, -0.02, 0.04, 0.01, -0.01, 0.03]

  @Test("one comparison alone has the p of the sign-flip test", arguments: [strong, weak])
  func single(differences: [Double]) throws {
    let alone = try #require(SignFlipTest(differences))
    #expect(JointSignFlipTest.adjusted([differences]) == [alone.pValue])
  }

  @Test("comparisons that say the same are no more than one, however many they are")
  func dependent() {
    let many = Array(repeating: Self.strong, count: 28)
    #expect(JointSignFlipTest.adjusted(many).allSatisfy { $0 == 2.0 / 64 })
    // Holm cannot know that: 28 · 2/64.
    let holm = HolmCorrection.adjusted(many.compactMap { SignFlipTest($0)?.pValue })
    #expect(holm.allSatisfy { abs($0 - 28.0 / 32) < 1e-12 })
  }

  @Test("two comparisons of three pairs, counted by hand")
  func byHand() {
    // a = (1, 1, 1)/√3: statistics over its eight sign vectors are √3 twice and 1/√3 six times.
    // b = (1, −1, 0)/√2: √2 where the first two signs differ from each other, and 0 elsewhere.
    // Step 1, against max(a, b) ≥ √3: the two vectors of equal signs, p = 2/8.
    // Step 2, b alone at its observed 0: every vector, p = 1.
    #expect(JointSignFlipTest.adjusted([[1, 1, 1], [1, -1, 0]]) == [0.25, 1])
  }

  @Test("the order of comparisons and the size of differences do not matter")
  func invariance() {
    let a = JointSignFlipTest.adjusted([Self.strong, Self.weak])
    let b = JointSignFlipTest.adjusted([Self.weak.map { -7 * $0 }, Self.strong])
    #expect(a == [b[1], b[0]])
    #expect(a[0] <= a[1])
  }

  @Test("no differences at all are no evidence")
  func zeros() {
    #expect(JointSignFlipTest.adjusted([[0, 0, 0], [0, 0, 0]]) == [1, 1])
    #expect(JointSignFlipTest.adjusted([]) == [])
    #expect(JointSignFlipTest.adjusted([[]]) == [1])
  }

  @Test("many pairs are drawn at random, the same every time and close to the truth")
  func random() {
    var stream = RandomStream(seed: 4, purpose: "test.joint")
    let noise = (0..<24).map { _ in stream.normal() }
    let shifted = noise.map { $0 + 0.9 }
    let first = JointSignFlipTest.adjusted([noise, shifted])
    #expect(first == JointSignFlipTest.adjusted([noise, shifted]))
    #expect(first[1] < 0.01)
    #expect(first[0] > 0.02)
  }
}
