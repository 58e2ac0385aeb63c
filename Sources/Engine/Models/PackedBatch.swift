/// The tokens of one text, or of two that an encoder distinguishes.
package struct TokenSequence: Hashable, Sendable {
  package let tokens: [Int32]
  /// The segment of each token, 0 or 1; empty where all are 0.
  let types: [Int32]
  /// The places of masked tokens, whose states predict them, ascending.
  package let masks: [Int]

  package init(_ tokens: [Int32], types: [Int32] = [], masks: [Int] = []) {
    precondition(types.isEmpty || types.count == tokens.count, "\(types.count) types of tokens")
    precondition(masks.allSatisfy(tokens.indices.contains), "masks \(masks) of \(tokens.count)")
    self.tokens = tokens
    self.masks = masks
    self.types = types.contains { $0 != 0 } ? types : []
  }

  package var count: Int { tokens.count }
}

/// Sequences of different lengths laid end to end, without padding.
package struct PackedBatch: Hashable, Sendable {
  /// Token ids; `-1 - j` stands for row `j` of a soft prompt.
  package let tokens: [Int32]
  /// Where each sequence begins, and one past the last token: `sequences + 1` numbers.
  let offsets: [Int]
  /// Each token's type, 1 in the second text of a pair; empty where all are 0.
  let types: [Int]
  /// Rows of a soft prompt at the beginning of every sequence.
  let virtualTokens: Int
  /// The rows of masked tokens, sequence by sequence.
  package let maskedRows: [Int]
  /// How many there are in each sequence.
  let maskCounts: [Int]

  /// Packs the sequences in order.
  ///
  /// - Parameters:
  ///   - sequences: At least one token each.
  ///   - virtualTokens: Rows of a soft prompt to put before every sequence.
  package init(_ sequences: [TokenSequence], virtualTokens: Int = 0) {
    var tokens: [Int32] = []
    var offsets = [0]
    var types: [Int] = []
    tokens.reserveCapacity(sequences.reduce(0) { $0 + $1.count + virtualTokens })
    var maskedRows: [Int] = []
    let hasTypes = sequences.contains { !$0.types.isEmpty }
    for sequence in sequences {
      precondition(sequence.count > 0, "an empty sequence in a batch")
      for j in 0..<virtualTokens { tokens.append(Int32(-1 - j)) }
      for place in sequence.masks { maskedRows.append(tokens.count + place) }
      tokens += sequence.tokens
      offsets.append(tokens.count)
      guard hasTypes else { continue }
      types += Array(repeating: 0, count: virtualTokens)
      types += sequence.types.map(Int.init)
      types += Array(repeating: 0, count: tokens.count - types.count)
    }
    self.tokens = tokens
    self.offsets = offsets
    self.types = types
    self.virtualTokens = virtualTokens
    self.maskedRows = maskedRows
    maskCounts = sequences.map(\.masks.count)
  }

  /// Packs sequences of single texts in order.
  package init(_ sequences: [[Int32]], virtualTokens: Int = 0) {
    self.init(sequences.map { TokenSequence($0) }, virtualTokens: virtualTokens)
  }

  package var count: Int { offsets.count - 1 }

  /// The row of each sequence's last token.
  package var lastRows: [Int] { offsets.dropFirst().map { $0 - 1 } }

  /// The row of each sequence's first token after the soft prompt.
  var firstRows: [Int] { offsets.dropLast().map { $0 + virtualTokens } }

  /// The rows of each sequence after the soft prompt.
  var textRows: [Range<Int>] {
    (0..<count).map { (offsets[$0] + virtualTokens)..<offsets[$0 + 1] }
  }

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

extension Tape {
  /// Pools the states of each sequence's tokens, `[tokens, width]`, without those of a soft prompt.
  package func pooled(
    _ x: Tensor<Scalar>, of batch: PackedBatch, by pooling: TokenPooling
  ) -> Tensor<Scalar> { pooled(x, spans: batch.textRows, by: pooling) }
}

/// The rows that are computed for a packed batch, and which of them each sequence sees.
///
/// In a decoder a token's states depend only on the tokens before it, so sequences with a common prefix
/// can share the rows of that prefix: those of the first sequence serve all. The arithmetic of
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

extension AttentionLayout {
  /// Lays out self-attention within each sequence.
  ///
  /// - Parameters:
  ///   - batch: The sequences, each in rows of its own.
  ///   - heads: Of the queries.
  ///   - keyValueHeads: Of keys and values; divides `heads`.
  ///   - headWidth: Columns of a head.
  ///   - isBidirectional: Whether a token sees what follows it too.
  package init(
    _ batch: PackedBatch, heads: Int, keyValueHeads: Int, headWidth: Int,
    isBidirectional: Bool = false
  ) {
    self.init(
      BatchRows(batch, from: 0), heads: heads,
      keyValueHeads: keyValueHeads, headWidth: headWidth, isBidirectional: isBidirectional)
  }

  /// Lays out self-attention along the rows of each sequence.
  ///
  /// - Parameters:
  ///   - rows: Of the batch.
  ///   - heads: Of the queries.
  ///   - keyValueHeads: Of keys and values; divides `heads`.
  ///   - headWidth: Columns of a head.
  ///   - isBidirectional: Whether a token sees what follows it too.
  ///   - window: How many tokens up to itself a token sees, or how many on each side of it if it sees
  ///     what follows it too; nil for all.
  ///   - chosen: The rows that ask, sequence by sequence, or nil for all rows.
  ///   - counts: How many of them each sequence has; nil for one.
  init(
    _ rows: BatchRows, heads: Int, keyValueHeads: Int, headWidth: Int,
    isBidirectional: Bool = false, window: Int? = nil, onlyRows chosen: [Int]? = nil,
    counts: [Int]? = nil
  ) {
    precondition(heads % keyValueHeads == 0, "\(heads) heads share \(keyValueHeads) keys")
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    let whole = rows.sequences.map {
      Span(queries: $0.own, sharedKeys: $0.shared, keys: $0.own)
    }
    let start = rows.positions.first ?? 0
    let asking: [Int]
    if let chosen {
      var next = 0
      spans = whole.enumerated().map { index, span in
        let first = next
        next += counts?[index] ?? 1
        return Span(queries: first..<next, sharedKeys: span.sharedKeys, keys: span.keys)
      }
      asking = chosen
    } else {
      spans = whole
      asking = whole.flatMap { Array($0.queries) }
    }
    let counts = zip(spans, whole).flatMap { span, own in
      Array(repeating: own.keyCount, count: span.queries.count)
    }
    visible = zip(asking, counts).map { row, count in
      let place = rows.positions[row] - start
      guard isBidirectional else { return place + 1 }
      return window.map { min(count, place + $0 + 1) } ?? count
    }
    guard let window else {
      firsts = []
      return
    }
    let before = isBidirectional ? window : window - 1
    let all = asking.map { max(0, rows.positions[$0] - before) }
    firsts = all.allSatisfy { $0 == 0 } ? [] : all
  }
}
