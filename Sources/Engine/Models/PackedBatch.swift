/// Sequences of different lengths laid end to end, without padding.
package struct PackedBatch: Hashable, Sendable {
  /// Token ids; `-1 - j` stands for row `j` of a soft prompt.
  package let tokens: [Int32]
  /// Where each sequence begins, and one past the last token: `sequences + 1` numbers.
  package let offsets: [Int]
  /// Each token's type, 1 in the second text of a pair; empty where all are 0.
  package let types: [Int]
  /// Rows of a soft prompt at the beginning of every sequence.
  package let virtualTokens: Int

  /// Packs the sequences in order.
  ///
  /// - Parameters:
  ///   - sequences: Token ids, at least one each.
  ///   - secondTexts: Where the second text of each sequence begins, for encoders that tell texts
  ///     apart; its length for a sequence that is one text. Empty where all are.
  ///   - virtualTokens: Rows of a soft prompt to put before every sequence.
  package init(_ sequences: [[Int32]], secondTexts: [Int] = [], virtualTokens: Int = 0) {
    var tokens: [Int32] = []
    var offsets = [0]
    var types: [Int] = []
    tokens.reserveCapacity(sequences.reduce(0) { $0 + $1.count + virtualTokens })
    for (index, sequence) in sequences.enumerated() {
      precondition(!sequence.isEmpty, "an empty sequence in a batch")
      for j in 0..<virtualTokens { tokens.append(Int32(-1 - j)) }
      tokens += sequence
      offsets.append(tokens.count)
      guard !secondTexts.isEmpty else { continue }
      let first = virtualTokens + min(secondTexts[index], sequence.count)
      types += Array(repeating: 0, count: first)
      types += Array(repeating: 1, count: virtualTokens + sequence.count - first)
    }
    self.tokens = tokens
    self.offsets = offsets
    self.types = types
    self.virtualTokens = virtualTokens
  }

  package var count: Int { offsets.count - 1 }

  /// The row of each sequence's last token.
  package var lastRows: [Int] { offsets.dropFirst().map { $0 - 1 } }

  /// The row of each sequence's first token behind the soft prompt.
  package var firstRows: [Int] { offsets.dropLast().map { $0 + virtualTokens } }

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
