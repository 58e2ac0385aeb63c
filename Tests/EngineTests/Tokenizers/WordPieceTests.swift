import Testing

@testable import Engine

@Suite("WordPiece")
struct WordPieceTests {
  private static let vocabulary = """
    [PAD]
    [UNK]
    [CLS]
    [SEP]
    [MASK]
    un
    ##aff
    ##able
    caf
    ##e
    .
    É
    中
    ##a
    a
    """

  private func load(_ settings: String = "{}") throws -> any Tokenizer {
    let scratch = try ScratchFolder()
    try scratch.write("vocab.txt", Self.vocabulary.replacing("\n", with: "\r\n") + "\n")
    try scratch.write("tokenizer_config.json", settings)
    return try TokenizerLoader.load(from: scratch.url)
  }

  @Test(
    "words fall into their longest tokens, or are unknown as a whole",
    arguments: [
      ("unaffable", [5, 6, 7]), ("UNAFFABLE.", [5, 6, 7, 10]), ("unaffablex a", [1, 14]),
      ("Café\u{0}\u{200B} cafe\u{301}", [8, 9, 8, 9]), ("a中a", [14, 12, 14]),
      ("[MASK]a [mask]", [4, 14, 1, 1, 1]), (String(repeating: "a", count: 101), [1]),
      ("a\u{3000}a\u{85}a\ta", [14, 14, 13, 14]), ("", []),
    ] as [(String, [Int32])])
  func words(text: String, ids: [Int32]) throws {
    #expect(try load().encode(text, addingSpecialTokens: false) == ids)
    #expect(try load().encode(text, addingSpecialTokens: true) == [2] + ids + [3])
  }

  /// Ids are those of Transformers' `MPNetTokenizer`.
  @Test("MPNet's vocab.txt has RoBERTa's template", arguments: [true, false])
  func mpnet(namesClass: Bool) throws {
    let scratch = try ScratchFolder()
    try scratch.write(
      "vocab.txt", "<s>\n<pad>\n</s>\n<unk>\n[UNK]\nthe\ncat\n##s\n<mask>\n")
    try scratch.write("config.json", #"{"model_type": "mpnet"}"#)
    if namesClass {
      try scratch.write("tokenizer_config.json", #"{"tokenizer_class": "MPNetTokenizer"}"#)
    }
    let tokenizer = try TokenizerLoader.load(from: scratch.url)
    #expect(
      tokenizer.encode("the cats <mask> dog", addingSpecialTokens: true)
        == [0, 5, 6, 7, 8, 4, 2])
    #expect(
      tokenizer.encode("the", pair: "cat", addingSpecialTokens: true).ids == [0, 5, 2, 2, 6, 2])
  }

  @Test("a pair tells its segments apart")
  func pair() throws {
    let pair = try load().encode("un", pair: "a .", addingSpecialTokens: true)
    #expect(pair.ids == [2, 5, 3, 14, 10, 3])
    #expect(pair.typeIDs == [0, 0, 0, 1, 1, 1])
    #expect(pair.secondStart == 3)
    let bare = try load().encode("un", pair: "a .", addingSpecialTokens: false)
    #expect(bare.ids == [5, 14, 10] && bare.typeIDs == [0, 1, 1] && bare.secondStart == 1)
  }

  @Test("the settings say what is rewritten")
  func settings() throws {
    let cased = try load(#"{"do_lower_case": false, "tokenize_chinese_chars": false}"#)
    #expect(cased.encode("É A 中a", addingSpecialTokens: false) == [11, 1, 12, 13])
    let accented = try load(#"{"strip_accents": false}"#)
    #expect(accented.encode("café", addingSpecialTokens: false) == [1])
    let foreign = #expect(throws: CheckpointError.self) {
      try load(#"{"tokenizer_class": "XLNetTokenizer"}"#)
    }
    #expect(foreign?.kind == .unsupported)
  }

  @Test("tokens join to text, without spaces before full stops")
  func decoding() throws {
    let tokenizer = try load()
    #expect(
      tokenizer.decode([2, 5, 6, 7, 14, 10, 3], skippingSpecialTokens: true) == "unaffable a.")
    #expect(tokenizer.beginToken == 2 && tokenizer.endToken == 3)
  }

  @Test("a vocabulary without its special tokens is rejected")
  func refusal() throws {
    let scratch = try ScratchFolder()
    try scratch.write("vocab.txt", "[UNK]\n[CLS]\na\n")
    let error = #expect(throws: CheckpointError.self) {
      try TokenizerLoader.load(from: scratch.url)
    }
    #expect(error?.message == "lacks the token '[SEP]'")
    try scratch.write("vocab.txt", "")
    #expect(throws: CheckpointError.self) { try TokenizerLoader.load(from: scratch.url) }
  }
}
