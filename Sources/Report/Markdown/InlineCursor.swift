import Formats

/// Walks the source of one block in step with the inlines cmark made of it, to find exact places.
///
/// cmark's own inline positions are off after indented continuation lines, in headings and beside
/// autolinks. This cursor never runs ahead: visible text is a subsequence of the source, so its
/// earliest match ends at or before the true place, and searches start from there.
struct InlineCursor {
  private let text: SourceLines
  private(set) var offset: Int
  private let end: Int

  init(_ text: SourceLines, from offset: Int, to end: Int) {
    self.text = text
    self.offset = min(offset, end)
    self.end = end
  }

  var position: SourcePosition { text.position(at: offset) }

  /// Moves past visible text; escapes, entities and markup between its characters are skipped.
  mutating func advance(over visible: some StringProtocol) {
    for scalar in visible.unicodeScalars where !scalar.properties.isWhitespace {
      if let after = match(of: Array(String(scalar).utf8)) { offset = after }
    }
  }

  /// Finds text that is literally in the source, and moves past it.
  ///
  /// - Parameter literal: Not empty.
  /// - Returns: Where it starts and whether a backslash escapes it, or nil, the cursor unmoved.
  mutating func find(_ literal: some Collection<UInt8>) -> (offset: Int, isEscaped: Bool)? {
    var index = offset
    while index + literal.count <= end {
      if text.bytes[index..<index + literal.count].elementsEqual(literal) {
        let slashes = text.bytes[..<index].reversed().prefix { $0 == UInt8(ascii: "\\") }
        offset = index + literal.count
        return (index, slashes.count % 2 == 1)
      }
      index += 1
    }
    return nil
  }

  /// The next byte of a kind, the cursor unmoved; its own place if there is none.
  func next(_ byte: UInt8) -> Int {
    text.bytes[offset..<end].firstIndex(of: byte) ?? offset
  }

  /// The last occurrence of a text in the block, regardless of the cursor.
  func lastOffset(of literal: String) -> Int? {
    let bytes = Array(literal.utf8)
    return (0...max(0, end - bytes.count)).reversed().first {
      text.bytes[$0..<end].starts(with: bytes)
    }
  }

  /// Finds a code span by its content and moves past its closing backticks.
  ///
  /// - Parameter content: As cmark gives it: line ends are spaces and `\|` in a table is `|`.
  /// - Returns: The offset of each byte of the content, or nil, the cursor unmoved.
  mutating func findCode(_ content: String) -> [Int]? {
    var index = offset
    while index < end {
      guard text.bytes[index] == Self.tick else {
        index += 1
        continue
      }
      let afterTicks = skip(Self.tick, from: index)
      if let found = codeOffsets(Array(content.utf8), from: afterTicks, ticks: afterTicks - index) {
        offset = found.end
        return found.offsets
      }
      index = afterTicks
    }
    return nil
  }

  /// Moves past `](address "title")` or `][name]` if the text of a link or image has just ended.
  mutating func skipLinkTail() {
    let closers = Array("*_~` \n\t>".utf8)
    var index = offset
    while index < end, closers.contains(text.bytes[index]) { index += 1 }
    guard index < end, text.bytes[index] == UInt8(ascii: "]") else { return }
    index += 1
    if index < end, text.bytes[index] == UInt8(ascii: "(") {
      offset = endOfAddress(from: index)
    } else if index < end, text.bytes[index] == UInt8(ascii: "["),
      let close = text.bytes[index..<end].firstIndex(of: UInt8(ascii: "]"))
    {
      offset = close + 1
    } else {
      offset = index
    }
  }
}

extension InlineCursor {
  private static let tick = UInt8(ascii: "`")

  /// Where the earliest match of one character ends; an entity matches any character except `&`.
  private func match(of character: [UInt8]) -> Int? {
    var index = offset
    while index < end {
      if text.bytes[index..<end].starts(with: character) { return index + character.count }
      if text.bytes[index] == UInt8(ascii: "&"), let after = endOfEntity(from: index) {
        return after
      }
      index += 1
    }
    return nil
  }

  private func endOfEntity(from start: Int) -> Int? {
    let name = text.bytes[(start + 1)..<end].prefix {
      $0 == UInt8(ascii: "#") || Name.isLetter($0) || Name.isDigit($0)
    }
    guard !name.isEmpty, name.endIndex < end, text.bytes[name.endIndex] == UInt8(ascii: ";") else {
      return nil
    }
    return name.endIndex + 1
  }

  private func codeOffsets(
    _ content: [UInt8], from start: Int, ticks: Int
  ) -> (offsets: [Int], end: Int)? {
    for first in [start, skipSpace(from: start)].compactMap(\.self) {
      guard let (offsets, end) = match(code: content, from: first) else { continue }
      for last in [end, skipSpace(from: end)].compactMap(\.self) {
        let close = skip(Self.tick, from: last)
        if close - last == ticks { return (offsets, close) }
      }
    }
    return nil
  }

  private func match(code content: [UInt8], from start: Int) -> (offsets: [Int], end: Int)? {
    var index = start
    var offsets: [Int] = []
    for byte in content {
      if byte == UInt8(ascii: "|"), text.bytes[index..<end].starts(with: "\\|".utf8) { index += 1 }
      offsets.append(index)
      if byte == UInt8(ascii: " "), let after = skipSpace(from: index) {
        index = after
      } else if index < end, text.bytes[index] == byte {
        index += 1
      } else {
        return nil
      }
    }
    return (offsets, index)
  }

  /// The end of one space, or of a line end with the indentation and quote marks after it.
  private func skipSpace(from start: Int) -> Int? {
    guard start < end else { return nil }
    if text.bytes[start] == UInt8(ascii: " ") { return start + 1 }
    guard text.bytes[start] == UInt8(ascii: "\n") else { return nil }
    let prefix = text.bytes[(start + 1)..<end].prefix { Array(" \t>".utf8).contains($0) }
    return prefix.endIndex
  }

  private func skip(_ byte: UInt8, from start: Int) -> Int {
    var index = start
    while index < end, text.bytes[index] == byte { index += 1 }
    return index
  }

  /// The end of `(address "title")`: balanced parentheses, outside `<…>` and quotes.
  private func endOfAddress(from start: Int) -> Int {
    var depth = 0
    var closing: UInt8?
    var index = start
    while index < end {
      let byte = text.bytes[index]
      if byte == UInt8(ascii: "\\") {
        index += 1
      } else if let expected = closing {
        if byte == expected { closing = nil }
      } else if byte == UInt8(ascii: "<") {
        closing = UInt8(ascii: ">")
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), isSpace(before: index) {
        closing = byte
      } else if byte == UInt8(ascii: "(") {
        depth += 1
      } else if byte == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
      index += 1
    }
    return start
  }

  private func isSpace(before index: Int) -> Bool {
    [UInt8(ascii: " "), UInt8(ascii: "\n")].contains(text.bytes[index - 1])
  }
}
