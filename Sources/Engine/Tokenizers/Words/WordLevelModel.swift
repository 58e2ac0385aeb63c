/// Every word is one token, or the unknown one.
struct WordLevelModel: Sendable {
  private let vocabulary: Vocabulary
  let unknownToken: Int32

  /// - Parameters:
  ///   - vocabulary: The words.
  ///   - unknownToken: Stands for any other word.
  init(_ vocabulary: Vocabulary, unknownToken: Int32) {
    self.vocabulary = vocabulary
    self.unknownToken = unknownToken
  }

  /// The id of a word.
  func id(of word: UTF8Text.Bytes) -> Int32 { vocabulary[Array(word)] ?? unknownToken }
}
