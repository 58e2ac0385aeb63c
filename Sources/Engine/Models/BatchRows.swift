/// The rows that are computed for a packed batch, and which of them each sequence sees.
///
/// In a decoder a token's states depend on the tokens before it only, so sequences that begin alike
/// can share the rows of their beginning: those of the first sequence stand for all. The arithmetic of
/// a row stays what it was, and so does the sum of the gradients that meet in it.
struct BatchRows {
  /// Token ids by row; `-1 - j` stands for row `j` of a soft prompt.
  let tokens: [Int32]
  /// Token types by row; empty where all are 0.
  let types: [Int]
  let positions: [Int]
  /// The row of each token of the batch.
  let rows: [Int]
  let sequences: [Sequence]

  /// The rows of one sequence's tokens, in their order: `shared`, then `own`.
  struct Sequence {
    /// Runs of rows that sequences before this one begin with.
    var shared: [Range<Int>] = []
    var own: Range<Int>
  }

  /// The share of rows that must be saved for sharing to pay for the copies it needs in attention.
  private static let leastSaving = 0.02
  /// How many saved rows of all heads outweigh one row of the copies that a thread makes of a head's
  /// longest keys: on up to four threads sharing then takes no more memory than it saves.
  private static let leastRoom = 2

  /// Lays out a batch.
  ///
  /// - Parameters:
  ///   - batch: The sequences.
  ///   - start: The position of each sequence's first token.
  ///   - heads: Of attention, where equal beginnings may be computed once: in a decoder, without
  ///     dropout, where one row a sequence is wanted; nil for a row of its own for every token.
  init(_ batch: PackedBatch, from start: Int, sharedBy heads: Int? = nil) {
    guard let heads, batch.count > 1, let tree = Tree(batch, heads: heads) else {
      tokens = batch.tokens
      types = batch.types
      positions = batch.positions(from: start)
      rows = Array(batch.tokens.indices)
      sequences = (0..<batch.count).map { Sequence(own: batch.rows(of: $0)) }
      return
    }
    tokens = tree.tokens
    types = []
    positions = tree.depths.map { $0 + start }
    rows = tree.rows
    sequences = tree.sequences
  }

  /// The row of each token of `batch` in a tree in which equal beginnings meet.
  private struct Tree {
    private(set) var tokens: [Int32] = []
    private(set) var depths: [Int] = []
    private(set) var rows: [Int] = []
    private(set) var sequences: [Sequence] = []

    private struct Step: Hashable {
      let parent: Int
      let token: Int32
    }

    /// Nil where too little is shared.
    init?(_ batch: PackedBatch, heads: Int) {
      var children: [Step: Int] = Dictionary(minimumCapacity: batch.tokens.count)
      for index in 0..<batch.count {
        var parent = -1
        var sequence = Sequence(own: tokens.count..<tokens.count)
        for (depth, token) in batch.tokens[batch.rows(of: index)].enumerated() {
          let step = Step(parent: parent, token: token)
          if let known = children[step] {
            parent = known
            sequence.share(known)
          } else {
            parent = tokens.count
            children[step] = parent
            tokens.append(token)
            depths.append(depth)
          }
          rows.append(parent)
        }
        sequence.own = sequence.own.lowerBound..<tokens.count
        sequences.append(sequence)
      }
      let saved = rows.count - tokens.count
      let longest = (0..<batch.count).map { batch.rows(of: $0).count }.max() ?? 0
      guard Double(saved) >= Double(rows.count) * BatchRows.leastSaving,
        saved * heads >= BatchRows.leastRoom * longest
      else { return nil }
    }
  }
}

extension BatchRows.Sequence {
  /// Adds the next row of the beginning.
  fileprivate mutating func share(_ row: Int) {
    if let last = shared.last, last.upperBound == row {
      shared[shared.count - 1] = last.lowerBound..<(row + 1)
    } else {
      shared.append(row..<(row + 1))
    }
  }
}
