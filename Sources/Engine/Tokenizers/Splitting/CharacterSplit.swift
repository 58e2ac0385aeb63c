/// Cuts a text wherever characters of another kind begin.
enum CharacterSplit: Hashable, Sendable {
  /// White space is dropped, each mark of punctuation stands alone, as BERT has it.
  case bert
  /// Each mark of punctuation stands alone.
  case punctuation
  /// White space is dropped.
  case whitespace
  /// `\w+|[^\w\s]+`: as before, and words are cut from other characters.
  case words
  /// Numbers are cut out, each digit or each run of them.
  case digits(individually: Bool)

  /// What becomes of a character.
  private enum Kind {
    case dropped
    case alone
    case run
    case otherRun
  }

  /// Hands over the words, which are not empty, and where each begins.
  @inline(__always)
  func forEachWord(in text: UTF8Text.Bytes, _ body: (Range<Int>) -> Void) {
    var start = 0
    var position = 0
    var current = Kind.dropped
    while position < text.count {
      let (value, length) = UTF8Text.scalar(in: text, at: position)
      let kind = kind(of: value)
      if kind != current || kind == .alone {
        if current != .dropped { body(start..<position) }
        start = position
        current = kind
      }
      position += length
    }
    if current != .dropped { body(start..<position) }
  }

  @inline(__always)
  private func kind(of value: UInt32) -> Kind {
    switch self {
    case .bert:
      if value < 0x80 { return Self.bertKinds[Int(value)] }
      return Self.bertKind(of: value)
    case .punctuation:
      return Self.isPunctuation(value) ? .alone : .run
    case .whitespace:
      return Self.isSpace(value) ? .dropped : .run
    case .words:
      return UTF8Text.isWord(value) ? .run : Self.isSpace(value) ? .dropped : .otherRun
    case .digits(let individually):
      return UTF8Text.isNumber(value) ? individually ? .alone : .otherRun : .run
    }
  }

  private static let bertKinds: [Kind] = (0..<0x80).map(bertKind)

  private static func bertKind(of value: UInt32) -> Kind {
    isSpace(value) ? .dropped : isPunctuation(value) ? .alone : .run
  }

  private static func isSpace(_ value: UInt32) -> Bool {
    UTF8Text.characterClass(value).isSpace
  }

  private static func isPunctuation(_ value: UInt32) -> Bool {
    Unicode.Scalar(value).map(UnicodeTables.isPunctuation) ?? false
  }
}
