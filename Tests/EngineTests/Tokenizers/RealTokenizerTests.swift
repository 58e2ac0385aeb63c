import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Published tokenizers", .enabled(if: SharedData.isPresent))
struct RealTokenizerTests {
  struct Published: Sendable {
    let folder: String
    let ids: @Sendable (RecordedIDs.Sample) -> [Int32]
    let vocabularySize: Int
    let begin: Int32
    let end: Int32
    let hello: [Int32]
  }

  static let all = [
    Published(
      folder: "tokenizers/gpt2", ids: { $0.gpt2 }, vocabularySize: 50257, begin: 50256, end: 50256,
      hello: [15496, 995]),
    Published(
      folder: "tokenizers/opt", ids: { $0.opt }, vocabularySize: 50265, begin: 2, end: 2,
      hello: [31414, 232]),
    Published(
      folder: "tokenizers/gpt-neox-20b", ids: { $0.neox }, vocabularySize: 50281, begin: 0, end: 0,
      hello: [12092, 1533]),
    Published(
      folder: "models/stories260K", ids: { $0.stories }, vocabularySize: 512, begin: 1, end: 2,
      hello: [346, 306, 414, 263, 304, 341]),
  ]

  @Test("ids are those of Hugging Face", arguments: all)
  func recorded(published: Published) throws {
    let tokenizer = try TokenizerLoader.load(from: SharedData.data(published.folder))
    #expect(tokenizer.vocabularySize == published.vocabularySize)
    #expect(tokenizer.beginToken == published.begin)
    #expect(tokenizer.endToken == published.end)
    #expect(tokenizer.encode("Hello world", addingSpecialTokens: false) == published.hello)
    for _ in 1...2 {  // the second time from the cache
      for sample in RecordedIDs.samples {
        let ids = tokenizer.encode(sample.text, addingSpecialTokens: true)
        #expect(ids == published.ids(sample), "\(sample.text.debugDescription)")
      }
    }
  }

  @Test("byte-level ids decode to the text they came from", arguments: all.prefix(2))
  func roundTrip(published: Published) throws {
    let tokenizer = try TokenizerLoader.load(from: SharedData.data(published.folder))
    for sample in RecordedIDs.samples {
      let ids = tokenizer.encode(sample.text, addingSpecialTokens: false)
      #expect(Array(tokenizer.decode(ids).utf8) == Array(sample.text.utf8))
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
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          RecordedIDs.samples.allSatisfy {
            tokenizer.encode($0.text, addingSpecialTokens: true) == $0.gpt2
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
