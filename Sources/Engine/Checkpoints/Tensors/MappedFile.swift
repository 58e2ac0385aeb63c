import Foundation

/// A mapped file, resident page by page as it is read, for weights that are used in place.
///
/// The map is private: what training writes stays in this process, the file never changes. A file that
/// another program cuts short meanwhile ends the process with a bus error; that is accepted, because a
/// cell runs in a worker process of its own, and a model's files are not cut short while they are used.
final class MappedFile: MemoryOwner {
  private let start: UnsafeMutableRawPointer
  private let count: Int
  private var lent: [Range<Int>] = []

  /// Maps the whole of an open file; its bytes are read when they are used.
  init(_ file: FileBytes) throws(CheckpointError) {
    count = max(1, file.count)  // an empty file cannot be mapped and has nothing to lend
    guard let start = file.map(count) else {
      throw CheckpointError(
        .corrupt, file: file.path,
        "cannot be mapped into memory: \(String(cString: strerror(errno)))",
        help: "the limit on this process's address space may be too low for the model")
    }
    self.start = start
  }

  deinit { munmap(start, count) }

  /// Lends the floats in `range` to the only tensor that will ever have them.
  ///
  /// - Parameter range: Offsets in the file, in bytes.
  /// - Returns: The first float, valid while the map lives; nil where the range does not begin at a
  ///   multiple of 4 or overlaps one that is lent, because what one tensor learns must not change
  ///   another.
  func lend(_ range: Range<Int>) -> UnsafeMutablePointer<Float>? {
    precondition(range.upperBound <= count, "\(range) of \(count) bytes")
    guard range.lowerBound.isMultiple(of: MemoryLayout<Float>.alignment),
      !lent.contains(where: { $0.overlaps(range) })
    else { return nil }
    lent.append(range)
    return (start + range.lowerBound).bindMemory(
      to: Float.self, capacity: range.count / MemoryLayout<Float>.stride)
  }

  /// Advises the system that only scattered rows of `range` will be used, so that it reads no others.
  func expectScatteredReads(_ range: Range<Int>) {
    advise(range, MADV_RANDOM)
  }

  /// Lets go of the whole pages of a range that was lent and is used no more, such as a matrix that
  /// has been quantized.
  func reclaim(_ used: UnsafeMutableRawPointer, _ bytes: Int) {
    advise(used - start..<used - start + bytes, MADV_DONTNEED)
  }

  private func advise(_ range: Range<Int>, _ advice: CInt) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    // Advice: where it is not taken, all that is lost is memory.
    if first < end { _ = madvise(start + first, end - first, advice) }
  }
}
