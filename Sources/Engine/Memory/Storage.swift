import COpenBLAS

/// A run of scalars on the heap, aligned to a cache line and entered in a ledger while it lives.
final class Storage<Scalar: EngineScalar> {
  let start: UnsafeMutablePointer<Scalar>
  let count: Int
  let category: MemoryCategory
  private let ledger: MemoryLedger

  /// Allocates `count` uninitialized scalars.
  init(_ count: Int, _ category: MemoryCategory, in ledger: MemoryLedger) {
    precondition(count >= 0, "a storage of \(count) scalars")
    Heap.prepared
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Scalar>.stride, alignment: 64)
    start = raw.bindMemory(to: Scalar.self, capacity: max(1, count))
    self.count = count
    self.category = category
    self.ledger = ledger
    ledger.allocate(count * MemoryLayout<Scalar>.stride, category)
  }

  deinit {
    start.deallocate()
    ledger.release(count * MemoryLayout<Scalar>.stride, category)
  }

  /// Lends `count` uninitialized scalars to `body` and frees them when it returns.
  ///
  /// A pointer does not keep its storage alive, so short-lived storage is only handed out this way.
  @inline(__always)
  static func withWorkspace<Result>(
    _ count: Int, in ledger: MemoryLedger, _ body: (UnsafeMutablePointer<Scalar>) -> Result
  ) -> Result {
    let storage = Storage(count, .workspace, in: ledger)
    return withExtendedLifetime(storage) { body(storage.start) }
  }

  func clear() { start.update(repeating: 0, count: count) }
}

/// Tells the C heap to keep what is freed: a step allocates the same sizes as the last one, and
/// giving pages back to the system between steps costs more than the arithmetic of a small model.
private enum Heap {
  static let prepared: Void = {
    _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)  // the most glibc takes
    _ = mallopt(M_TRIM_THRESHOLD, 1 << 30)
    _ = mallopt(M_TOP_PAD, 16 << 20)
  }()
}
