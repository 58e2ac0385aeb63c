import Foundation
import Testing

@testable import Engine

@Suite("Tokenizers made up for a test")
struct SyntheticTokenizerTests {
  /// A character vocabulary with a few merges; the rest of the file as a test needs it.
  private func file(
    added: String = "", normalizer: String = "null", preTokenizer: String = "null",
    postProcessor: String = "null", decoder: String = "null", model: String = ""
  ) -> String {
    let vocabulary = [
      "<unk>", "<s>", "a", "b", "c", "▁", "ab", "abc", "bc", "▁ab", "Ġ", "<0xC3>", "<0xA9>",
    ].enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ",")
    return """
      {"added_tokens": [\(added)], "normalizer": \(normalizer), "pre_tokenizer": \(preTokenizer),
       "post_processor": \(postProcessor), "decoder": \(decoder),
       "model": {"type": "BPE", \(model) "vocab": {\(vocabulary)},
        "merges": ["b c", "a b", "ab c", ["▁", "ab"]]}}
      """
  }

  private func load(_ text: String) throws -> any Tokenizer {
    let scratch = try ScratchFolder()
    try scratch.write("tokenizer.json", text)
    return try TokenizerLoader.load(from: scratch.url)
  }

  private func ids(_ tokenizer: any Tokenizer, _ text: String) -> [Int32] {
    tokenizer.encode(text, addingSpecialTokens: true)
  }

  @Test("pairs join in the order of their ranks")
  func ranks() throws {
    let tokenizer = try load(file())
    #expect(ids(tokenizer, "abc") == [2, 8], "b c comes before a b")
    #expect(ids(tokenizer, "ab▁ab") == [6, 9])
    #expect(ids(tokenizer, "") == [])
    #expect(ids(tokenizer, "axb") == [6], "without <unk>, an unknown character is dropped")
    #expect(tokenizer.decode([6, 2, 99]) == "ab a", "without decoder, tokens stand apart")
  }

  @Test("unknown characters become one token or many, or their bytes")
  func unknown() throws {
    let one = try load(file(model: #""unk_token": "<unk>", "fuse_unk": true,"#))
    #expect(ids(one, "xyaz") == [0, 2, 0])
    let many = try load(file(model: #""unk_token": "<unk>", "fuse_unk": false,"#))
    #expect(ids(many, "xyaz") == [0, 0, 2, 0])
    let bytes = try load(
      file(
        decoder: #"{"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]}"#,
        model: #""unk_token": "<unk>", "byte_fallback": true,"#))
    #expect(ids(bytes, "éx") == [11, 12, 0])
    #expect(bytes.decode([2, 11, 12, 3, 11]) == "aéb\u{FFFD}")
  }

  @Test("a whole word may come before merges")
  func wholeWords() throws {
    let tokenizer = try load(file(model: #""ignore_merges": true,"#))
    #expect(ids(tokenizer, "abc") == [7])
  }

  @Test("added tokens are cut out, with the white space and the borders they ask for")
  func addedTokens() throws {
    let tokenizer = try load(
      file(
        added: """
          {"id": 1, "content": "<s>", "special": true},
          {"id": 20, "content": "<l>", "lstrip": true}, {"id": 21, "content": "<r>", "rstrip": true},
          {"id": 22, "content": "bab", "single_word": true}, {"id": 23, "content": "<s>a", "normalized": false}
          """,
        decoder: #"{"type": "Fuse"}"#, model: #""unk_token": "<unk>","#))
    #expect(ids(tokenizer, "a<s>b") == [2, 1, 3])
    #expect(ids(tokenizer, "<s>a") == [23], "the longest wins")
    #expect(ids(tokenizer, "a \n<l> b") == [2, 20, 0, 3])
    #expect(ids(tokenizer, "a <r> \u{3000}b") == [2, 0, 21, 3])
    #expect(ids(tokenizer, "bab") == [22])
    #expect(ids(tokenizer, "babc bab") == [3, 2, 8, 0, 22])
    #expect(tokenizer.vocabularySize == 24)
    #expect(tokenizer.decode([1, 2, 20]) == "<s>a<l>")
    #expect(tokenizer.decode([1, 2, 20], skippingSpecialTokens: true) == "a<l>")
  }

  @Test("SentencePiece's marker, as normalizer or as splitting step")
  func marker() throws {
    let decoder = """
      {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
      """
    let normalized = try load(
      file(
        added: #"{"id": 1, "content": "<s>", "special": true}"#,
        normalizer: """
          {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
          """,
        postProcessor: """
          {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
           "special_tokens": {"<s>": {"id": "<s>", "ids": [1]}}}
          """, decoder: decoder))
    #expect(ids(normalized, "ab  c") == [1, 9, 5, 5, 4])
    #expect(ids(normalized, "c<s>c") == [1, 5, 4, 1, 5, 4])
    #expect(normalized.encode("c", addingSpecialTokens: false) == [5, 4])
    #expect(normalized.decode([9, 5, 5, 4]) == "ab  c")
    let metaspace = #"{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}"#
    let split = try load(
      file(
        added: #"{"id": 1, "content": "<s>", "special": true}"#, preTokenizer: metaspace,
        decoder: metaspace))
    #expect(ids(split, "c ab<s>c") == [5, 4, 9, 1, 4])
    #expect(split.decode([9, 9]) == "ab ab")
  }

  @Test("bytes, a leading space, digits and composition")
  func byteLevel() throws {
    let spaced = try load(
      file(
        preTokenizer: #"{"type": "ByteLevel", "add_prefix_space": true}"#,
        decoder: #"{"type": "ByteLevel"}"#))
    #expect(ids(spaced, "abc") == [10, 2, 8])
    #expect(spaced.decode([10, 6]) == " ab")
    let digits = PreTokenizer.characters(.digits(individually: true))
    var words: [String] = []
    Array("ab12c".utf8).withUnsafeBufferPointer { bytes in
      PreTokenizer.apply([digits], to: bytes, isFirst: true) {
        words.append(String(decoding: $0, as: UTF8.self))
      }
    }
    #expect(words == ["ab", "1", "2", "c"])
    let composed = Array("e\u{301} \u{AC00}\u{11A8}".utf8).withUnsafeBufferPointer {
      Normalizer.apply([.form(.nfc)], to: $0)
    }
    #expect(composed == Array("\u{E9} \u{AC01}".utf8))
  }

  @Test(
    "a component that is not done is named",
    arguments: [
      (#""model": {"type": "CTC"}"#, "the model 'CTC' is not supported"),
      (#""model": {"type": "Unigram"}"#, "'model.vocab' is not an array of pieces"),
      (
        #""model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", 0], ["b"]]}"#,
        "piece 1 is not a text with a score"
      ),
      (
        #""model": {"type": "Unigram", "unk_id": 1, "vocab": [["a", 0]]}"#,
        "the unknown token 1 is not in the vocabulary"
      ),
      (
        #""model": {"type": "Unigram", "vocab": [["a", 0]]}"#,
        "the model option 'unk_id null' is not supported"
      ),
      (
        #""normalizer": {"type": "Precompiled"}, "model": {"vocab": {}, "merges": []}"#,
        "the normalizer's 'precompiled_charsmap' is not in base 64"
      ),
      (
        #""normalizer": {"type": "Precompiled", "precompiled_charsmap": "BQAAAAAAAAA="},"#
          + #" "model": {"vocab": {}, "merges": []}"#,
        "the normalizer's 'precompiled_charsmap' has a double array of 5 bytes in 8"
      ),
      (
        #""pre_tokenizer": {"type": "CharDelimiterSplit"}, "model": {"vocab": {}, "merges": []}"#,
        "the pre_tokenizer 'CharDelimiterSplit' is not supported"
      ),
      (
        #""pre_tokenizer": {"type": "Split", "pattern": {"Regex": "x+?"}, "behavior": "Isolated"},"#
          + #" "model": {"vocab": {}, "merges": []}"#,
        "the pre_tokenizer's pattern 'x+?' is not supported"
      ),
      (
        #""decoder": {"type": "CTC"}, "model": {"vocab": {}, "merges": []}"#,
        "the decoder 'CTC' is not supported"
      ),
      (
        #""post_processor": {"type": "X"}, "model": {"vocab": {}, "merges": []}"#,
        "the post_processor 'X' is not supported"
      ),
      (
        #""model": {"vocab": {}, "merges": [], "dropout": 0.1}"#,
        "the model option 'dropout' is not supported"
      ),
      (
        #""model": {"vocab": {"a": -1}, "merges": []}"#,
        "token 'a' has the id -1, not a number from 0 to 9,999,999"
      ),
      (
        #""model": {"vocab": {"a": 0}, "merges": ["a b"]}"#,
        "merge 1 needs the token 'ab', which the vocabulary lacks"
      ),
      (#""model": {"vocab": {"a": 0}, "merges": ["ab"]}"#, "merge 1 is not a pair of tokens"),
      (#""x": 1"#, "has no 'model'"),
    ])
  func refusals(members: String, message: String) {
    let error = #expect(throws: CheckpointError.self) { try load("{\(members)}") }
    #expect(error?.message == message)
  }

  @Test("a file cut short at any byte is rejected")
  func truncations() throws {
    let bytes = Array(file().utf8)
    let scratch = try ScratchFolder()
    for count in stride(from: 0, to: bytes.count, by: 3) {
      try scratch.write("tokenizer.json", Array(bytes.prefix(count)))
      #expect(throws: CheckpointError.self) { try TokenizerLoader.load(from: scratch.url) }
    }
  }
}
