extension Transformer where Scalar == Float {
  /// Continues a prompt with the most likely token at every step.
  ///
  /// - Parameters:
  ///   - prompt: At least one token.
  ///   - count: Most tokens to add; fewer when the context is full or the end token comes.
  /// - Returns: The added tokens.
  package func greedyContinuation(of prompt: [Int32], count: Int) -> [Int32] {
    let room = max(0, description.maximumPositions - prompt.count)
    let capacity = prompt.count + min(count, room)
    let cache = KeyValueCache<Float>(description, capacity: capacity, in: ledger)
    var added: [Int32] = []
    var next = prompt
    while added.count < count, cache.length + next.count <= capacity {
      let tape = Tape<Float>(ledger: ledger)
      let hidden = hiddenStates(
        PackedBatch([next]), .lastTokens, cache: cache, storing: true, on: tape)
      let scores = logits(hidden, on: tape).values
      var best = 0
      for i in scores.indices where scores[i] > scores[best] { best = i }
      guard best != description.endToken else { break }
      added.append(Int32(best))
      next = [Int32(best)]
    }
    return added
  }
}
