/// One step that rewrites a text before it is split.
enum Normalizer: Hashable, Sendable {
  case form(NormalForm)
  case lowercase
  /// Drops marks; a text is decomposed first where letters are to lose theirs.
  case stripMarks
  /// Drops white space at the ends.
  case trim(start: Bool, end: Bool)
  /// Puts a text before the text, unless that is empty.
  case prepend([UInt8])
  case replace([UInt8], with: [UInt8])
  case replaceRuns(SpaceRuns, with: [UInt8])
  case bert(BertNormalizer)
  case map(CharacterMap)
  /// Drops controls and turns line breaks, invisible and broken characters into spaces, as
  /// SentencePiece's `nmt` rules do.
  case nmt
  case sentencePiece(SentencePieceNormalizer)

  /// Applies steps in order.
  ///
  /// - Returns: The new text, or nil where none of the steps changes it.
  static func apply(_ steps: [Normalizer], to text: UTF8Text.Bytes) -> [UInt8]? {
    var result: [UInt8]?
    for step in steps {
      if let current = result {
        result = current.withUnsafeBufferPointer { step.apply(to: $0) } ?? current
      } else {
        result = step.apply(to: text)
      }
    }
    return result
  }

  /// Small letters, a character at a time: a sigma at the end of a word is no special case.
  static func lowercased(_ text: some Sequence<Unicode.Scalar>) -> [UInt8] {
    var result = ""
    for scalar in text { result += scalar.properties.lowercaseMapping }
    return Array(result.utf8)
  }

  private func apply(to text: UTF8Text.Bytes) -> [UInt8]? {
    switch self {
    case .form(let form):
      return form.apply(to: text)
    case .lowercase:
      return Self.lowercased(String(decoding: text, as: UTF8.self).unicodeScalars)
    case .stripMarks:
      if text.allSatisfy({ $0 < 0x80 }) { return nil }
      var kept = String.UnicodeScalarView()
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars
      where !UnicodeTables.isMark(scalar) {
        kept.append(scalar)
      }
      return Array(String(kept).utf8)
    case .trim(let start, let end):
      let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
      var rest = scalars[...]
      if start { rest = rest.drop { $0.properties.isWhitespace } }
      while end, let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
      return rest.count == scalars.count ? nil : Array(String(rest).utf8)
    case .prepend(let prefix):
      return text.isEmpty ? nil : prefix + text
    case .replace(let old, let new):
      return ByteReplacement.replacing(old, with: new, in: text)
    case .replaceRuns(let runs, let new):
      return runs.replaced(by: new, in: text)
    case .bert(let normalizer):
      return normalizer.apply(to: text)
    case .map(let map):
      return map.apply(to: text)
    case .sentencePiece(let normalizer):
      return normalizer.apply(to: text)
    case .nmt:
      var kept = String.UnicodeScalarView()
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        switch scalar.value {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: break
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
          0xFFFD:
          kept.append(" ")
        default: kept.append(scalar)
        }
      }
      return Array(String(kept).utf8)
    }
  }
}

/// The regular expressions of white space that normalizers replace.
enum SpaceRuns: String, Hashable, Sendable {
  case spaces = " {2,}"
  case spacesOrOne = " +"
  case whitespace = "\\s+"
  case whitespaceOrBreak = "\\s{2,}|[\\n\\r\\t]"

  init?(expression: String) { self.init(rawValue: expression) }

  /// The text with each match replaced, or nil without a match.
  func replaced(by new: [UInt8], in text: UTF8Text.Bytes) -> [UInt8]? {
    var result: [UInt8] = []
    var done = 0
    var position = 0
    while position < text.count {
      let (length, bytes) = match(in: text, at: position)
      if length == 0 {
        position += bytes
      } else {
        result.append(contentsOf: text[done..<position])
        result.append(contentsOf: new)
        position += length
        done = position
      }
    }
    if done == 0 { return nil }
    result.append(contentsOf: text[done...])
    return result
  }

  /// The length of the match at a place, 0 without one, and what to pass over then.
  private func match(in text: UTF8Text.Bytes, at start: Int) -> (length: Int, skipped: Int) {
    let onlySpaces = self == .spaces || self == .spacesOrOne
    var end = start
    var count = 0
    while end < text.count {
      let (value, length) = UTF8Text.scalar(in: text, at: end)
      let belongs = onlySpaces ? value == 0x20 : UTF8Text.characterClass(value).isSpace
      guard belongs else {
        if count == 0 { return (0, length) }
        break
      }
      end += length
      count += 1
    }
    let isBreak = [0x09, 0x0A, 0x0D].contains(text[start])
    let matches =
      switch self {
      case .spaces: count > 1
      case .spacesOrOne, .whitespace: count > 0
      case .whitespaceOrBreak: count > 1 || isBreak
      }
    return matches ? (end - start, 0) : (0, end - start)
  }
}

/// BERT's clean-up of a text.
///
/// Controls go and white space becomes spaces; Chinese characters get spaces around; accents go;
/// capitals become small. Devlin et al. 2018, `BasicTokenizer` of the published code, in the order
/// of Hugging Face `tokenizers`.
struct BertNormalizer: Hashable, Sendable {
  var cleansText = true
  var separatesChinese = true
  var stripsAccents = true
  var lowercases = true

  func apply(to text: UTF8Text.Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    guard appendASCII(text, to: &result) else {
      return lowercased(strippedOfAccents(cleaned(text)))
    }
    return result
  }

  /// Does all steps at once for a text of ASCII alone.
  ///
  /// - Returns: Whether it is one.
  private func appendASCII(_ text: UTF8Text.Bytes, to result: inout [UInt8]) -> Bool {
    for byte in text {
      switch byte {
      case 0x80...: return false
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where lowercases: result.append(byte | 0x20)
      case 0x20..<0x7F: result.append(byte)
      case _ where !cleansText: result.append(byte)
      case 0x09, 0x0A, 0x0D: result.append(0x20)
      default: break
      }
    }
    return true
  }

  private func cleaned(_ text: UTF8Text.Bytes) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if cleansText {
        if scalar == "\0" || scalar == "\u{FFFD}" || UnicodeTables.isControl(scalar) { continue }
        if scalar.properties.isWhitespace {
          result.append(" ")
          continue
        }
      }
      if separatesChinese, UnicodeTables.isChinese(scalar) {
        result.append(contentsOf: [" ", scalar, " "])
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  private func strippedOfAccents(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
    guard stripsAccents else { return text }
    var string = String(text)
    guard let bytes = string.withUTF8({ NormalForm.nfd.apply(to: $0) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars
    where scalar.isASCII || !UnicodeTables.isAccent(scalar) {
      result.append(scalar)
    }
    return result
  }

  private func lowercased(_ text: String.UnicodeScalarView) -> [UInt8] {
    lowercases ? Normalizer.lowercased(text) : Array(String(text).utf8)
  }
}

/// Replaces one run of bytes by another, from left to right without overlap.
enum ByteReplacement {
  /// - Returns: The new bytes, or nil where `old` does not occur.
  static func replacing<Text: RandomAccessCollection>(
    _ old: [UInt8], with new: [UInt8], in text: Text
  ) -> [UInt8]? where Text.Element == UInt8, Text.Index == Int {
    guard let first = old.first, text.contains(first) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count * 2)
    var position = text.startIndex
    while position < text.endIndex {
      if text[position] == first, text[position...].starts(with: old) {
        result.append(contentsOf: new)
        position += old.count
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }
}
