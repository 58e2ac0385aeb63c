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
