/// Which queries see which keys in a packed batch.
package struct AttentionLayout: Hashable, Sendable {
  package struct Span: Hashable, Sendable {
    package var queries: Range<Int>
    /// Rows of keys that sequences before this one begin with too, in their order; they come before
    /// ``keys``.
    package var sharedKeys: [Range<Int>] = []
    package var keys: Range<Int>

    /// All keys, shared ones first.
    var keyCount: Int { sharedKeys.reduce(keys.count) { $0 + $1.count } }
  }

  package let heads: Int
  package let keyValueHeads: Int
  package let headWidth: Int
  /// One span a sequence; queries do not overlap, nor do keys that are not shared.
  package let spans: [Span]
  /// For every query row, how many of its sequence's keys it sees, counted from the first.
  package let visible: [Int]

  /// Whether gradients of several spans meet in a key.
  var sharesKeys: Bool { spans.contains { !$0.sharedKeys.isEmpty } }

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

  /// Lays out self-attention along the rows that stand for each sequence.
  ///
  /// - Parameters:
  ///   - rows: Of the batch.
  ///   - heads: Of the queries.
  ///   - keyValueHeads: Of keys and values; divides `heads`.
  ///   - headWidth: Columns of a head.
  ///   - isBidirectional: Whether a token sees what follows it too.
  ///   - chosen: The one row of each sequence that asks, or nil for all rows.
  init(
    _ rows: BatchRows, heads: Int, keyValueHeads: Int, headWidth: Int,
    isBidirectional: Bool = false, onlyRows chosen: [Int]? = nil
  ) {
    precondition(heads % keyValueHeads == 0, "\(heads) heads share \(keyValueHeads) keys")
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    let whole = rows.sequences.map {
      Span(queries: $0.own, sharedKeys: $0.shared, keys: $0.own)
    }
    guard let chosen else {
      spans = whole
      visible = whole.flatMap { span in
        let (last, own) = (span.keyCount, span.keys.count)
        return isBidirectional
          ? Array(repeating: last, count: own) : Array((last - own + 1)..<(last + 1))
      }
      return
    }
    spans = whole.enumerated().map {
      Span(queries: $0..<($0 + 1), sharedKeys: $1.sharedKeys, keys: $1.keys)
    }
    let start = rows.positions.first ?? 0
    visible = zip(whole, chosen).map { span, row in
      isBidirectional ? span.keyCount : rows.positions[row] - start + 1
    }
  }
}
