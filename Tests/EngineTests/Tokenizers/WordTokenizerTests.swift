import Foundation
import Testing

@testable import Engine

@Suite("Word tokenizer")
struct WordTokenizerTests {
  private static let words = ["the", "dog", "sees", ".", "no"]

  private func load() throws -> any Tokenizer {
    let scratch = try ScratchFolder()
    try WordTokenizer(words: Self.words).write(to: scratch.url, context: 64)
    return try TokenizerLoader.load(from: scratch.url)
  }

  @Test(
    "what stands between blanks is a token, whatever its case",
    arguments: [
      ("the dog sees .", [4, 5, 6, 7]), ("The DOG sees.", [4, 5, 3]), ("cat no", [3, 8]),
      ("the\n\ndog", [4, 5]), ("dogs", [3]), ("..", [3]), ("", []),
      ("the</s>dog", [4, 2, 5]),
    ] as [(String, [Int32])])
  func encoding(text: String, ids: [Int32]) throws {
    #expect(try load().encode(text, addingSpecialTokens: false) == ids)
    #expect(try load().encode(text, addingSpecialTokens: true) == [1] + ids)
  }

  @Test("ids become words again, and the special tokens are known")
  func decoding() throws {
    let tokenizer = try load()
    #expect(tokenizer.decode([1, 4, 5, 6, 2], skippingSpecialTokens: true) == "the dog sees")
    #expect(tokenizer.vocabularySize == 9)
    #expect(tokenizer.beginToken == 1 && tokenizer.endToken == 2)
    #expect(WordTokenizer(words: Self.words).ids["sees"] == tokenizer.id(of: "sees"))
  }

  @Test("a file of words without its unknown token is rejected")
  func unknownToken() throws {
    let scratch = try ScratchFolder()
    let url = try scratch.write(
      "tokenizer.json", #"{"model": {"type": "WordLevel", "vocab": {"a": 0}}}"#)
    let error = #expect(throws: CheckpointError.self) {
      try TokenizerLoader.load(from: scratch.url)
    }
    #expect(error?.file == url.path)
    #expect(error?.message == "the unknown token '<unk>' is not in the vocabulary")
  }
}
