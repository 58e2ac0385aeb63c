import Foundation
import TestSupport
import Testing

@testable import Engine

/// Tokenizers with the published steps and small vocabularies, and what the reference makes of texts.
///
/// Recorded by Tests/Parity/make_tokenizer_families.py.
enum TokenizerFamilies {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// The content of `tokenizer.json`.
    let file: String
    /// Digests of 1,000 random strings each.
    let strings: [Int]
    /// Of the first 2,000 strings in pairs, ids and type ids.
    let pairs: Int
    /// Of the texts that the first 1,000 strings come back as.
    let decoded: Int
    /// Of the first lines of each file of the shared data.
    let files: [Int]

    var testDescription: String { name }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Parity/Fixtures/tokenizers").standardizedFileURL

  private static let recorded = read("cases.json").object

  static let files: [String] = recorded?["files"]?.array?.compactMap(\.string) ?? []

  static let cases: [Case] = (recorded?["cases"]?.array ?? []).compactMap { value in
    guard let fields = value.object, let name = fields["name"]?.string, let file = fields["file"]
    else { return nil }
    func numbers(_ key: String) -> [Int] { fields[key]?.array?.compactMap(\.integer) ?? [] }
    return Case(
      name: name, file: filled(file).text, strings: numbers("strings"),
      pairs: fields["pairs"]?.integer ?? 0, decoded: fields["decoded"]?.integer ?? 0,
      files: numbers("files"))
  }

  static let strings: [String] = {
    var texts = UnicodeTexts(seed: 20_240_513)
    return (0..<20_000).map { _ in texts.next() }
  }()

  static func read(_ name: String) -> JSONValue {
    (try? JSONParser.parse(contentsOf: folder.appendingPathComponent(name))) ?? .null
  }

  private static let marks: [String: JSONValue] = {
    let pieces = read("unigram.json").array ?? []
    let bytes = (0..<256).map { byte -> JSONValue in
      let digits = String(byte, radix: 16, uppercase: true)
      return .array([.string("<0x\(byte < 16 ? "0" : "")\(digits)>"), .number(-20)])
    }
    return [
      "@vocabulary": .array(pieces), "@bytes": .array(pieces + bytes),
      "@charsmap": read("charsmap.json"),
    ]
  }()

  /// A document with what all cases share put at its marks.
  private static func filled(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): marks[text] ?? value
    case .array(let values): .array(values.map(filled))
    case .object(let object):
      .object(
        JSONObject(
          members: object.members.map {
            JSONObject.Member(key: $0.key, value: filled($0.value))
          }))
    default: value
    }
  }
}

@Suite("Tokenizer families")
struct TokenizerFamilyTests {
  /// CRC-32 over numbers of 32 bits, with a mark after each list.
  private struct Digest {
    private var state = UInt32.max

    var value: Int { Int(~state) }

    private static let table: [UInt32] = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }

    mutating func add(_ numbers: some Sequence<Int32>) {
      for number in numbers { step(UInt32(bitPattern: number)) }
      step(.max)
    }

    private mutating func step(_ number: UInt32) {
      for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
        state = state >> 8 ^ Self.table[Int((state ^ number >> shift) & 0xFF)]
      }
    }
  }

  private func load(_ family: TokenizerFamilies.Case) throws -> any Tokenizer {
    let scratch = try ScratchFolder()
    try scratch.write("tokenizer.json", family.file)
    return try TokenizerLoader.load(from: scratch.url)
  }

  @Test("the families are there")
  func presence() { #expect(TokenizerFamilies.cases.count == 7) }

  @Test(
    "random strings have the reference's ids, alone and in pairs, and its text",
    arguments: TokenizerFamilies.cases)
  func strings(family: TokenizerFamilies.Case) throws {
    let tokenizer = try load(family)
    var decoded = Digest()
    // Each block is some family's: all of them take minutes without optimization.
    let place = TokenizerFamilies.cases.firstIndex { $0.name == family.name } ?? 0
    for (block, expected) in family.strings.enumerated()
    where block == 0 || block % TokenizerFamilies.cases.count == place {
      var digest = Digest()
      for text in TokenizerFamilies.strings[block * 1000..<(block + 1) * 1000] {
        let ids = tokenizer.encode(text, addingSpecialTokens: true)
        digest.add(ids)
        if block == 0 { decoded.add(tokenizer.decode(ids).utf8.map(Int32.init)) }
      }
      #expect(digest.value == expected, "block \(block)")
    }
    #expect(decoded.value == family.decoded, "decoded")
    var pairs = Digest()
    for index in stride(from: 0, to: 2000, by: 2) {
      let pair = tokenizer.encode(
        TokenizerFamilies.strings[index], pair: TokenizerFamilies.strings[index + 1],
        addingSpecialTokens: true)
      pairs.add(pair.ids)
      pairs.add(pair.typeIDs)
    }
    #expect(pairs.value == family.pairs, "pairs")
  }

  @Test(
    "texts of the shared data have the reference's ids", .enabled(if: SharedData.isPresent),
    arguments: TokenizerFamilies.cases)
  func files(family: TokenizerFamilies.Case) throws {
    let tokenizer = try load(family)
    for (path, expected) in zip(TokenizerFamilies.files, family.files) {
      var digest = Digest()
      for line in try Data(contentsOf: SharedData.data(path))
        .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).prefix(100)
      {
        for cell in line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
          digest.add(
            tokenizer.encode(String(decoding: cell, as: UTF8.self), addingSpecialTokens: true))
        }
      }
      #expect(digest.value == expected, "\(path)")
    }
  }

  @Test("random strings are cut as the published steps cut them")
  func splits() throws {
    let cases = TokenizerFamilies.read("splits.json").array ?? []
    #expect(cases.count == 8)
    for value in cases {
      let fields = try #require(value.object)
      let scratch = try ScratchFolder()
      let step = fields["step"]?.text ?? ""
      let url = try scratch.write("tokenizer.json", "{\"pre_tokenizer\": \(step)}")
      let file = try TokenizerFile(url)
      var (steps, isOverBytes) = try file.splitting(file.object["pre_tokenizer"])
      if isOverBytes { steps.append(.byteAlphabet) }
      var digest = Digest()
      for text in TokenizerFamilies.strings.prefix(400) {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
          PreTokenizer.apply(steps[...], to: bytes, isFirst: true) {
            digest.add($0.map(Int32.init))
          }
        }
      }
      #expect(digest.value == fields["digest"]?.integer, "\(fields["name"]?.string ?? "")")
    }
  }
}
