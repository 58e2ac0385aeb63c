import Foundation
import Testing

@testable import Engine

@Suite("Damaged tokenizer files")
struct HostileFileTests {
  private static let json = """
    {"added_tokens": [{"id": 1, "content": "<s>", "special": true, "lstrip": true},
       {"id": 14, "content": "é", "normalized": true, "single_word": true}],
     "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Strip"},
       {"type": "Prepend", "prepend": "▁"},
       {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
     "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits"},
       {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true}]},
     "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A"}}],
       "pair": [{"Sequence": {"id": "A"}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<s>": {"ids": [1]}}},
     "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"},
       {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
     "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true, "vocab": {"<unk>": 0,
       "<s>": 1, "a": 2, "b": 3, "▁": 4, "ab": 5, "<0xC3>": 6}, "merges": ["a b"]}}
    """

  private static let wordPiece = """
    {"normalizer": {"type": "BertNormalizer", "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
     "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": 100,
       "continuing_subword_prefix": "##", "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3,
       "##b": 4}}}
    """

  /// A unigram model with a double array of 256 units that rewrites `a` to `b`.
  private static let unigram = """
    {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"},
       {"type": "Precompiled", "precompiled_charsmap": "\(charsmap)"},
       {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
     "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
     "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true,
       "vocab": [["<unk>", 0], ["▁", -2.5], ["b", -3], ["▁b", -1e1], ["é", -4]]}}
    """

  private static let charsmap: String = {
    var units = [UInt32](repeating: 0, count: 256)
    // The root's children begin at 1 ^ label, those of `a` at 2 ^ label.
    units[0] = 1 << 10
    units[0x60] = 0x62 << 10 | 1 << 8 | 0x61
    units[2] = 1 << 31
    let bytes = units.flatMap { unit in (0..<4).map { UInt8(truncatingIfNeeded: unit >> (8 * $0)) }
    }
    return Data([0, 4, 0, 0] + bytes + [UInt8(ascii: "b"), 0]).base64EncodedString()
  }()

  @Test("a rewritten character is the piece of the other")
  func rewriting() throws {
    let scratch = try ScratchFolder()
    try scratch.write("tokenizer.json", Self.unigram)
    let tokenizer = try TokenizerLoader.load(from: scratch.url)
    #expect(tokenizer.encode("a  é", addingSpecialTokens: true) == [1, 2, 1, 4])
  }

  private static let files: [(name: String, bytes: [UInt8])] = [
    ("tokenizer.json", Array(json.utf8)), ("tokenizer.json", Array(wordPiece.utf8)),
    ("tokenizer.json", Array(unigram.utf8)),
    ("tokenizer.model", SentencePieceFixture.model()),
    ("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\né\n".utf8)),
  ]

  /// A file with up to eight bytes changed, taken out, doubled, or everything after them cut.
  private func damaged(_ bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.index(below: 8) where !bytes.isEmpty {
      let place = random.index(below: bytes.count)
      switch random.index(below: 12) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[place], at: place)
      case 3...5: bytes[place] = UInt8(ascii: "9")
      case 6: bytes[place] = UInt8(ascii: "-")
      case 7: bytes[place] = 0xFF
      default: bytes[place] = UInt8(random.index(below: 256))
      }
    }
    return bytes
  }

  @Test("a damaged file is rejected or read, and then encodes", arguments: files.indices)
  func mutations(index: Int) throws {
    let (name, bytes) = Self.files[index]
    var random = RandomStream(seed: 3, purpose: "damage \(index)")
    var texts = UnicodeTexts(seed: 3)
    let scratch = try ScratchFolder()
    try scratch.write(name, bytes)
    _ = try TokenizerLoader.load(from: scratch.url)
    var read = 0
    for _ in 0..<500 {
      try scratch.write(name, damaged(bytes, &random))
      // Loading throws nothing but CheckpointError; what it lets through must not trap.
      guard let tokenizer = try? TokenizerLoader.load(from: scratch.url) else { continue }
      let text = texts.next() + "ab é"
      let pair = tokenizer.encode(text, pair: "a 1", addingSpecialTokens: true)
      #expect(pair.ids.count == pair.typeIDs.count)
      _ = tokenizer.decode(tokenizer.encode(text, addingSpecialTokens: true))
      read += 1
    }
    #expect(read > 0 && read < 500 || name == "vocab.txt")
  }
}
