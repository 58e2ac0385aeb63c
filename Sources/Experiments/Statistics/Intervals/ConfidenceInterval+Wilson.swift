extension ConfidenceInterval {
  /// Wilson's score interval for a share, such as the accuracy on `count` items of one run.
  ///
  /// `(p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)`. Wilson 1927, "Probable inference, the law
  /// of succession, and statistical inference". It speaks of other items, not of other seeds.
  ///
  /// - Parameters:
  ///   - share: Observed share, in [0, 1].
  ///   - count: How many items it was observed on, at least one.
  ///   - confidence: Coverage, in (0, 1).
  /// - Returns: The interval, within [0, 1].
  package static func wilson(share: Double, of count: Int, confidence: Double) -> Self {
    precondition(
      count > 0 && share >= 0 && share <= 1, "Wilson's interval of \(share) on \(count) items")
    let n = Double(count)
    let z = Normal.quantile(0.5 + confidence / 2)
    let middle = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return Self(
      lower: max(0, (middle - half) / scale), upper: min(1, (middle + half) / scale),
      confidence: confidence, method: .wilson)
  }
}
