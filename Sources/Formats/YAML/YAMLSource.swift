/// The text of one YAML document and the positions of its bytes in the surrounding file.
struct YAMLSource {
  let bytes: [UInt8]
  private let origin: SourcePosition
  /// Lines as a text editor counts them.
  private let lines: SourceLines
  /// How many scalars precede each line as libyaml counts lines: NEL, LS, PS and a lone CR break
  /// them too.
  private let scannerLines: [Int]
  /// The offset of every 64th scalar, so that a column of a long line is found without walking it.
  private let scalarOffsets: [Int]

  private static let scalarsPerOffset = 64

  /// Takes a document whose first byte is at `origin`.
  ///
  /// The lines of a block inside a list item have lost the item's indentation, so every line counts
  /// its columns from the origin's.
  init(_ text: String, origin: SourcePosition) {
    let bytes = Array(text.utf8)
    var scannerLines = [0]
    var scalarOffsets: [Int] = []
    var scalars = 0
    for i in bytes.indices where !Self.continuesScalar(bytes[i]) {
      if scalars % Self.scalarsPerOffset == 0 { scalarOffsets.append(i) }
      scalars += 1
      if Self.breaksScannerLine(at: i, of: bytes) { scannerLines.append(scalars) }
    }
    self.bytes = bytes
    self.origin = origin
    self.scannerLines = scannerLines
    self.scalarOffsets = scalarOffsets
    lines = SourceLines(bytes, file: origin.file)
  }

  private static func continuesScalar(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// Whether a line of libyaml ends with the scalar that begins at an offset.
  private static func breaksScannerLine(at i: Int, of bytes: [UInt8]) -> Bool {
    let next = i + 1 < bytes.count ? bytes[i + 1] : 0
    let afterNext = i + 2 < bytes.count ? bytes[i + 2] : 0
    return switch bytes[i] {
    case UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): next != UInt8(ascii: "\n")
    case 0xC2: next == 0x85
    case 0xE2: next == 0x80 && (afterNext == 0xA8 || afterNext == 0xA9)
    default: false
    }
  }

  /// Byte offset of a libyaml mark: line from 1, column from 1 in Unicode scalars.
  ///
  /// - Complexity: O(1).
  func offset(line: Int, column: Int) -> Int {
    guard line >= 1, line <= scannerLines.count else { return bytes.count }
    let scalar = scannerLines[line - 1] + max(0, column - 1)
    guard scalar / Self.scalarsPerOffset < scalarOffsets.count else { return bytes.count }
    var offset = scalarOffsets[scalar / Self.scalarsPerOffset]
    var left = scalar % Self.scalarsPerOffset
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, Self.continuesScalar(bytes[offset]) { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The position of a byte of the document in the file.
  func position(at offset: Int) -> SourcePosition {
    var position = lines.position(at: offset)
    position.line += origin.line - 1
    position.column += origin.column - 1
    return position
  }

  /// Index from 0 of the line that holds a byte.
  func lineIndex(at offset: Int) -> Int { lines.position(at: offset).line - 1 }

  var lineCount: Int { lines.lineCount }

  /// First byte of a line, by index from 0.
  func lineStart(_ index: Int) -> Int { lines.start(ofLine: index + 1) }

  /// A line without its end, by index from 0.
  func line(_ index: Int) -> String {
    var slice = lines.line(index + 1)
    while slice.last == UInt8(ascii: "\r") { slice.removeLast() }
    return String(decoding: slice, as: UTF8.self)
  }
}
