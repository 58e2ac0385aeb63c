@testable import Engine

/// The random strings that Tests/Parity/make_tokenizers.py makes as well: tables and draws are its.
struct UnicodeTexts {
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed, purpose: "unicode texts") }

  /// A random string: of one kind, of all kinds, of fragments, or repaired from raw bytes.
  mutating func next() -> String {
    let kinds = Self.ranges.count
    let style = random.index(below: kinds + 7)
    var length = 1 + random.index(below: 40)
    if random.index(below: 64) == 0 { length *= 30 }
    var text = ""
    if style == kinds { return String(decoding: bytes(length), as: UTF8.self) }
    for _ in 0..<length {
      if style < kinds {
        if random.index(below: 8) == 0 { text += " " } else { append(kind: style, to: &text) }
      } else if random.index(below: 3) == 0 {
        text += Self.fragments[random.index(below: Self.fragments.count)]
      } else {
        append(kind: style % 2 == 0 ? 2 : random.index(below: kinds), to: &text)
      }
    }
    return text
  }

  private mutating func append(kind: Int, to text: inout String) {
    let ranges = Self.ranges[kind]
    let range = ranges[random.index(below: ranges.count)]
    let value = range.lowerBound + UInt32(random.index(below: range.count))
    if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in
      random.index(below: 2) == 0
        ? Self.leads[random.index(below: Self.leads.count)] : UInt8(random.index(below: 256))
    }
  }

  /// Code points by kind.
  private static let ranges: [[ClosedRange<UInt32>]] = [
    [0x61...0x7A],
    [0x41...0x5A, 0x61...0x7A],
    [0x20...0x7E],
    [0x30...0x39, 0x2C...0x2E, 0x660...0x669, 0x966...0x96F, 0xB2...0xB3, 0x2160...0x2188],
    [0xA0...0x24F, 0x1E00...0x1EFF],
    [0x61...0x7A, 0x300...0x36F, 0x20D0...0x20F0, 0x1AB0...0x1ACE],
    [0x370...0x52F, 0x1F00...0x1FFF],
    [0x591...0x5F4, 0x600...0x6FF, 0x200E...0x200F, 0xFB1D...0xFDFF],
    [0x900...0xDFF, 0xE00...0xFFF],
    [0x1100...0x11FF, 0xAC00...0xD7A3],
    [0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2CEAF, 0xF900...0xFAFF],
    [0x3000...0x30FF, 0x31F0...0x33FF, 0xFF00...0xFFEF],
    [0x1F300...0x1FAFF, 0x2600...0x27BF, 0x1F1E6...0x1F1FF],
    [0x0...0x1F, 0x7F...0x9F, 0x61...0x63],
    [0x9...0xD, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200D],
    [0x2028...0x202F, 0x205F...0x2064, 0x3000...0x3000, 0x180E...0x180E, 0xFEFF...0xFEFF],
    [0x2000...0x206F, 0x20A0...0x20CF, 0x2100...0x23FF, 0xFE00...0xFE6F],
    [0x10000...0x1FFFF],
    [0x0...0xD7FF, 0xE000...0x10FFFF],
    [0x800...0xD7FF, 0xE000...0xFFFF],
    [0xE000...0xF8FF, 0xE0000...0xE007F, 0xFFF0...0xFFFF],
  ]

  private static let fragments: [String] = [
    " ", "  ", "\n", "\n\n", "\r\n", "\t", " a", "the", " The", "'s", "'ll", "'RE", "n't",
    " don't", "</s>", "<s>", "<unk>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "[unused1]",
    "<|endoftext|>", "<|padding|>", "##a", "\u{2581}", "\u{2581}\u{2581}", "\u{120}", "\u{FFFD}",
    "<0x41>", "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\u{1F44D}\u{1F3FD}",
    "\u{1F1E9}\u{1F1EA}", "\u{2764}\u{FE0F}\u{200D}\u{1F525}", "e\u{301}\u{323}",
    "\u{1112}\u{1161}\u{11AB}", "\u{AC00}\u{11A8}", "\u{130}", "\u{3A3}\u{3A3}", "\u{1E9E}",
    "\u{FB03}", "\u{2126}", "\u{344}", "\u{F73}", "1234567890", "12.5%",
    String(repeating: "ha", count: 60), String(repeating: "-", count: 40), "=======",
    String(repeating: "a", count: 101), String(repeating: " ", count: 24),
  ]

  /// Bytes that begin, continue or break a character.
  private static let leads: [UInt8] = [
    0x00, 0x41, 0x61, 0x80, 0xBF, 0xC0, 0xC3, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
    0xFF,
  ]
}
