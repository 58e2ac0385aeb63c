import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Ids against the reference", .enabled(if: SharedData.isPresent))
struct RecordedDigestTests {
  /// FNV-1a over numbers of 32 bits, with a mark after each text.
  private struct Digest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ numbers: some Sequence<Int32>) {
      for number in numbers { step(UInt32(bitPattern: number)) }
      step(.max)
    }

    private mutating func step(_ number: UInt32) {
      value = (value ^ UInt64(number)) &* 0x100_0000_01B3
    }
  }

  private static let strings: [String] = {
    var texts = UnicodeTexts(seed: RecordedDigests.seed)
    let blocks = RecordedDigests.blocks["texts"]?.count ?? 0
    return (0..<blocks * RecordedDigests.blockLength).map { _ in texts.next() }
  }()

  static let names = ["gpt2", "opt", "neox", "llama2", "stories", "bert", "roberta"]

  /// The tokenizer that the reference calls by this name.
  private func tokenizer(_ name: String) throws -> any Tokenizer {
    let folders = [
      "neox": "tokenizers/gpt-neox-20b", "stories": "models/stories260K",
      "bert": "tokenizers/bert-base-uncased",
    ]
    guard name == "roberta" else {
      return try TokenizerLoader.load(from: SharedData.data(folders[name] ?? "tokenizers/\(name)"))
    }
    let scratch = try ScratchFolder()
    for file in ["vocab.json", "merges.txt"] {
      try FileManager.default.createSymbolicLink(
        at: scratch.url.appendingPathComponent(file),
        withDestinationURL: SharedData.data("tokenizers/opt/\(file)"))
    }
    try scratch.write("config.json", #"{"model_type": "roberta"}"#)
    return try TokenizerLoader.load(from: scratch.url)
  }

  /// Compares blocks of strings, by what `numbers` makes of each, and names those that differ.
  private func compare(_ name: String, _ numbers: (String) -> [Int32]) {
    for (block, expected) in (RecordedDigests.blocks[name] ?? []).enumerated() {
      var digest = Digest()
      let length = RecordedDigests.blockLength
      for string in Self.strings[block * length..<(block + 1) * length] {
        digest.add(numbers(string))
      }
      #expect(digest.value == expected, "block \(block) of \(name)")
    }
  }

  @Test("the random strings are those of the reference")
  func texts() {
    #expect(Self.strings.count == 20_000)
    compare("texts") { $0.utf8.map(Int32.init) }
  }

  @Test("random Unicode strings have the reference's ids", arguments: names)
  func random(name: String) throws {
    let tokenizer = try tokenizer(name)
    compare(name) { tokenizer.encode($0, addingSpecialTokens: true) }
  }

  @Test("every cell of the shared data has the reference's ids", arguments: names)
  func files(name: String) throws {
    let tokenizer = try tokenizer(name)
    let expected = try #require(RecordedDigests.cells[name])
    for (path, expected) in zip(RecordedDigests.files, expected) {
      let text = try Data(contentsOf: SharedData.data(path))
      var digest = Digest()
      for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        for cell in line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
          digest.add(
            tokenizer.encode(String(decoding: cell, as: UTF8.self), addingSpecialTokens: true))
        }
      }
      #expect(digest.value == expected, "\(path) with \(name)")
    }
  }

  @Test("pairs of texts have the reference's ids and type ids", arguments: names)
  func pairs(name: String) throws {
    guard let expected = RecordedDigests.pairs[name] else { return }
    let tokenizer = try tokenizer(name)
    var digest = Digest()
    for index in stride(from: 0, to: RecordedDigests.pairedStrings, by: 2) {
      let pair = tokenizer.encode(
        Self.strings[index], pair: Self.strings[index + 1], addingSpecialTokens: true)
      digest.add(pair.ids)
      digest.add(pair.typeIDs)
    }
    #expect(digest.value == expected)
  }
}
