import COpenBLAS

/// A run of scalars, aligned to a cache line and entered in a ledger while it lives.
final class Storage<Scalar: EngineScalar> {
  let start: UnsafeMutablePointer<Scalar>
  let count: Int
  let category: MemoryCategory
  private let ledger: MemoryLedger
  /// What keeps the scalars in place when they are not the ledger's own, such as a mapped file.
  private let owner: (any MemoryOwner)?

  /// Allocates `count` uninitialized scalars.
  init(_ count: Int, _ category: MemoryCategory, in ledger: MemoryLedger) {
    precondition(count >= 0, "a storage of \(count) scalars")
    let bytes = count * MemoryLayout<Scalar>.stride
    start = ledger.arena.allocate(bytes).bindMemory(to: Scalar.self, capacity: count)
    self.count = count
    self.category = category
    self.ledger = ledger
    owner = nil
    ledger.allocate(bytes, category)
  }

  /// Takes `count` scalars that `owner` keeps in place, as weights.
  init(
    mapped start: UnsafeMutablePointer<Scalar>, count: Int, owner: any MemoryOwner,
    in ledger: MemoryLedger
  ) {
    self.start = start
    self.count = count
    category = .weights
    self.ledger = ledger
    self.owner = owner
    ledger.allocate(count * MemoryLayout<Scalar>.stride, .weights)
  }

  /// Makes the pages of mapped scalars this process's own before they are looked at.
  ///
  /// When a page is only read, Linux also maps the pages around it: 64 KiB, and
  /// since version 6.18 up to megabytes.
  func claim(_ range: Range<Int>) {
    guard owner != nil, !range.isEmpty else { return }
    let (page, size) = (4096, MemoryLayout<Scalar>.stride)
    let raw = UnsafeMutableRawPointer(start)
    let (first, last) = (range.lowerBound * size, range.upperBound * size - 1)
    for byte in stride(from: first, to: last, by: page) { ftreport_claim(raw + byte) }
    ftreport_claim(raw + last)
  }

  /// Has the owner of mapped scalars let go of their pages; the ledger's own stay.
  func releaseMappedPages() {
    owner?.reclaim(start, count * MemoryLayout<Scalar>.stride)
  }

  deinit {
    let bytes = count * MemoryLayout<Scalar>.stride
    if let owner { owner.reclaim(start, bytes) } else { ledger.arena.free(start, bytes) }
    ledger.release(bytes, category)
  }

  /// Sets all scalars to zero.
  func clear() {
    ledger.compute { Elementwise.clear(start, count: count) }
  }

  /// Lends `count` uninitialized scalars to `body` and frees them when it returns; a plan claims
  /// them and does not run `body`.
  ///
  /// A pointer does not keep its storage alive, so short-lived storage is only handed out this way.
  @inline(__always)
  static func withWorkspace(
    _ count: Int, in ledger: MemoryLedger, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let storage = Storage(count, .workspace, in: ledger)
    withExtendedLifetime(storage) { ledger.compute { body(storage.start) } }
  }
}

/// An owner of memory that contains the values of tensors.
package protocol MemoryOwner: AnyObject {
  /// Takes back bytes that no tensor uses any more.
  func reclaim(_ start: UnsafeMutableRawPointer, _ bytes: Int)
}

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
