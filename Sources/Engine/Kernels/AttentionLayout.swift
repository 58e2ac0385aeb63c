/// Which queries see which keys in a packed batch.
struct AttentionLayout: Hashable, Sendable {
  struct Span: Hashable, Sendable {
    var queries: Range<Int>
    /// Rows of keys that sequences before this one begin with too, in their order; they come before
    /// ``keys``.
    var sharedKeys: [Range<Int>] = []
    package var keys: Range<Int>

    /// All keys, shared ones first.
    var keyCount: Int { sharedKeys.reduce(keys.count) { $0 + $1.count } }
  }

  package let heads: Int
  package let keyValueHeads: Int
  package let headWidth: Int
  /// One span per sequence; queries do not overlap, nor do keys that are not shared.
  let spans: [Span]
  /// For every query row, how many of its sequence's keys it sees, counted from the first.
  let visible: [Int]
  /// For every query row, how many of the keys before those it does not see, cached ones included;
  /// empty where every query sees its sequence from the first.
  let firsts: [Int]
  /// A factor of the scores; nil for `1 / √headWidth`.
  var scale: Double?
  /// `c` of `c · tanh(s / c)`, which replaces a score `s`.
  var cap: Double?
  /// Where scores depend on distances; only in layouts whose keys nobody shares.
  var distances: DistanceRows?

  /// The first key that a query sees, cached ones included.
  @inline(__always)
  func first(_ query: Int) -> Int { firsts.isEmpty ? 0 : firsts[query] }

  /// Whether gradients of several spans meet in a key.
  var sharesKeys: Bool { spans.contains { !$0.sharedKeys.isEmpty } }
}
