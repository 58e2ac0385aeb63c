import Engine

/// What a task has to learn from beyond a cell's sample.
struct TrainingPool {
  /// The whole pool, in file order.
  private let examples: [Example]
  /// Places the sample and the held-out examples take.
  private let taken: Set<Int>
  /// Labelled examples to choose settings or an epoch on, outside the sample.
  let heldOut: [Example]

  init(_ examples: [Example], sample: [Int], heldOut: [Int]) {
    self.examples = examples
    taken = Set(sample + heldOut)
    self.heldOut = heldOut.map { examples[$0] }
  }

  /// Examples whose labels nobody reads, neither of the sample nor held out.
  ///
  /// - Parameters:
  ///   - limit: The most to give; 0 for all.
  ///   - seed: Decides which, where there are more.
  ///   - purpose: Of the stream they are drawn from.
  /// - Returns: Examples in the order of the draw, so that a lower limit gives the beginning.
  func unlabelled(limit: Int, seed: UInt64, purpose: String) -> [Example] {
    var stream = RandomStream(seed: seed, purpose: purpose)
    let free = stream.permuted(examples.indices.filter { !taken.contains($0) })
    return (limit == 0 ? free[...] : free.prefix(limit)).map { examples[$0] }
  }
}
