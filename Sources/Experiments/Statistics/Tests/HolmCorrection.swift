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
