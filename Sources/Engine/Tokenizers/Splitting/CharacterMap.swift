/// The table by which SentencePiece rewrites characters, its `precompiled_charsmap`.
///
/// A double array (Darts-clone) from characters to offsets into texts that end with a zero byte. Text is
/// rewritten as in Hugging Face's `spm_precompiled`: a grapheme of at most five bytes by the first entry
/// that it begins with, else each of its characters.
struct CharacterMap: Hashable, Sendable {
  /// What is wrong with a table.
  struct Mistake: Error {
    let message: String
  }

  private let units: [UInt32]
  private let texts: [UInt8]
  /// For each ASCII character, whether the table rewrites it.
  private let rewritesASCII: [Bool]

  private static let longestGrapheme = 5

  /// Reads a table and holds each of its offsets against the data there is.
  init(_ bytes: [UInt8]) throws(Mistake) {
    func number(_ at: Int) -> UInt32 {
      (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[at + $1]) }
    }
    guard bytes.count >= 4 else { throw Mistake(message: "has no length") }
    let length = Int(number(0))
    guard length.isMultiple(of: 4), length >= 4, length <= bytes.count - 4 else {
      throw Mistake(message: "has a double array of \(length) bytes in \(bytes.count)")
    }
    let units = (0..<length / 4).map { number(4 + 4 * $0) }
    let texts = Array(bytes[(4 + length)...])
    guard String(validating: texts, as: UTF8.self) != nil, texts.isEmpty || texts.last == 0 else {
      throw Mistake(message: "has texts that are not UTF-8 or do not end")
    }
    for (index, unit) in units.enumerated() where !Self.isLeaf(unit) && Self.hasLeaf(unit) {
      let leaf = index ^ Self.offset(unit)
      guard units.indices.contains(leaf), Self.isLeaf(units[leaf]),
        texts.indices.contains(Self.value(units[leaf])),
        texts[Self.value(units[leaf])] & 0xC0 != 0x80
      else { throw Mistake(message: "has an entry \(index) that leads nowhere") }
    }
    self.units = units
    self.texts = texts
    rewritesASCII = (0..<0x80).map { character in
      [UInt8(character)].withUnsafeBufferPointer { Self.entry($0, units) != nil }
    }
  }

  /// The rewritten text, or nil where nothing changes.
  func apply(to text: UTF8Text.Bytes) -> [UInt8]? {
    if text.allSatisfy({ $0 < 0x80 && $0 != 0x0D && !rewritesASCII[Int($0)] }) { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 2)
    var position = 0
    while position < text.count {
      // Between two ASCII characters other than CR LF a grapheme always ends.
      let isAlone =
        text[position] < 0x80 && text[position] != 0x0D
        && (position + 1 == text.count || text[position + 1] < 0x80)
      if isAlone {
        append(text, position..<position + 1, to: &result)
        position += 1
        continue
      }
      var end = position + 1
      while end < text.count,
        text[end] >= 0x80 || text[end - 1] >= 0x80 || text[end - 1] == 0x0D
      { end += 1 }
      for grapheme in String(decoding: text[position..<end], as: UTF8.self) {
        let next = position + grapheme.utf8.count
        append(text, position..<next, to: &result)
        position = next
      }
    }
    return result
  }

  /// Appends a grapheme, rewritten as a whole or by its characters.
  private func append(_ text: UTF8Text.Bytes, _ range: Range<Int>, to result: inout [UInt8]) {
    if range.count <= Self.longestGrapheme, appendEntry(text, range, to: &result) { return }
    var position = range.lowerBound
    while position < range.upperBound {
      let end = position + UTF8Text.scalar(in: text, at: position).length
      if !appendEntry(text, position..<end, to: &result) {
        result.append(contentsOf: text[position..<end])
      }
      position = end
    }
  }

  private func appendEntry(
    _ text: UTF8Text.Bytes, _ range: Range<Int>, to result: inout [UInt8]
  ) -> Bool {
    guard var offset = Self.entry(UTF8Text.Bytes(rebasing: text[range]), units) else {
      return false
    }
    while texts[offset] != 0 {
      result.append(texts[offset])
      offset += 1
    }
    return true
  }

  /// The longest entry that the text has at a place, as SentencePiece itself applies the table.
  ///
  /// - Returns: The length of what it rewrites and the new text, or nil.
  func longestEntry(in text: UTF8Text.Bytes, at start: Int) -> (
    length: Int, text: ArraySlice<UInt8>
  )? {
    var found: (length: Int, text: ArraySlice<UInt8>)?
    Self.forEachEntry(UTF8Text.Bytes(rebasing: text[start...]), units) { length, offset in
      let end = texts[offset...].firstIndex(of: 0) ?? offset
      found = (length, texts[offset..<end])
      return true
    }
    return found
  }

  /// The offset of the shortest entry that a text begins with.
  private static func entry(_ text: UTF8Text.Bytes, _ units: [UInt32]) -> Int? {
    var found: Int?
    forEachEntry(text, units) { _, offset in
      found = offset
      return false
    }
    return found
  }

  /// Hands over the length and the offset of each entry that a text begins with, short ones first,
  /// while `body` asks for more.
  @inline(__always)
  private static func forEachEntry(
    _ text: UTF8Text.Bytes, _ units: [UInt32], _ body: (Int, Int) -> Bool
  ) {
    var node = offset(units[0])
    for position in text.indices {
      let byte = text[position]
      node ^= Int(byte)
      guard byte != 0, node < units.count, units[node] & 0x8000_00FF == UInt32(byte) else { return }
      let unit = units[node]
      node ^= offset(unit)
      if hasLeaf(unit), !body(position + 1, value(units[node])) { return }
    }
  }

  private static func isLeaf(_ unit: UInt32) -> Bool { unit >> 31 == 1 }
  private static func hasLeaf(_ unit: UInt32) -> Bool { unit >> 8 & 1 == 1 }
  private static func value(_ unit: UInt32) -> Int { Int(unit & 0x7FFF_FFFF) }
  private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }
}
