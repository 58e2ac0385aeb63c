/// Two sentences that differ in one respect, which makes one of them good and the other bad.
struct MinimalPair: Hashable, Sendable {
  /// With its mark.
  let good: [String]
  let bad: [String]

  /// Two sentences that share beginning and end.
  ///
  /// - Parameters:
  ///   - head: What both begin with.
  ///   - good: What stands behind it in the good sentence.
  ///   - bad: What stands there in the bad one.
  ///   - tail: What both end with.
  ///   - mark: Closes both.
  init(
    _ head: [String] = [], good: [String], bad: [String], _ tail: [String] = [],
    mark: String = "."
  ) {
    self.good = Composer.sentence(head + good + tail, mark)
    self.bad = Composer.sentence(head + bad + tail, mark)
  }
}
