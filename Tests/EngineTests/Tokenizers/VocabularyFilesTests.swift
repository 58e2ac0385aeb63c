import Foundation
import Testing

@testable import Engine

@Suite("vocab.json and merges.txt")
struct VocabularyFilesTests {
  private static let vocabulary =
    #"{"<s>": 0, "<pad>": 1, "</s>": 2, "a": 3, "b": 4, "ab": 5, "Ġ": 6, "<|endoftext|>": 7}"#

  private func folder() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try scratch.write("vocab.json", Self.vocabulary)
    try scratch.write("merges.txt", "#version: 0.2\r\na b\r\n")
    return scratch
  }

  private func ids(_ scratch: ScratchFolder, _ text: String = "ab a</s>") throws -> [Int32] {
    try TokenizerLoader.load(from: scratch.url).encode(text, addingSpecialTokens: true)
  }

  @Test("the vocabulary, the model or the settings tell OPT from GPT-2")
  func families() throws {
    let scratch = try folder()
    #expect(try ids(scratch) == [2, 5, 6, 3, 2], "OPT's first ids")
    try scratch.write("config.json", #"{"model_type": "gpt2"}"#)
    #expect(try ids(scratch, "ab<|endoftext|>") == [5, 7])
    try scratch.write("config.json", #"{"model_type": "opt"}"#)
    #expect(try ids(scratch) == [2, 5, 6, 3, 2])
    try scratch.write("tokenizer_config.json", #"{"add_bos_token": false}"#)
    #expect(try ids(scratch) == [5, 6, 3, 2])
    try scratch.write(
      "tokenizer_config.json",
      #"""
      {"add_bos_token": true, "bos_token": {"content": "<s>"}, "eos_token": "a",
       "add_prefix_space": true, "tokenizer_class": "GPT2TokenizerFast"}
      """#)
    #expect(try ids(scratch, "ab") == [0, 3, 6, 4])
    let tokenizer = try TokenizerLoader.load(from: scratch.url)
    #expect(tokenizer.beginToken == 0 && tokenizer.endToken == 3)
  }

  @Test("tokens are added by added_tokens.json and by tokenizer_config.json")
  func added() throws {
    let scratch = try folder()
    try scratch.write("added_tokens.json", #"{"<x>": 9}"#)
    try scratch.write(
      "tokenizer_config.json",
      #"{"added_tokens_decoder": {"10": {"content": "<y>", "special": true}}}"#)
    #expect(try ids(scratch, "a<x><y>") == [2, 3, 9, 10])
    #expect(try TokenizerLoader.load(from: scratch.url).vocabularySize == 11)
  }

  @Test("an added token whose number another token has gets the next, as in Transformers")
  func taken() throws {
    let scratch = try folder()
    let next = Int32(try TokenizerLoader.load(from: scratch.url).vocabularySize)
    try scratch.write(
      "tokenizer_config.json",
      #"{"added_tokens_decoder": {"2": {"content": "<y>", "special": true}}}"#)
    #expect(try ids(scratch, "a<y>") == [2, 3, next])
  }

  @Test("what is missing or broken is named")
  func refusals() throws {
    func refusal(_ scratch: ScratchFolder) -> CheckpointError? {
      #expect(throws: CheckpointError.self) { try TokenizerLoader.load(from: scratch.url) }
    }
    let empty = try ScratchFolder()
    #expect(
      refusal(empty)?.message
        == "contains none of tokenizer.json, vocab.json with merges.txt, tokenizer.model and vocab.txt"
    )
    let broken = try folder()
    try broken.write("merges.txt", "#version\na b\na  b\n")
    #expect(refusal(broken)?.place == TextPlace(line: 3, column: 1))
    try broken.write("merges.txt", "b a\n")
    #expect(
      refusal(broken)?.message == "merge 1 needs the token 'ba', which the vocabulary lacks")
    try broken.write("tokenizer_config.json", #"{"tokenizer_class": "XLNetTokenizer"}"#)
    #expect(refusal(broken)?.kind == .unsupported)
  }
}
