/// Memory for the cells of one row that are not literally in the file.
///
/// What ``keep(_:)`` returns stays valid until ``reset()`` or until the last reference goes.
package final class RowScratch {
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var used = 0

  private static let blockSize = 1 << 14

  package init() {}

  deinit { for block in blocks { block.deallocate() } }

  /// Frees everything that was kept.
  package func reset() {
    for block in blocks.dropFirst() { block.deallocate() }
    blocks.removeLast(max(0, blocks.count - 1))
    used = 0
  }

  /// Copies bytes to where nothing moves them.
  package func keep(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
    if used + bytes.count > blocks.last?.count ?? -1 {
      let size = max(Self.blockSize, bytes.count)
      blocks.append(.allocate(byteCount: size, alignment: 1))
      used = 0
    }
    guard let block = blocks.last, !bytes.isEmpty else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    let place = UnsafeMutableRawBufferPointer(rebasing: block[used..<used + bytes.count])
    place.copyBytes(from: bytes)
    used += bytes.count
    return UnsafeRawBufferPointer(place)
  }
}
