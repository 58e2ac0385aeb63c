import Foundation

/// The lines of standard input in batches of those that have arrived.
struct InputLines {
  /// One line without its line end.
  struct Line {
    /// From 1.
    let number: Int
    let bytes: [UInt8]
  }

  private static let capacity = 1 << 16

  private var pending: [UInt8] = []
  private var count = 0
  private var hasEnded = false

  /// The complete lines that the next read brings; nil at the end.
  ///
  /// Waits for at least one. Text without a line end at the very end is a line.
  mutating func next() -> [Line]? {
    while !hasEnded {
      let piece = Self.read()
      hasEnded = piece.isEmpty
      let lines = take(piece)
      if !lines.isEmpty { return lines }
    }
    return nil
  }

  private mutating func take(_ piece: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = piece.startIndex
    while let end = piece[start...].firstIndex(of: 0x0A) {
      add(pending + piece[start..<end], to: &lines)
      pending = []
      start = end + 1
    }
    pending += piece[start...]
    if hasEnded, !pending.isEmpty {
      add(pending, to: &lines)
      pending = []
    }
    return lines
  }

  private mutating func add(_ bytes: [UInt8], to lines: inout [Line]) {
    count += 1
    lines.append(Line(number: count, bytes: bytes.last == 0x0D ? bytes.dropLast() : bytes))
  }

  private static func read() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var received = Foundation.read(STDIN_FILENO, buffer.baseAddress, capacity)
      while received < 0, errno == EINTR {
        received = Foundation.read(STDIN_FILENO, buffer.baseAddress, capacity)
      }
      count = max(received, 0)
    }
  }
}
