/// The merges of a byte-pair encoding: which pairs of tokens join, how early, and into what.
///
/// A hash table with open addressing, at most half full; keys and values are plain numbers.
struct PairTable: Sendable {
  struct Merge: Hashable, Sendable {
    /// Place in the list of merges; lower joins first.
    let rank: UInt32
    let id: Int32
  }

  private var keys: [UInt64]
  private var merges: [Merge]
  private let shift: UInt64

  private static let free = UInt64.max

  /// An empty table with room for `capacity` pairs.
  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = Array(repeating: Self.free, count: 1 << bits)
    merges = Array(repeating: Merge(rank: 0, id: 0), count: 1 << bits)
    shift = 64 - bits
  }

  /// The merge of two neighbours, or nil; setting it again replaces it, as the reference does.
  subscript(left: Int32, right: Int32) -> Merge? {
    get {
      let slot = slot(of: Self.key(left, right))
      return keys[slot] == Self.free ? nil : merges[slot]
    }
    set {
      guard let newValue else { return }
      let key = Self.key(left, right)
      let slot = slot(of: key)
      keys[slot] = key
      merges[slot] = newValue
    }
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[slot] != Self.free, keys[slot] != key { slot = (slot &+ 1) & (keys.count &- 1) }
    return slot
  }
}
