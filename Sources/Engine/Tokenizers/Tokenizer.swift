/// Text to token ids and back, as the model was trained with.
package protocol Tokenizer: Sendable {
  /// One more than the largest id.
  var vocabularySize: Int { get }
  /// The token that begins a text, whether or not encoding adds it.
  var beginToken: Int32? { get }
  /// The token that ends a text.
  var endToken: Int32? { get }
  /// The token for text that the vocabulary cannot spell; nil if it can spell any text.
  var unknownToken: Int32? { get }
  /// The token that stands for a word to be predicted, as it is spelled in a text; nil if there is none.
  var maskToken: String? { get }
  /// Tokens that the files add and the model has no row for, which are therefore left out.
  var omittedTokens: [String] { get }

  /// The ids of a text.
  ///
  /// - Parameters:
  ///   - text: Any text; a special token spelled out in it becomes that token.
  ///   - addingSpecialTokens: Whether to add what the tokenizer puts around a text, such as
  ///     `</s>` before it in OPT or `<s>` in Llama. GPT-2 adds nothing.
  /// - Returns: The ids, none for an empty text beside the added ones.
  func encode(_ text: String, addingSpecialTokens: Bool) -> [Int32]

  /// The ids of two texts in one sequence, such as BERT's `[CLS] a [SEP] b [SEP]`.
  ///
  /// - Parameters:
  ///   - first: The text that comes first.
  ///   - second: The other text.
  ///   - addingSpecialTokens: Whether to add what the tokenizer puts around and between them.
  /// - Returns: The ids, the segment of each and where the second text begins.
  func encode(_ first: String, pair second: String, addingSpecialTokens: Bool) -> EncodedPair

  /// The text of ids; ids outside the vocabulary are skipped, broken UTF-8 becomes U+FFFD.
  ///
  /// - Parameters:
  ///   - ids: The ids.
  ///   - skippingSpecialTokens: Whether to leave out tokens marked as special.
  /// - Returns: The text.
  func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String

  /// The id of a token as the vocabulary spells it, with `Ġ` or `▁` for a space, or nil.
  func id(of token: String) -> Int32?
}

extension Tokenizer {
  package var omittedTokens: [String] { [] }
  package var maskToken: String? { nil }

  /// What a user should know of omitted tokens; nil where there are none.
  package var omissionWarning: String? {
    guard let first = omittedTokens.first else { return nil }
    let others = omittedTokens.count == 1 ? "" : " and \(omittedTokens.count - 1) more"
    return
      "the model has no row for the added token '\(first)'\(others); in a text, it is split into"
      + " pieces, where Transformers fails"
  }

  /// The text of ids, special tokens spelled out.
  func decode(_ ids: [Int32]) -> String { decode(ids, skippingSpecialTokens: false) }

  /// The words between blanks that the vocabulary cannot spell whole, in the order of the text.
  package func unknownWords(in text: String) -> [String] {
    guard let unknownToken else { return [] }
    return text.split(whereSeparator: \.isWhitespace).map(String.init).filter {
      encode($0, addingSpecialTokens: false).contains(unknownToken)
    }
  }
}

/// Two texts as one sequence.
package struct EncodedPair: Hashable, Sendable {
  /// The tokens of both texts and what is put around them.
  package var ids: [Int32] = []
  /// The segment of each token, 0 or 1, as the tokenizer's template has it: in BERT 0 up to the first
  /// `[SEP]`, in RoBERTa 0 throughout.
  package var typeIDs: [Int32] = []
  /// Where in ``ids`` the texts' own tokens are.
  var first = 0..<0
  var second = 0..<0
  /// Where in ``ids`` the second text's own tokens begin.
  var secondStart: Int { second.lowerBound }

  package init(
    ids: [Int32] = [], typeIDs: [Int32] = [], first: Range<Int> = 0..<0, second: Range<Int> = 0..<0
  ) {
    self.ids = ids
    self.typeIDs = typeIDs
    self.first = first
    self.second = second
  }

  /// The sequence with something of its texts cut off, the longer one's first, so that it has at most
  /// `limit` tokens: `longest_first` of Hugging Face `tokenizers`.
  package func truncated(to limit: Int, side: TruncationSide = .right) -> EncodedPair {
    guard ids.count > limit else { return self }
    let room = max(0, limit - (ids.count - first.count - second.count))
    let shorter = min(first.count, second.count)
    // Either the shorter text stays whole, or both get half, of which the longer one's is rounded up.
    let isWhole = shorter <= room - shorter
    let kept = isWhole ? shorter : room / 2
    let rest = room - kept
    let (ofFirst, ofSecond) = first.count <= second.count ? (kept, rest) : (rest, kept)
    func isKept(_ index: Int) -> Bool {
      if first.contains(index) { return side.keeps(index - first.lowerBound, ofFirst, first.count) }
      if second.contains(index) {
        return side.keeps(index - second.lowerBound, ofSecond, second.count)
      }
      return true
    }
    let places = ids.indices.filter(isKept)
    return EncodedPair(ids: places.map { ids[$0] }, typeIDs: places.map { typeIDs[$0] })
  }
}

/// What of a text is cut off.
package enum TruncationSide: Hashable, Sendable {
  case left
  case right
  case middle

  /// Whether an element stays when `kept` of `count` do; of a middle the first half is rounded up.
  package func keeps(_ index: Int, _ kept: Int, _ count: Int) -> Bool {
    switch self {
    case .left: index >= count - kept
    case .right: index < kept
    case .middle: index < kept - kept / 2 || index >= count - kept / 2
    }
  }
}
