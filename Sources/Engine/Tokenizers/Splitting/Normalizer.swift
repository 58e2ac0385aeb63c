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
  case bert(BertNormalizer)

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
    case .bert(let normalizer):
      return normalizer.apply(to: text)
    }
  }
}
