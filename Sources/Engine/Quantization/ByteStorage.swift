/// A run of bytes on the heap, aligned to a cache line and entered in a ledger while it lives.
final class ByteStorage {
  let start: UnsafeMutableRawPointer
  let count: Int
  private let category: MemoryCategory
  private let ledger: MemoryLedger

  /// Allocates `count` uninitialized bytes.
  init(_ count: Int, _ category: MemoryCategory, in ledger: MemoryLedger) {
    precondition(count >= 0, "a storage of \(count) bytes")
    start = .allocate(byteCount: max(1, count), alignment: 64)
    self.count = count
    self.category = category
    self.ledger = ledger
    ledger.allocate(count, category)
  }

  deinit {
    start.deallocate()
    ledger.release(count, category)
  }
}
