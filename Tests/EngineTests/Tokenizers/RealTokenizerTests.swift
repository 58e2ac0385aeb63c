import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Published tokenizers", .enabled(if: SharedData.isPresent))
struct RealTokenizerTests {
  struct Published: Sendable {
    let folder: String
    let vocabularySize: Int
    let begin: Int32
    let end: Int32
    let hello: [Int32]
  }

  private static let texts: [String] = {
    var texts = UnicodeTexts(seed: 7)
    return (0..<500).map { _ in texts.next() }
  }()

  static let all = [
    Published(
      folder: "tokenizers/gpt2", vocabularySize: 50257, begin: 50256, end: 50256,
      hello: [15496, 995]),
    Published(
      folder: "tokenizers/opt", vocabularySize: 50265, begin: 2, end: 2,
      hello: [31414, 232]),
    Published(
      folder: "tokenizers/gpt-neox-20b", vocabularySize: 50281, begin: 0, end: 0,
      hello: [12092, 1533]),
    Published(
      folder: "tokenizers/llama2", vocabularySize: 32000, begin: 1, end: 2, hello: [15043, 3186]),
    Published(
      folder: "tokenizers/bert-base-uncased", vocabularySize: 30522, begin: 101, end: 102,
      hello: [7592, 2088]),
    Published(
      folder: "models/stories260K", vocabularySize: 512, begin: 1, end: 2,
      hello: [346, 306, 414, 263, 304, 341]),
  ]

  @Test("sizes, ends and a greeting", arguments: all)
  func facts(published: Published) throws {
    let tokenizer = try TokenizerLoader.load(from: SharedData.data(published.folder))
    #expect(tokenizer.vocabularySize == published.vocabularySize)
    #expect(tokenizer.beginToken == published.begin)
    #expect(tokenizer.endToken == published.end)
    #expect(tokenizer.encode("Hello world", addingSpecialTokens: false) == published.hello)
  }

  @Test("byte-level ids decode to the text they came from", arguments: all.prefix(2))
  func roundTrip(published: Published) throws {
    let tokenizer = try TokenizerLoader.load(from: SharedData.data(published.folder))
    for text in Self.texts {
      let ids = tokenizer.encode(text, addingSpecialTokens: false)
      #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8))
    }
  }

  @Test("the golden ids of the small Llama, and back")
  func stories() throws {
    let tokenizer = try TokenizerLoader.load(from: SharedData.data("models/stories260K"))
    let ids: [Int32] = [1, 403, 407, 261, 378]
    #expect(tokenizer.encode("Once upon a time", addingSpecialTokens: true) == ids)
    #expect(tokenizer.decode(ids, skippingSpecialTokens: true) == "Once upon a time")
    #expect(
      tokenizer.encode("The lawyer was advised by the actor.", addingSpecialTokens: true) == [
        1, 291, 278, 412, 424, 422, 285, 286, 261, 418, 435, 293, 266, 268, 422, 265, 261, 429, 413,
        304, 426,
      ])
    #expect(tokenizer.id(of: "<s>") == 1 && tokenizer.id(of: "nowhere") == nil)
  }

  @Test("many threads get the ids that one gets")
  func concurrency() async throws {
    let tokenizer = try TokenizerLoader.load(from: SharedData.data("tokenizers/gpt2"))
    let alone = Self.texts.map { tokenizer.encode($0, addingSpecialTokens: true) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          Self.texts.map { tokenizer.encode($0, addingSpecialTokens: true) } == alone
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
