import Foundation

/// One region of address space that a run takes all its memory from.
///
/// The region is reserved at once and becomes memory page by page as it is first written, so that
/// what is resident is what was used. What is freed goes back to the region, not to the system: a
/// step allocates the sizes of the step before, and fresh pages cost more than the arithmetic of a
/// small model. A request takes the lowest gap that is large enough, which keeps the used part dense.
final class Arena {
  private static let alignment = 64
  /// Address space to ask for, the first that the system grants.
  private static let reservations = [1 << 40, 1 << 36, 1 << 33, 1 << 31]

  private let base: UnsafeMutableRawPointer?
  /// Bytes of address space reserved after `base`; 0 for a plan.
  private let size: Int
  /// Free gaps in ascending order, none touching the next.
  private var gaps: [Range<Int>]
  /// The largest offset ever given out.
  private(set) var highWater = 0

  /// Where a plan's addresses lie: above all that a system maps without being asked for an address
  /// so high, so that any look at a planned value ends the process.
  static let unmapped = 1 << 52..<1 << 56

  /// An arena that gives out addresses for a plan, which may need more than any machine has.
  static func planned() -> Arena {
    Arena(UnsafeMutableRawPointer(bitPattern: unmapped.lowerBound), size: 0, gap: unmapped.count)
  }

  private init(_ base: UnsafeMutableRawPointer?, size: Int, gap: Int) {
    self.base = base
    self.size = size
    gaps = [0..<gap]
  }

  /// Reserves a region.
  convenience init() {
    var base: UnsafeMutableRawPointer?
    var size = 0
    for bytes in Self.reservations {
      let region = mmap(
        nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE),
        -1, 0)
      guard let region, region != MAP_FAILED else { continue }
      // Large pages: a step's first touch then costs hundreds of times fewer page faults.
      madvise(region, bytes, Int32(MADV_HUGEPAGE))
      (base, size) = (region, bytes)
      break
    }
    self.init(base, size: size, gap: size)
  }

  deinit {
    if let base, size > 0 { munmap(base, size) }
  }

  /// Takes `bytes` from the lowest gap they fit into.
  func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let wanted = Self.rounded(bytes)
    guard let base, let index = gaps.firstIndex(where: { $0.count >= wanted }) else {
      // Like any allocation that fails; the pool admits cells by their predicted memory.
      preconditionFailure("out of address space: \(bytes) bytes more than \(highWater)")
    }
    let start = gaps[index].lowerBound
    if gaps[index].count == wanted {
      gaps.remove(at: index)
    } else {
      gaps[index] = (start + wanted)..<gaps[index].upperBound
    }
    if start + wanted > highWater { highWater = start + wanted }
    return base + start
  }

  /// Gives back what ``allocate(_:)`` gave for the same number of bytes.
  func free(_ pointer: UnsafeMutableRawPointer, _ bytes: Int) {
    guard let base else { return }
    let start = pointer - base
    let gap = start..<(start + Self.rounded(bytes))
    // The first gap above; gaps are few, and most frees are of what was allocated last.
    var index = 0
    var end = gaps.count
    while index < end {
      let middle = (index + end) / 2
      if gaps[middle].lowerBound < gap.lowerBound { index = middle + 1 } else { end = middle }
    }
    let touchesBelow = index > 0 && gaps[index - 1].upperBound == gap.lowerBound
    let touchesAbove = index < gaps.count && gaps[index].lowerBound == gap.upperBound
    switch (touchesBelow, touchesAbove) {
    case (true, true):
      gaps[index - 1] = gaps[index - 1].lowerBound..<gaps[index].upperBound
      gaps.remove(at: index)
    case (true, false): gaps[index - 1] = gaps[index - 1].lowerBound..<gap.upperBound
    case (false, true): gaps[index] = gap.lowerBound..<gaps[index].upperBound
    case (false, false): gaps.insert(gap, at: index)
    }
  }

  private static func rounded(_ bytes: Int) -> Int {
    max(alignment, (bytes + alignment - 1) / alignment * alignment)
  }
}
