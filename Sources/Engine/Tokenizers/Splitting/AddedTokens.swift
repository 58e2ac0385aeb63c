/// Tokens such as `</s>` that are cut out of a text before anything else happens to it.
///
/// At each place the longest one wins, as in Hugging Face `tokenizers`.
struct AddedTokens: Sendable {
  struct Token: Hashable, Sendable {
    let content: [UInt8]
    let id: Int32
    /// Whether it is left out of decoded text on request.
    var isSpecial = false
    /// Whether it is looked for in the normalized text rather than in the text as given.
    var isNormalized = false
    /// Whether it counts only where no character of a word adjoins it.
    var isSingleWord = false
    /// Whether white space before it is part of it.
    var stripsLeft = false
    /// Whether white space after it is part of it.
    var stripsRight = false
  }

  /// A stretch of a text: plain, or one of the tokens.
  enum Piece: Hashable {
    case text(Range<Int>)
    case token(Int32)
  }

  let tokens: [Token]
  private var contents = ByteTrie()

  /// - Parameter tokens: The tokens; those without content are never found.
  init(_ tokens: [Token]) {
    self.tokens = tokens
    for (index, token) in tokens.enumerated() {
      contents.insert(token.content, value: Int32(index))
    }
  }

  /// Cuts a text and hands over its pieces in order; plain ones are not empty.
  func forEachPiece(of text: UTF8Text.Bytes, _ body: (Piece) -> Void) {
    var done = 0
    var position = 0
    while !contents.isEmpty, position < text.count {
      guard let (length, index) = contents.longestMatch(in: text, at: position) else {
        position += 1
        continue
      }
      let token = tokens[Int(index)]
      var start = position
      var end = position + length
      position = end
      if token.isSingleWord, isInsideWord(text, start..<end) { continue }
      if token.stripsLeft {
        while start > done, isSpace(text, at: UTF8Text.start(before: start, in: text)) {
          start = UTF8Text.start(before: start, in: text)
        }
      }
      if token.stripsRight {
        while end < text.count, isSpace(text, at: end) {
          end += UTF8Text.scalar(in: text, at: end).length
        }
      }
      if start > done { body(.text(done..<start)) }
      body(.token(token.id))
      done = end
    }
    if done < text.count { body(.text(done..<text.count)) }
  }

  private func isInsideWord(_ text: UTF8Text.Bytes, _ range: Range<Int>) -> Bool {
    if range.lowerBound > 0 {
      let before = UTF8Text.start(before: range.lowerBound, in: text)
      if UTF8Text.isWord(UTF8Text.scalar(in: text, at: before).value) { return true }
    }
    return range.upperBound < text.count
      && UTF8Text.isWord(UTF8Text.scalar(in: text, at: range.upperBound).value)
  }

  private func isSpace(_ text: UTF8Text.Bytes, at position: Int) -> Bool {
    UTF8Text.characterClass(UTF8Text.scalar(in: text, at: position).value).isSpace
  }
}
