import Engine

/// The order in which an epoch takes its examples.
package enum TrainingOrder: String, CaseIterable, Sendable {
  /// A permutation of its own for every epoch.
  case shuffled
  /// As they stand in the file, so that another program can take the same steps.
  case file

  /// The places of the examples in the order of an epoch.
  ///
  /// - Parameters:
  ///   - epoch: Counted from 0.
  ///   - count: How many examples there are.
  ///   - seed: Of the permutations.
  /// - Returns: Every place once.
  func examples(of epoch: Int, count: Int, seed: UInt64) -> [Int] {
    switch self {
    case .file: return Array(0..<count)
    case .shuffled:
      var stream = RandomStream(seed: seed, purpose: "order of epoch \(epoch)")
      return stream.permuted(Array(0..<count))
    }
  }
}
