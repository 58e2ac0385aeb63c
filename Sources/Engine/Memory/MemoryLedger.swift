/// What a byte of a run is for.
package enum MemoryCategory: Int, CaseIterable, Sendable {
  case weights
  case gradients
  case optimizer
  case activations
  case workspace
  case keyValue
}

/// Counts every byte the engine holds, by category, so that the peak is known exactly.
///
/// One ledger belongs to one run on one thread.
package final class MemoryLedger {
  private var current = [Int](repeating: 0, count: MemoryCategory.allCases.count)
  private var categoriesAtPeak = [Int](repeating: 0, count: MemoryCategory.allCases.count)
  package private(set) var total = 0
  /// The largest total ever held, in bytes.
  package private(set) var peak = 0

  /// Whether operations only claim their memory and compute nothing.
  ///
  /// A planned step takes and frees, in order, exactly what a real one does, so its ``peak`` is the
  /// prediction of the real one's. Values belong inside ``compute(_:)``: in a plan they have
  /// addresses that nothing is mapped at.
  let isPlanning: Bool
  let arena: Arena

  package init(planning: Bool = false) {
    isPlanning = planning
    arena = planning ? .planned() : Arena()
  }

  /// Runs what looks at values or writes them, unless the ledger plans.
  @inline(__always)
  package func compute<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    if !isPlanning { try body() }
  }

  /// Bytes of address space the run has used at most, gaps included: what becomes resident.
  package var reach: Int { arena.highWater }

  /// Bytes held now in `category`.
  package func bytes(_ category: MemoryCategory) -> Int { current[category.rawValue] }

  /// Bytes `category` held when the total was largest; these add up to ``peak``.
  package func bytesAtPeak(_ category: MemoryCategory) -> Int {
    categoriesAtPeak[category.rawValue]
  }

  func allocate(_ bytes: Int, _ category: MemoryCategory) {
    current[category.rawValue] += bytes
    total += bytes
    guard total > peak else { return }
    peak = total
    for i in 0..<current.count { categoriesAtPeak[i] = current[i] }
  }

  func release(_ bytes: Int, _ category: MemoryCategory) {
    current[category.rawValue] -= bytes
    total -= bytes
  }
}
