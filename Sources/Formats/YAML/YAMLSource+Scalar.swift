extension YAMLSource {
  /// Anchors a scalar's text in the source by walking both.
  ///
  /// White space matches any white space, since lines are folded, and an escape matches the scalar it
  /// writes. Where the two differ otherwise, text and source advance together from there on.
  ///
  /// - Parameters:
  ///   - text: The value after quotes, escapes and folding are gone.
  ///   - start: Offset of the scalar's first byte, its quote or its block indicator, or of the
  ///     anchor or tag before it.
  ///   - isBlock: Whether the scalar is literal or folded and so begins on the next line.
  /// - Returns: The text with its places.
  /// - Complexity: O(bytes the scalar takes in the source, log lines).
  func locate(_ text: String, from start: Int, isBlock: Bool) -> SourceText {
    var walk = ScalarWalk(bytes: bytes, at: start, isBlock: isBlock)
    var anchors = [SourceText.Anchor(offset: 0, position: position(at: walk.place))]
    let content = Array(text.utf8)
    var offset = 0
    while offset < content.count {
      guard !ScalarWalk.isSpace(content[offset]) else {
        offset += 1
        continue
      }
      guard let (place, length) = walk.next(content[offset...]) else { break }
      let position = position(at: place)
      if let last = anchors.last, offset > 0,
        position.line != last.position.line
          || position.column - last.position.column != offset - last.offset
      {
        anchors.append(SourceText.Anchor(offset: offset, position: position))
      }
      offset += length
    }
    return SourceText(text, anchors: anchors)
  }
}

/// Walks the bytes of one scalar as they are written.
private struct ScalarWalk {
  private let bytes: [UInt8]
  private let quote: UInt8?
  private(set) var place: Int

  private static let backslash = UInt8(ascii: "\\")
  private static let (single, double) = (UInt8(ascii: "'"), UInt8(ascii: "\""))

  init(bytes: [UInt8], at start: Int, isBlock: Bool) {
    self.bytes = bytes
    var place = start
    func byte() -> UInt8? { place < bytes.count ? bytes[place] : nil }
    while let mark = byte(), mark == UInt8(ascii: "&") || mark == UInt8(ascii: "!") {
      while let next = byte(), !Self.isSpace(next) { place += 1 }
      while let next = byte(), Self.isSpace(next) { place += 1 }
    }
    var quote: UInt8?
    if isBlock {
      while let next = byte(), next != UInt8(ascii: "\n") { place += 1 }
      while let next = byte(), Self.isSpace(next) { place += 1 }
    } else if let first = byte(), first == Self.double || first == Self.single {
      quote = first
      place += 1
    }
    self.place = place
    self.quote = quote
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
      || byte == UInt8(ascii: "\r")
  }

  /// Where the next part of the value is written and how many of its bytes that writes.
  ///
  /// - Parameter rest: What is left of the value; its first byte is no white space.
  /// - Returns: Nil where the source continues with something else.
  mutating func next(_ rest: ArraySlice<UInt8>) -> (place: Int, length: Int)? {
    while place < bytes.count, let first = rest.first {
      let written = place
      switch bytes[place] {
      case let byte where Self.isSpace(byte):
        place += 1
      case 0xC2 where bytes[place...].starts(with: [0xC2, 0x85]):  // NEL, which folds to a space
        place += 2
      case Self.backslash where quote == Self.double:
        guard place + 1 < bytes.count else { return nil }
        let code = bytes[place + 1]
        place += 2 + Self.digits(after: code)
        // An escaped line end or white space.
        if "\n\r\t nrt".utf8.contains(code) { continue }
        return (written, Self.lengthOfScalar(first))
      case first:
        // In single quotes, a quote is written twice.
        place += quote == Self.single && first == Self.single ? 2 : 1
        return (written, 1)
      default: return nil
      }
    }
    return nil
  }

  /// How many hexadecimal digits follow `\x`, `\u` or `\U`.
  private static func digits(after code: UInt8) -> Int {
    switch code {
    case UInt8(ascii: "x"): 2
    case UInt8(ascii: "u"): 4
    case UInt8(ascii: "U"): 8
    default: 0
    }
  }

  private static func lengthOfScalar(_ first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }
}
