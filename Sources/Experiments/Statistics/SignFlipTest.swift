import Engine

/// The paired randomisation test: under no difference, every sign of a pair is equally likely.
///
/// Two-sided, on the mean: `p = #{s : |Σ sᵢdᵢ| ≥ |Σ dᵢ|} / 2ⁿ` over all sign vectors s. Fisher 1935,
/// "The design of experiments", §21; Pitman 1937.
package struct SignFlipTest: Hashable, Sendable {
  /// The largest number of pairs whose 2ⁿ sign vectors are all visited.
  static let exactLimit = 16

  /// Number of pairs.
  package let count: Int
  package let pValue: Double
  let isExact: Bool

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

/// Several paired comparisons tested at once, each against the largest statistic of all.
///
/// All differences of one pair of runs change sign together, which keeps the dependence between
/// comparisons. The statistic is `|Σ dᵢ| / √Σ dᵢ²`, which orders sign vectors as Student's t does.
/// Step-down: the k-th largest statistic is compared with the maximum over those not larger, and
/// `p̃₍ₖ₎ = max_{j ≤ k} #{s : max_{i ≥ j} T₍ᵢ₎(s) ≥ T₍ⱼ₎} / 2ⁿ`. Westfall and Young 1993,
/// "Resampling-based multiple testing", algorithm 4.1; with sign flips Nichols and Holmes 2002,
/// "Nonparametric permutation tests for functional neuroimaging".
///
/// Holm's correction multiplies the smallest p that n pairs can give by the number of comparisons,
/// so that few pairs can show nothing; here the smallest p stays 2 / 2ⁿ however many there are.
package enum JointSignFlipTest {
  /// p-values corrected for testing all comparisons, in the order given.
  ///
  /// - Parameters:
  ///   - comparisons: Paired differences, as many for each and in the same order of pairs.
  ///   - draws: Random sign vectors where there are too many to visit all.
  /// - Returns: One p a comparison; 1 where all its differences are zero.
  /// - Complexity: O(comparisons · n · min(2ⁿ, draws)), 2ⁿ up to ``SignFlipTest/exactLimit`` pairs.
  package static func adjusted(_ comparisons: [[Double]], draws: Int = 20_000) -> [Double] {
    guard let count = comparisons.first?.count, count > 0 else { return comparisons.map { _ in 1 } }
    precondition(
      comparisons.allSatisfy { $0.count == count },
      "joint test of \(comparisons.map(\.count)) differences")
    let scaled = comparisons.map(scaled)
    let observed = scaled.map { abs($0.reduce(0, +)) }
    let order = observed.indices.sorted { (-observed[$0], $0) < (-observed[$1], $1) }
    var extreme = [Int](repeating: 0, count: observed.count)
    func visit(_ isNegative: (Int) -> Bool) {
      var largest = 0.0
      for rank in order.indices.reversed() {
        let differences = scaled[order[rank]]
        var sum = 0.0
        for pair in 0..<count { sum += isNegative(pair) ? -differences[pair] : differences[pair] }
        largest = max(largest, abs(sum))
        // Sums of the same terms in another order may differ in the last bits.
        if largest >= observed[order[rank]] - 1e-12 { extreme[rank] += 1 }
      }
    }
    let isExact = count <= SignFlipTest.exactLimit
    if isExact {
      for signs in 0..<(1 << count) { visit { signs & (1 << $0) != 0 } }
    } else {
      var stream = RandomStream(seed: 0, purpose: "statistics.joint-sign-flip.n\(count)")
      var words = [UInt64](repeating: 0, count: (count + 63) / 64)
      visit { _ in false }  // the observed signs are one of the vectors
      for _ in 0..<draws {
        for index in words.indices { words[index] = stream.next() }
        visit { words[$0 / 64] & (1 << UInt64($0 % 64)) != 0 }
      }
    }
    let all = Double(isExact ? 1 << count : draws + 1)
    var result = observed
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, Double(extreme[rank]) / all)
      result[index] = largest
    }
    return result
  }

  /// Differences in units of their root sum of squares.
  private static func scaled(_ differences: [Double]) -> [Double] {
    let norm = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? differences.map { $0 / norm } : differences
  }
}

/// Step-down correction of p-values for testing a family at once.
package enum HolmCorrection {
  /// Adjusted p-values in the order given.
  ///
  /// `p̃₍ᵢ₎ = max_{j ≤ i} min(1, (m − j + 1) p₍ⱼ₎)` for sorted p. Holm 1979, "A simple sequentially
  /// rejective multiple test procedure".
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    var result = pValues
    var largest = 0.0
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
      result[index] = largest
    }
    return result
  }
}
