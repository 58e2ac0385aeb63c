/// WordPiece: a word is the longest token it begins with, then again for the rest of it.
///
/// Schuster and Nakajima 2012, "Japanese and Korean voice search"; the greedy search is that of
/// Devlin et al. 2018, arXiv:1810.04805, and of Hugging Face `tokenizers`.
struct WordPieceModel: Sendable {
  private var beginnings = ByteTrie()
  private var continuations = ByteTrie()
  let unknownToken: Int32
  private let longestWord: Int

  /// - Parameters:
  ///   - vocabulary: The tokens.
  ///   - prefix: The mark of a token that continues a word, `##`.
  ///   - unknownToken: The token for a whole word that cannot be composed.
  ///   - longestWord: A word of more characters is unknown.
  init(_ vocabulary: Vocabulary, prefix: [UInt8], unknownToken: Int32, longestWord: Int) {
    self.unknownToken = unknownToken
    self.longestWord = longestWord
    for (id, token) in vocabulary.tokens.enumerated() {
      // A spelling that a later id has as well is the later one's.
      guard let token, vocabulary[token] == Int32(id) else { continue }
      beginnings.insert(token, value: Int32(id))
      if token.starts(with: prefix) {
        continuations.insert(token.dropFirst(prefix.count), value: Int32(id))
      }
    }
  }

  /// Splits a word into the ids of its tokens.
  func encode(_ word: UTF8Text.Bytes, into ids: inout [Int32]) {
    ids.removeAll(keepingCapacity: true)
    let characters = word.count { $0 & 0xC0 != 0x80 }
    var position = 0
    while characters <= longestWord, position < word.count {
      let tokens = position == 0 ? beginnings : continuations
      guard let (length, id) = tokens.longestMatch(in: word, at: position) else { break }
      ids.append(id)
      position += length
    }
    if position < word.count { ids = [unknownToken] }
  }
}

/// Every word is one token, or the unknown one.
struct WordLevelModel: Sendable {
  private let vocabulary: Vocabulary
  let unknownToken: Int32

  /// - Parameters:
  ///   - vocabulary: The words.
  ///   - unknownToken: The token for any other word.
  init(_ vocabulary: Vocabulary, unknownToken: Int32) {
    self.vocabulary = vocabulary
    self.unknownToken = unknownToken
  }

  /// The id of a word.
  func id(of word: UTF8Text.Bytes) -> Int32 { vocabulary[Array(word)] ?? unknownToken }
}
