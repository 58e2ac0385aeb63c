/// Which queries see which keys in a packed batch.
package struct AttentionLayout: Hashable, Sendable {
  package struct Span: Hashable, Sendable {
    package var queries: Range<Int>
    package var keys: Range<Int>
  }

  package let heads: Int
  package let keyValueHeads: Int
  package let headWidth: Int
  /// One span a sequence; spans do not overlap.
  package let spans: [Span]
  /// For every query row, how many of its sequence's own keys it sees, counted from the first.
  package let visible: [Int]

  /// Lays out self-attention within each sequence.
  ///
  /// - Parameters:
  ///   - batch: The sequences.
  ///   - heads: Of the queries.
  ///   - keyValueHeads: Of keys and values; divides `heads`.
  ///   - headWidth: Columns of a head.
  ///   - isBidirectional: Whether a token sees what follows it too.
  ///   - chosen: The one row of each sequence that asks, or nil for all rows.
  package init(
    _ batch: PackedBatch, heads: Int, keyValueHeads: Int, headWidth: Int,
    isBidirectional: Bool = false, onlyRows chosen: [Int]? = nil
  ) {
    precondition(heads % keyValueHeads == 0, "\(heads) heads share \(keyValueHeads) keys")
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    let rows = (0..<batch.count).map(batch.rows(of:))
    guard let chosen else {
      spans = rows.map { Span(queries: $0, keys: $0) }
      visible = rows.flatMap { rows in
        isBidirectional ? Array(repeating: rows.count, count: rows.count) : Array(1...rows.count)
      }
      return
    }
    spans = rows.enumerated().map { Span(queries: $0..<($0 + 1), keys: $1) }
    visible = zip(rows, chosen).map { rows, row in
      isBidirectional ? rows.count : row - rows.lowerBound + 1
    }
  }
}
