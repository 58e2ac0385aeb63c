/// Which queries see which keys in a packed batch.
package struct AttentionLayout: Hashable, Sendable {
  package struct Span: Hashable, Sendable {
    package var queries: Range<Int>
    package var keys: Range<Int>

    package init(queries: Range<Int>, keys: Range<Int>) {
      self.queries = queries
      self.keys = keys
    }
  }

  package var heads: Int
  package var keyValueHeads: Int
  package var headWidth: Int
  /// One span a sequence; spans do not overlap.
  package var spans: [Span]
  /// For every query row, how many of its sequence's own keys it sees, counted from the first.
  package var visible: [Int]

  package init(
    heads: Int, keyValueHeads: Int, headWidth: Int, spans: [Span], visible: [Int]
  ) {
    precondition(heads % keyValueHeads == 0, "\(heads) heads share \(keyValueHeads) keys")
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    self.spans = spans
    self.visible = visible
  }

  /// Every token of every sequence asks, and sees itself and what precedes it.
  package static func causal(
    _ batch: PackedBatch, heads: Int, keyValueHeads: Int, headWidth: Int
  ) -> AttentionLayout {
    let rows = (0..<batch.count).map(batch.rows(of:))
    return AttentionLayout(
      heads: heads, keyValueHeads: keyValueHeads, headWidth: headWidth,
      spans: rows.map { Span(queries: $0, keys: $0) },
      visible: rows.flatMap { Array(1...$0.count) })
  }

  /// Only each sequence's last token asks, and sees all of its sequence.
  package static func lastOnly(
    _ batch: PackedBatch, heads: Int, keyValueHeads: Int, headWidth: Int
  ) -> AttentionLayout {
    AttentionLayout(
      heads: heads, keyValueHeads: keyValueHeads, headWidth: headWidth,
      spans: (0..<batch.count).map { Span(queries: $0..<($0 + 1), keys: batch.rows(of: $0)) },
      visible: (0..<batch.count).map { batch.rows(of: $0).count })
  }
}
