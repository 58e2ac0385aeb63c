/// How many items a set has, read off its scores: a share of n items is a multiple of 1/n.
enum ItemCount {
  /// The largest set that is looked for.
  private static let limit = 100_000
  /// Scores written too coarsely fit any number of items.
  private static let coarsest = 0.01

  /// Whether every score is a share of `count` items, as far as its digits tell.
  ///
  /// - Returns: Nil where the digits are too few to tell.
  static func fits(_ scores: [AuditedScore], count: Int) -> Bool? {
    let n = Double(count)
    let telling = Set(scores).filter { $0.tolerance * n <= coarsest }
    guard telling.count >= 3 else { return nil }
    return telling.allSatisfy { fits($0, n) }
  }

  /// The smallest number of items that all scores are shares of; nil where there is none to find.
  static func smallest(_ scores: [AuditedScore]) -> Int? {
    let distinct = Array(Set(scores))
    return (2...limit).first { count in
      let n = Double(count)
      guard distinct.allSatisfy({ fits($0, n) }) else { return false }
      return fits(scores, count: count) == true
    }
  }

  private static func fits(_ score: AuditedScore, _ n: Double) -> Bool {
    let items = score.value * n
    return abs(items - items.rounded()) <= score.tolerance * n + 1e-9 * max(1, items)
  }
}
