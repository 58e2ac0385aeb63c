/// The batches that a training divides its examples into.
struct TrainingBatches {
  /// Examples an epoch.
  let count: Int
  /// Examples a step; the last of an epoch may have fewer.
  let size: Int
  /// The examples of an epoch in their order, each once.
  let order: (Int) -> [Int]

  /// Steps an epoch.
  var anEpoch: Int { (count + size - 1) / size }

  /// The batches of an epoch, counted from 0.
  func of(_ epoch: Int) -> [[Int]] {
    let examples = order(epoch)
    return stride(from: 0, to: examples.count, by: size).map {
      Array(examples[$0..<min($0 + size, examples.count)])
    }
  }

  /// Examples whose order is looked at for a heavy batch; later epochs hardly hold a heavier one.
  private static let examplesLookedAt = 1 << 17

  /// The batch with the largest sum of weights.
  ///
  /// - Parameters:
  ///   - weights: Of each example.
  ///   - epochs: Of the training.
  /// - Returns: Its examples.
  func heaviest(_ weights: [Int], epochs: Int) -> [Int] {
    guard count > size else { return Array(0..<count) }
    var (heaviest, most) = ([Int](), -1)
    for epoch in 0..<max(1, min(epochs, Self.examplesLookedAt / count)) {
      for batch in of(epoch) {
        let weight = batch.reduce(0) { $0 + weights[$1] }
        if weight > most { (heaviest, most) = (batch, weight) }
      }
    }
    return heaviest
  }
}
