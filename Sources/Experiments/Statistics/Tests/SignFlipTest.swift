import Engine

/// The paired randomisation test: under no difference, every sign of a pair is equally likely.
///
/// Two-sided, on the mean: `p = #{s : |Σ sᵢdᵢ| ≥ |Σ dᵢ|} / 2ⁿ` over all sign vectors s. Fisher 1935,
/// "The design of experiments", §21; Pitman 1937.
package struct SignFlipTest: Hashable, Sendable {
  /// The largest number of pairs whose 2ⁿ sign vectors are all visited.
  package static let exactLimit = 16

  /// Number of pairs.
  package let count: Int
  package let pValue: Double
  package let isExact: Bool

  /// Tests paired differences against zero; nil for none.
  ///
  /// - Parameters:
  ///   - differences: One finite difference a pair.
  ///   - draws: Random sign vectors where there are too many to visit all.
  package init?(_ differences: [Double], draws: Int = 100_000) {
    guard !differences.isEmpty else { return nil }
    count = differences.count
    let observed = abs(differences.reduce(0, +))
    // Sums of the same terms in another order may differ in the last bits.
    let threshold = observed - 1e-12 * differences.reduce(0) { $0 + abs($1) }
    isExact = differences.count <= Self.exactLimit
    if isExact {
      pValue = Self.exactShare(differences, atLeast: threshold)
    } else {
      var stream = RandomStream(seed: 0, purpose: "statistics.sign-flip.n\(differences.count)")
      var extreme = 1  // the observed signs are one of the vectors
      for _ in 0..<draws where abs(Self.randomSum(differences, &stream)) >= threshold {
        extreme += 1
      }
      pValue = Double(extreme) / Double(draws + 1)
    }
  }

  /// The smallest two-sided p that `count` pairs can give: 2 / 2ⁿ.
  package static func smallestPValue(count: Int) -> Double {
    count < 1 ? 1 : Double(sign: .plus, exponent: 1 - count, significand: 1)
  }

  private static func exactShare(_ differences: [Double], atLeast threshold: Double) -> Double {
    let vectors = 1 << differences.count
    var extreme = 0
    for signs in 0..<vectors {
      var sum = 0.0
      for (i, difference) in differences.enumerated() {
        sum += signs & (1 << i) == 0 ? difference : -difference
      }
      if abs(sum) >= threshold { extreme += 1 }
    }
    return Double(extreme) / Double(vectors)
  }

  private static func randomSum(_ differences: [Double], _ stream: inout RandomStream) -> Double {
    var sum = 0.0
    var bits: UInt64 = 0
    for (i, difference) in differences.enumerated() {
      if i % 64 == 0 { bits = stream.next() }
      sum += bits & 1 == 0 ? difference : -difference
      bits >>= 1
    }
    return sum
  }
}
