import Testing

@testable import Engine

/// Writes the SentencePiece models that tests read.
enum SentencePieceFixture {
  /// A field of a message: a number, the bits of a float, or bytes.
  static func field(_ number: UInt8, _ value: UInt8) -> [UInt8] { [number << 3, value] }

  static func field(_ number: UInt8, bitsOf value: Float) -> [UInt8] {
    [number << 3 | 5] + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(bytes.count)] + bytes
  }

  static func piece(_ text: String, _ score: Float, kind: UInt8 = 1) -> [UInt8] {
    field(1, field(1, Array(text.utf8)) + field(2, bitsOf: score) + field(3, kind))
  }

  /// `ab` and `bc` have one score; `▁▁` has the worst.
  static func model(
    type: UInt8 = 2, normalization: [UInt8] = field(4, 0), extra: [UInt8] = []
  ) -> [UInt8] {
    let pieces: [[UInt8]] = [
      piece("<unk>", 0, kind: 2), piece("<s>", 0, kind: 3), piece("</s>", 0, kind: 3),
      piece("<0xC3>", 0, kind: 6), piece("<0xA9>", 0, kind: 6),
      piece("▁▁", -1e9), piece("▁a", -1), piece("ab", -2), piece("bc", -2),
      piece("▁", -3), piece("a", -4), piece("b", -5), piece("c", -6),
    ]
    // Field 35, whether bytes stand for unknown characters, has a key of two bytes.
    return pieces.flatMap { $0 } + field(2, field(3, type) + [0x98, 0x02, 1])
      + field(3, normalization) + extra
  }
}

@Suite("tokenizer.model")
struct SentencePieceTests {
  private func load(_ model: [UInt8], _ settings: String = "{}") throws -> any Tokenizer {
    let scratch = try ScratchFolder()
    try scratch.write("tokenizer.model", model)
    try scratch.write("tokenizer_config.json", settings)
    return try TokenizerLoader.load(from: scratch.url)
  }

  @Test(
    "pieces join by their scores, the leftmost of equals first",
    arguments: [
      ("a", [6]), ("abc", [6, 8]), ("cabc", [9, 12, 7, 12]), ("c  a", [9, 12, 9, 6]),
      ("é", [9, 3, 4]), ("ü", [9, 0]), ("c</s>c", [9, 12, 2, 9, 12]), ("", []), ("  ", [5, 9]),
    ] as [(String, [Int32])])
  func scores(text: String, ids: [Int32]) throws {
    #expect(
      try load(SentencePieceFixture.model()).encode(text, addingSpecialTokens: true) == [1] + ids)
  }

  @Test("the settings say what is put around, the file whether a space leads")
  func settings() throws {
    let model = SentencePieceFixture.model()
    let ends = try load(model, #"{"add_bos_token": false, "add_eos_token": true}"#)
    #expect(ends.encode("a", addingSpecialTokens: true) == [6, 2])
    #expect(ends.decode([6, 3, 4, 9, 12]) == "aé c")
    let bare = try load(
      SentencePieceFixture.model(
        normalization: SentencePieceFixture.field(3, 0) + SentencePieceFixture.field(4, 0)))
    #expect(bare.encode("ca a", addingSpecialTokens: true) == [1, 12, 10, 6])
  }

  /// Recorded from SentencePiece 0.2.3.
  @Test(
    "a unigram model takes the best cut, and the file says what becomes of spaces",
    arguments: [
      ("a", [], [6]), ("abc", [], [6, 8]), ("  c \u{3000}a ", [], [9, 12, 9, 0, 10]),
      ("c  a", SentencePieceFixture.field(4, 0), [9, 12, 9, 6]),
      ("ca", SentencePieceFixture.field(3, 0), [12, 10]), ("é", [], [9, 3, 4]),
    ] as [(String, [UInt8], [Int32])])
  func unigram(text: String, normalization: [UInt8], ids: [Int32]) throws {
    let tokenizer = try load(SentencePieceFixture.model(type: 1, normalization: normalization))
    #expect(tokenizer.encode(text, addingSpecialTokens: true) == ids)
  }

  @Test("what is not done is named")
  func refusals() throws {
    typealias Fixture = SentencePieceFixture
    let cases: [([UInt8], String)] = [
      (Fixture.model(type: 4), "SentencePiece's model type 'char' is not supported"),
      (
        Fixture.model(normalization: Fixture.field(5, 0)),
        "SentencePiece's normalizer without 'escape_whitespaces' is not supported"
      ),
      (
        Fixture.model(normalization: Fixture.field(4, 0) + Fixture.field(2, [1])),
        "the 'precompiled_charsmap' has no length"
      ),
      (
        Fixture.model(extra: Fixture.piece("x", 0, kind: 4)),
        "SentencePiece's piece type USER_DEFINED is not supported"
      ),
      (Fixture.model(extra: Fixture.piece("a", 0)), "piece 13 is empty, too long or a duplicate"),
      (
        Fixture.model(extra: [0x0A, 0x7F]),
        "is not a SentencePiece model: byte \(Fixture.model().count + 2) does not fit the format"
      ),
    ]
    for (model, message) in cases {
      let error = #expect(throws: CheckpointError.self) { try load(model) }
      #expect(error?.message == message)
    }
  }
}
