/// Byte-pair encoding of one word: split into units, then join the pair of lowest rank until none is
/// left.
///
/// Sennrich et al. 2016, arXiv:1508.07909; the order of merges and the treatment of unknown units are
/// those of Hugging Face `tokenizers`.
struct BPEModel: Sendable {
  /// What a word is split into at first.
  enum Units: Sendable {
    /// Bytes, with the id of each, -1 where the vocabulary lacks it.
    case bytes([Int32])
    /// Characters.
    case scalars([UInt32: Int32])
  }

  let units: Units
  /// What the last unit of a word is instead, where a word's end is marked.
  let lastUnits: Units?
  let merges: PairTable
  /// Ids of whole words, looked up before any merge, for models that ask for it.
  let wholeWords: [[UInt8]: Int32]?
  /// The token for a unit that is not in the vocabulary; nil drops such units.
  let unknownToken: Int32?
  /// Whether a run of unknown units is one unknown token.
  let fusesUnknown: Bool
  /// Ids of `<0x00>` … `<0xFF>` for characters that are not in the vocabulary, where the model has
  /// them, -1 where one is missing.
  let byteFallback: [Int32]?

  /// Splits a word into its first units.
  func units(of word: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
    ids.removeAll(keepingCapacity: true)
    var hasPendingUnknown = false
    func unknown() {
      guard let unknownToken else { return }
      if hasPendingUnknown, !fusesUnknown { ids.append(unknownToken) }
      hasPendingUnknown = true
    }
    func known(_ id: Int32) {
      if hasPendingUnknown, let unknownToken { ids.append(unknownToken) }
      hasPendingUnknown = false
      ids.append(id)
    }
    switch (units, lastUnits) {
    case (.bytes(let table), let last):
      var lastID: Int32?
      if case .bytes(let table) = last, let byte = word.last { lastID = table[Int(byte)] }
      for (place, byte) in word.enumerated() {
        let id = place + 1 == word.count ? lastID ?? table[Int(byte)] : table[Int(byte)]
        if id >= 0 { known(id) } else { unknown() }
      }
    case (.scalars(let table), let last):
      var lastTable = table
      if case .scalars(let table) = last { lastTable = table }
      var position = 0
      while position < word.count {
        let (value, length) = UTF8Text.scalar(in: word, at: position)
        let range = position..<position + length
        position += length
        if let id = position == word.count ? lastTable[value] : table[value] {
          known(id)
        } else if let byteFallback, range.allSatisfy({ byteFallback[Int(word[$0])] >= 0 }) {
          // As in the reference, this does not settle a pending unknown token.
          ids.append(contentsOf: range.lazy.map { byteFallback[Int(word[$0])] })
        } else {
          unknown()
        }
      }
    }
    if hasPendingUnknown, let unknownToken { ids.append(unknownToken) }
  }
}

/// Joins pairs in the order of their ranks, leftmost first among equals.
///
/// Tokens form a linked list and candidate pairs a binary heap of `rank · 2³² + position`, so a word of
/// n units takes O(n log n); a candidate whose pair is gone by the time it comes up is dropped. The
/// arrays are kept from word to word.
struct MergeQueue {
  private var next: [Int] = []
  private var previous: [Int] = []
  private var heap: [UInt64] = []

  private static let none = -1
  private static let joined: Int32 = -1

  /// Replaces first units by the tokens they join into.
  mutating func merge(_ ids: inout [Int32], with merges: PairTable) {
    let count = ids.count
    guard count > 1 else { return }
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    heap.removeAll(keepingCapacity: true)
    for i in 0..<count {
      next.append(i + 1 < count ? i + 1 : Self.none)
      previous.append(i - 1)
    }
    for i in 0..<count - 1 { consider(i, ids, merges) }
    while let candidate = pop() {
      let position = Int(candidate & 0xFFFF_FFFF)
      let right = next[position]
      guard ids[position] != Self.joined, right != Self.none,
        let merge = merges[ids[position], ids[right]],
        UInt64(merge.rank) == candidate >> 32
      else { continue }
      ids[position] = merge.id
      ids[right] = Self.joined
      next[position] = next[right]
      if next[right] != Self.none { previous[next[right]] = position }
      if previous[position] != Self.none { consider(previous[position], ids, merges) }
      consider(position, ids, merges)
    }
    ids.removeAll { $0 == Self.joined }
  }

  /// Queues the pair that begins at `position`, if it may join.
  private mutating func consider(_ position: Int, _ ids: [Int32], _ merges: PairTable) {
    let right = next[position]
    guard right != Self.none, let merge = merges[ids[position], ids[right]] else { return }
    push(UInt64(merge.rank) << 32 | UInt64(position))
  }

  private mutating func push(_ value: UInt64) {
    heap.append(value)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() -> UInt64? {
    guard let least = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return least }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return least }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return least }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}

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
