/// Sequences of different lengths laid end to end, without padding.
package struct PackedBatch: Hashable, Sendable {
  package let tokens: [Int32]
  /// Where each sequence begins, and one past the last token: `sequences + 1` numbers.
  package let offsets: [Int]

  /// Packs the sequences in order; each must hold at least one token.
  package init(_ sequences: [[Int32]]) {
    var tokens: [Int32] = []
    var offsets = [0]
    tokens.reserveCapacity(sequences.reduce(0) { $0 + $1.count })
    for sequence in sequences {
      precondition(!sequence.isEmpty, "an empty sequence in a batch")
      tokens += sequence
      offsets.append(tokens.count)
    }
    self.tokens = tokens
    self.offsets = offsets
  }

  package var count: Int { offsets.count - 1 }

  /// The row of each sequence's last token.
  package var lastRows: [Int] { offsets.dropFirst().map { $0 - 1 } }

  /// The rows of sequence `i`.
  package func rows(of i: Int) -> Range<Int> { offsets[i]..<offsets[i + 1] }

  /// Each token's position in its sequence, counted from `start`.
  package func positions(from start: Int) -> [Int] {
    var positions: [Int] = []
    positions.reserveCapacity(tokens.count)
    for i in 0..<count { positions += (0..<rows(of: i).count).map { $0 + start } }
    return positions
  }
}
