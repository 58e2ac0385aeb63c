/// Loops divided among the threads of the process.
///
/// The division depends on the sizes and the number of threads only, and every element is computed
/// by one thread in one order.
enum Parallel {
  /// Scalar operations below which waking another thread costs more than it saves.
  private static let smallest = 1 << 15

  /// Runs `body` on contiguous parts of `0..<count`, at the same time.
  ///
  /// - Parameters:
  ///   - count: Items, such as rows.
  ///   - cost: Scalar operations an item takes, roughly.
  ///   - multiple: What every part but the last starts at a multiple of.
  ///   - body: Must only write what belongs to its range.
  @inline(__always)
  static func ranges(
    _ count: Int, cost: Int, multiple: Int = 1, _ body: (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    guard ThreadTeam.shared.count > 1, count > multiple, count &* cost >= smallest else {
      return body(0..<count)
    }
    ThreadTeam.shared.run { part, parts in
      let range = Self.part(part, of: parts, count: count, multiple: multiple)
      if !range.isEmpty { body(range) }
    }
  }

  /// Runs `body(part, parts)` on every thread, or all of the work on this one where it is little.
  ///
  /// - Parameters:
  ///   - cost: Scalar operations of all parts together, roughly.
  ///   - body: Must only write what belongs to its part.
  @inline(__always)
  static func parts(cost: Int, _ body: (_ part: Int, _ parts: Int) -> Void) {
    guard ThreadTeam.shared.count > 1, cost >= smallest else { return body(0, 1) }
    ThreadTeam.shared.run(body)
  }

  /// Which of `count` items belong to a part, which begins at a multiple of `multiple`.
  static func part(_ part: Int, of parts: Int, count: Int, multiple: Int) -> Range<Int> {
    func boundary(_ part: Int) -> Int {
      guard part < parts else { return count }
      return min(count, (count * part / parts + multiple / 2) / multiple * multiple)
    }
    return boundary(part)..<boundary(part + 1)
  }
}
