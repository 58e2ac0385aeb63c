/// The regular expressions that cut a text into words before byte-pair encoding, as scanners by hand.
///
/// Each covers any text without gaps, so a scanner only has to say where the word at a position ends.
enum WordPattern: Hashable, Sendable {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, in GPT-2, OPT and
  /// GPT-NeoX.
  case gpt2
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|`
  /// `\s*[\r\n]+|\s+(?!\S)|\s+`, with n = 3 in Llama 3 and 1 in Qwen2.
  case llama3(digits: Int)

  /// The pattern of a regular expression as `tokenizer.json` spells it, or nil for an unknown one.
  init?(expression: String) {
    let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|"
    let rest =
      #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    let letters = #"[^\r\n\p{L}\p{N}]?\p{L}+|"#
    switch expression {
    case #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#:
      self = .gpt2
    case contractions + letters + #"\p{N}{1,3}"# + rest: self = .llama3(digits: 3)
    case contractions + letters + #"\p{N}"# + rest: self = .llama3(digits: 1)
    default: return nil
    }
  }

  /// Where the word that begins at `start` ends.
  func end(in text: UTF8Text.Bytes, from start: Int) -> Int {
    switch self {
    case .gpt2: Self.gpt2End(text, start)
    case .llama3(let digits): Self.llama3End(text, start, digits: digits)
    }
  }
}

extension WordPattern {
  private static func gpt2End(_ text: UTF8Text.Bytes, _ start: Int) -> Int {
    if text[start] == UInt8(ascii: "'"),
      let end = contraction(text, after: start + 1, ignoringCase: false)
    {
      return end
    }
    var position = start
    if text[start] == 0x20, start + 1 < text.count { position += 1 }
    let (value, length) = UTF8Text.scalar(in: text, at: position)
    let kind = UTF8Text.characterClass(value)
    if kind.isSpace { return spaceEnd(text, start) }
    return run(of: kind, text, from: position + length)
  }

  private static func llama3End(_ text: UTF8Text.Bytes, _ start: Int, digits: Int) -> Int {
    if text[start] == UInt8(ascii: "'"),
      let end = contraction(text, after: start + 1, ignoringCase: true)
    {
      return end
    }
    let (value, length) = UTF8Text.scalar(in: text, at: start)
    let after = start + length
    let kind = UTF8Text.characterClass(value)
    let following = after < text.count ? classAndEnd(text, after) : nil
    switch kind {
    case .letter:
      return run(of: .letter, text, from: after)
    case .number:
      var end = after
      for _ in 1..<digits {
        guard end < text.count, case (.number, let next) = classAndEnd(text, end) else { break }
        end = next
      }
      return end
    case .other, .space:
      if let following, following.0 == .letter { return run(of: .letter, text, from: following.1) }
    case .newline:
      break
    }
    if kind == .other { return newlines(text, from: run(of: .other, text, from: after)) }
    if value == 0x20, let following, following.0 == .other {
      return newlines(text, from: run(of: .other, text, from: following.1))
    }
    return lineEnd(text, start) ?? spaceEnd(text, start)
  }

  /// The end of `s`, `t`, `re`, `ve`, `m`, `ll` or `d` after an apostrophe.
  private static func contraction(
    _ text: UTF8Text.Bytes, after start: Int, ignoringCase: Bool
  ) -> Int? {
    let fold: UInt8 = ignoringCase ? 0x20 : 0
    guard start < text.count else { return nil }
    switch text[start] | fold {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 1
    case UInt8(ascii: "r") where start + 1 < text.count,
      UInt8(ascii: "v") where start + 1 < text.count:
      return text[start + 1] | fold == UInt8(ascii: "e") ? start + 2 : nil
    case UInt8(ascii: "l") where start + 1 < text.count:
      return text[start + 1] | fold == UInt8(ascii: "l") ? start + 2 : nil
    case 0xE5
    where ignoringCase && start + 1 < text.count && text[start] == 0xC5
      && text[start + 1] == 0xBF:
      return start + 2  // the long s
    default:
      return nil
    }
  }

  /// The end of `\s+(?!\S)|\s+`: a run of white space but for its last character, unless it ends the
  /// text or is only one.
  private static func spaceEnd(_ text: UTF8Text.Bytes, _ start: Int) -> Int {
    var last = start
    var end = start
    while end < text.count {
      let (kind, next) = classAndEnd(text, end)
      guard kind.isSpace else { return last > start ? last : end }
      last = end
      end = next
    }
    return end
  }

  /// The end of `\s*[\r\n]+`: after the last line break of a run of white space, or nil without one.
  private static func lineEnd(_ text: UTF8Text.Bytes, _ start: Int) -> Int? {
    var found: Int?
    var end = start
    while end < text.count {
      let (kind, next) = classAndEnd(text, end)
      guard kind.isSpace else { break }
      end = next
      if kind == .newline { found = end }
    }
    return found
  }

  private static func newlines(_ text: UTF8Text.Bytes, from start: Int) -> Int {
    var end = start
    while end < text.count, text[end] == 0x0A || text[end] == 0x0D { end += 1 }
    return end
  }

  @inline(__always)
  private static func run(of kind: UTF8Text.Class, _ text: UTF8Text.Bytes, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let (other, next) = classAndEnd(text, end)
      guard other == kind else { break }
      end = next
    }
    return end
  }

  @inline(__always)
  private static func classAndEnd(_ text: UTF8Text.Bytes, _ at: Int) -> (UTF8Text.Class, Int) {
    let (value, length) = UTF8Text.scalar(in: text, at: at)
    return (UTF8Text.characterClass(value), at &+ length)
  }
}
