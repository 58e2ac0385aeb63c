/// One step on the way from tokens back to text.
enum TokenDecoder: Hashable, Sendable {
  /// Turns the characters of ``ByteAlphabet`` into bytes.
  case byteLevel
  case replace([UInt8], with: [UInt8])
  /// Turns runs of `<0x41>` into the text their bytes spell.
  case byteFallback
  /// Joins all tokens into one.
  case fuse
  /// Removes up to this many of a character from the ends of each token.
  case strip([UInt8], start: Int, end: Int)
  /// Joins tokens that begin with a prefix to those before and puts spaces before the others; on
  /// request takes out spaces that English does not have, as before a full stop.
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  /// Turns SentencePiece's marker into spaces, in the first token into nothing where one was put there.
  case metaspace(marker: [UInt8], dropsFirst: Bool)

  /// Turns a mark of words' ends into spaces, in the last token into nothing.
  case wordEnds([UInt8])

  private static let replacement = Array("\u{FFFD}".utf8)

  /// Applies the step to tokens.
  func apply(to tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .byteLevel:
      // Tokens may split a character, so the bytes are decoded together.
      let bytes = tokens.flatMap { ByteAlphabet.bytes(of: $0) ?? $0 }
      return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
    case .replace(let old, let new):
      return tokens.map { ByteReplacement.replacing(old, with: new, in: $0) ?? $0 }
    case .byteFallback:
      return Self.joinBytes(tokens)
    case .fuse:
      return [Array(tokens.joined())]
    case .strip(let character, let start, let end):
      return tokens.map { Self.strip($0, character, start: start, end: end) }
    case .wordPiece(let prefix, let cleansUp):
      return tokens.enumerated().map { index, token in
        var token = token
        if index > 0 {
          token = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token
        }
        return cleansUp ? Self.cleanedUp(token) : token
      }
    case .wordEnds(let mark):
      return tokens.enumerated().map { index, token in
        let space: [UInt8] = index + 1 == tokens.count ? [] : [0x20]
        return ByteReplacement.replacing(mark, with: space, in: token) ?? token
      }
    case .metaspace(let marker, let dropsFirst):
      return tokens.enumerated().map { index, token in
        let space: [UInt8] = index == 0 && dropsFirst ? [] : [0x20]
        return ByteReplacement.replacing(marker, with: space, in: token) ?? token
      }
    }
  }

  /// Spaces that joining by spaces puts where written English has none, in the reference's order.
  private static let cleanUps: [(old: [UInt8], new: [UInt8])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  private static func cleanedUp(_ token: [UInt8]) -> [UInt8] {
    cleanUps.reduce(token) {
      ByteReplacement.replacing($1.old, with: $1.new, in: $0) ?? $0
    }
  }

  private static func joinBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var pending: [UInt8] = []
    func settle() {
      guard !pending.isEmpty else { return }
      if String(validating: pending, as: UTF8.self) != nil {
        result.append(pending)
      } else {
        result.append(contentsOf: repeatElement(replacement, count: pending.count))
      }
      pending = []
    }
    for token in tokens {
      if let byte = byte(of: token) {
        pending.append(byte)
      } else {
        settle()
        result.append(token)
      }
    }
    settle()
    return result
  }

  /// The byte of `<0x41>`, or nil for another token.
  private static func byte(of token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  private static func strip(
    _ token: [UInt8], _ character: [UInt8], start: Int, end: Int
  ) -> [UInt8] {
    var rest = token[...]
    var (before, after) = (start, end)
    while before > 0, rest.starts(with: character) {
      rest = rest.dropFirst(character.count)
      before -= 1
    }
    while after > 0, rest.suffix(character.count).elementsEqual(character) {
      rest = rest.dropLast(character.count)
      after -= 1
    }
    return Array(rest)
  }
}

/// GPT-2's spelling of arbitrary bytes as visible characters.
///
/// Printable Latin-1 bytes stand for themselves; the other 68 are U+0100 and on, in their order, so
/// that a space is `Ġ`. Radford et al. 2019, `bytes_to_unicode` in the published encoder.
enum ByteAlphabet {
  /// The character of each byte.
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      if isPrintable(byte) { return Unicode.Scalar(byte) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? "?"
    }
  }()

  /// The byte of each character below U+0144 that stands for one.
  private static let bytes: [UInt8?] = {
    var table = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt8(byte) }
    return table
  }()

  /// The bytes a token stands for, or nil where a character of it stands for none.
  static func bytes(of token: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
      guard scalar.value < 0x144, let byte = bytes[Int(scalar.value)] else { return nil }
      result.append(byte)
    }
    return result
  }

  /// The spelling of bytes.
  static func spelling(of bytes: UTF8Text.Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 2)
    for byte in bytes { result += spellings[Int(byte)] }
    return result
  }

  private static let spellings: [[UInt8]] = scalars.map { Array(String($0).utf8) }

  private static func isPrintable(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
  }
}
