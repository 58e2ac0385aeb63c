import Foundation

/// Walks the lines of a buffer and cuts each at its TABs, without copying.
struct LineCursor: RowCursor {
  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int
  private var lineStart = 0
  /// The number of the line last read, from 1.
  private(set) var number = 0

  /// Starts before the first line; empty lines at the end of the buffer do not count.
  init(_ bytes: UnsafeRawBufferPointer) {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    self.bytes = bytes
    self.end = end
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Replaces `cells` with the cells of the next line; false at the end.
  mutating func next(into cells: inout [UnsafeRawBufferPointer]) -> Bool {
    guard position < end, let base = bytes.baseAddress else { return false }
    cells.removeAll(keepingCapacity: true)
    number += 1
    lineStart = position
    var stop = end
    if let found = memchr(base + position, 0x0A, end - position) {
      stop = UnsafeRawPointer(found) - base
    }
    let next = stop + 1
    if stop > lineStart, bytes[stop - 1] == 0x0D { stop -= 1 }
    var start = lineStart
    while let found = memchr(base + start, 0x09, stop - start) {
      let tab = UnsafeRawPointer(found) - base
      cells.append(UnsafeRawBufferPointer(rebasing: bytes[start..<tab]))
      start = tab + 1
    }
    cells.append(UnsafeRawBufferPointer(rebasing: bytes[start..<stop]))
    position = next
    return true
  }

  func place(of cell: UnsafeRawBufferPointer, at index: Int) -> (line: Int, column: Int?) {
    guard let base = bytes.baseAddress, let start = cell.baseAddress else { return (number, 1) }
    return (number, start - (base + lineStart) + 1)
  }
}
