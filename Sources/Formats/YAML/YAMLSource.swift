/// The text of one YAML document and the positions of its bytes in the surrounding file.
struct YAMLSource {
  let bytes: [UInt8]
  private let origin: SourcePosition
  /// Byte offsets of lines as a text editor counts them.
  private let lineStarts: [Int]
  /// Byte offsets of lines as libyaml counts them: NEL, LS, PS and a lone CR break lines too.
  private let scannerLineStarts: [Int]

  /// Takes a document whose first byte is at `origin`.
  ///
  /// The lines of a block inside a list item have lost the item's indentation, so every line counts
  /// its columns from the origin's.
  init(_ text: String, origin: SourcePosition) {
    let bytes = Array(text.utf8)
    var lines = [0]
    var scannerLines = [0]
    for i in bytes.indices {
      let next = i + 1 < bytes.count ? bytes[i + 1] : 0
      let afterNext = i + 2 < bytes.count ? bytes[i + 2] : 0
      switch bytes[i] {
      case UInt8(ascii: "\n"):
        lines.append(i + 1)
        scannerLines.append(i + 1)
      case UInt8(ascii: "\r") where next != UInt8(ascii: "\n"): scannerLines.append(i + 1)
      case 0xC2 where next == 0x85: scannerLines.append(i + 2)
      case 0xE2 where next == 0x80 && (afterNext == 0xA8 || afterNext == 0xA9):
        scannerLines.append(i + 3)
      default: break
      }
    }
    self.bytes = bytes
    self.origin = origin
    lineStarts = lines
    scannerLineStarts = scannerLines
  }

  /// Byte offset of a libyaml mark: line from 1, column from 1 in Unicode scalars.
  func offset(line: Int, column: Int) -> Int {
    guard line >= 1, line <= scannerLineStarts.count else { return bytes.count }
    var offset = scannerLineStarts[line - 1]
    var left = column - 1
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The position of a byte of the document in the file.
  func position(at offset: Int) -> SourcePosition {
    let line = lineIndex(at: offset)
    return SourcePosition(
      file: origin.file, line: origin.line + line,
      column: origin.column + offset - lineStarts[line])
  }

  /// Index from 0 of the line that holds a byte.
  func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  var lineCount: Int { lineStarts.count }

  /// First byte of a line, by index from 0.
  func lineStart(_ index: Int) -> Int { lineStarts[index] }

  /// A line without its end, by index from 0.
  func line(_ index: Int) -> String {
    let end = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
    var slice = bytes[lineStarts[index]..<end]
    while let last = slice.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      slice.removeLast()
    }
    return String(decoding: slice, as: UTF8.self)
  }

  /// Anchors a scalar's text in the source by walking both: white space matches any white space.
  ///
  /// - Parameters:
  ///   - text: The value after quotes, escapes and folding are gone.
  ///   - start: Offset of the scalar's first byte, its quote or its block indicator.
  ///   - isBlock: Whether the scalar is literal or folded and so begins on the next line.
  /// - Returns: The text with its places.
  func locate(_ text: String, from start: Int, isBlock: Bool) -> SourceText {
    var place = start
    if isBlock {
      while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      while place < bytes.count, isSpace(bytes[place]) { place += 1 }
    } else if place < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[place]) {
      place += 1
    }
    var anchors = [SourceText.Anchor(offset: 0, position: position(at: place))]
    for (offset, byte) in text.utf8.enumerated() where !isSpace(byte) {
      var candidate = place
      while candidate < bytes.count, bytes[candidate] != byte { candidate += 1 }
      guard candidate < bytes.count else { break }  // written as an escape: keep counting
      let position = position(at: candidate)
      if let last = anchors.last {
        let isInStep =
          position.line == last.position.line
          && position.column - last.position.column == offset - last.offset
        if !isInStep, offset > 0 {
          anchors.append(SourceText.Anchor(offset: offset, position: position))
        }
      }
      place = candidate + 1
    }
    return SourceText(text, anchors: anchors)
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
      || byte == UInt8(ascii: "\r")
  }
}
