extension FewShotSampler {
  /// Draws labelled examples outside a sample, as evenly over the classes as they go.
  ///
  /// They are taken from the other end of the order in which samples grow, so that with one seed
  /// samples of all sizes have the same ones.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - pool: The training pool.
  ///   - labels: Names of the classes.
  ///   - sample: Places of the sample, which are left out.
  ///   - counting: What the sample's shots counted; a natural one is held against natural ones.
  ///   - seed: The cell's seed.
  /// - Returns: Indices into the pool.
  /// - Throws: ``TaskError`` if the pool has too few besides the sample.
  package static func heldOut(
    _ count: Int, from pool: [Example], labels: [String], outside sample: [Int],
    per counting: ShotCounting, seed: Int
  ) throws(TaskError) -> [Int] {
    guard count > 0 else { return [] }
    let seed = UInt64(bitPattern: Int64(seed))
    let taken = Set(sample)
    if counting == .natural {
      let free = permuted(pool, seed: seed).reversed().filter { !taken.contains($0) }
      guard free.count >= count else {
        throw TaskError(
          .tooFewExamples(label: "any", available: pool.count, needed: sample.count + count))
      }
      return Array(free.prefix(count))
    }
    let members = permuted(pool, labels: labels, seed: seed).map { members in
      members.reversed().filter { !taken.contains($0) }
    }
    let rounds = (count + labels.count - 1) / labels.count
    for (label, free) in members.enumerated() where free.count < rounds {
      let used = sample.count { pool[$0].label == label }
      throw TaskError(
        .tooFewExamples(
          label: labels[label], available: used + free.count, needed: used + rounds))
    }
    return Array((0..<rounds).flatMap { round in members.map { $0[round] } }.prefix(count))
  }
}
