/// The bytes of a source and where its lines begin: offsets to positions and back.
package struct SourceLines: Sendable {
  package let file: String
  package let bytes: [UInt8]
  /// Offset of the first byte of each line.
  private let lineStarts: [Int]

  /// Finds the lines of a text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 with LF between lines.
  ///   - file: The path that positions name.
  package init(_ bytes: [UInt8], file: String) {
    self.file = file
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  var lineCount: Int { lineStarts.count }

  /// Offset of a line's first byte; the end of the text for a line past the last.
  package func start(ofLine line: Int) -> Int {
    line <= 1 ? 0 : line <= lineStarts.count ? lineStarts[line - 1] : bytes.count
  }

  /// Offset after a line's last byte, its line end excluded.
  package func end(ofLine line: Int) -> Int {
    let next = start(ofLine: line + 1)
    return next > 0 && line < lineStarts.count ? next - 1 : next
  }

  /// The bytes of a line without its line end.
  package func line(_ number: Int) -> ArraySlice<UInt8> {
    bytes[start(ofLine: number)..<end(ofLine: number)]
  }

  /// Line and column of an offset.
  ///
  /// - Complexity: O(log lines).
  package func position(at offset: Int) -> SourcePosition {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return SourcePosition(file: file, line: low + 1, column: offset - lineStarts[low] + 1)
  }
}
