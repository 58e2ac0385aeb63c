import Testing

@testable import Engine

@Suite("Merging")
struct MergeQueueTests {
  /// The definition: again and again, join the leftmost pair of the lowest rank.
  private func naive(_ ids: [Int32], _ merges: PairTable) -> [Int32] {
    var ids = ids
    while true {
      let candidates = ids.indices.dropLast().compactMap { i in
        merges[ids[i], ids[i + 1]].map { (rank: $0.rank, position: i, id: $0.id) }
      }
      guard let best = candidates.min(by: { ($0.rank, $0.position) < ($1.rank, $1.position) })
      else { return ids }
      ids[best.position] = best.id
      ids.remove(at: best.position + 1)
    }
  }

  @Test("the queue joins as the definition does", arguments: [1, 2, 3, 17, 200])
  func agreement(length: Int) {
    // 0 is a and 1 is b; each further token joins two that are there already.
    var texts = ["a", "b"]
    var merges = PairTable(capacity: 24)
    var state: UInt64 = 42
    func random(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for rank in 0..<24 {
      let (left, right) = (random(texts.count), random(texts.count))
      let joined = texts[left] + texts[right]
      let id = texts.firstIndex(of: joined) ?? texts.count
      if id == texts.count { texts.append(joined) }
      merges[Int32(left), Int32(right)] = .init(rank: UInt32(rank), id: Int32(id))
    }
    var queue = MergeQueue()
    for _ in 0..<50 {
      let units = (0..<length).map { _ in Int32(random(2)) }
      var ids = units
      queue.merge(&ids, with: merges)
      #expect(ids == naive(units, merges))
    }
  }
}
