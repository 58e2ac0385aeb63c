/// Bytes of a ledger's memory, aligned to a cache line, entered while they live.
final class ByteStorage {
  let start: UnsafeMutableRawPointer
  let count: Int
  private let category: MemoryCategory
  private let ledger: MemoryLedger

  /// Allocates `count` uninitialized bytes.
  init(_ count: Int, _ category: MemoryCategory, in ledger: MemoryLedger) {
    start = ledger.arena.allocate(count)
    self.count = count
    self.category = category
    self.ledger = ledger
    ledger.allocate(count, category)
  }

  deinit {
    ledger.arena.free(start, count)
    ledger.release(count, category)
  }
}
