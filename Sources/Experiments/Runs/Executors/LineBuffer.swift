import Foundation

/// Collects bytes from a pipe and hands them out by the line.
struct LineBuffer {
  private var bytes: [UInt8] = []
  /// Bytes at the front that are known to hold no line feed.
  private var searched = 0

  /// Bytes of the line that is not complete yet.
  var pendingCount: Int { bytes.count }

  /// Reads once from a descriptor, which must be readable or block.
  ///
  /// - Parameter descriptor: The reading end of a pipe.
  /// - Returns: False at the end of the stream.
  mutating func fill(from descriptor: Int32) -> Bool {
    let capacity = 1 << 16
    let piece = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var received = read(descriptor, buffer.baseAddress, capacity)
      while received < 0, errno == EINTR {
        received = read(descriptor, buffer.baseAddress, capacity)
      }
      count = max(received, 0)
    }
    bytes += piece
    return !piece.isEmpty
  }

  /// The next complete line without its line feed, or nil if there is none yet.
  mutating func nextLine() -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      return nil
    }
    let line = Array(bytes[..<end])
    bytes.removeFirst(end + 1)
    searched = 0
    return line
  }

  /// What is left after the last line feed.
  mutating func rest() -> [UInt8] {
    defer { self = LineBuffer() }
    return bytes
  }
}
