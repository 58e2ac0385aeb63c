// Foundation's composition on Linux leaves Hangul syllables apart and orders the marks of recent
// Unicode versions wrongly; the standard library's, which compares strings, is right.
@_spi(_Unicode) import Swift

/// One step that rewrites a text before it is split.
enum Normalizer: Hashable, Sendable {
  /// Canonical composition.
  case composed
  /// Puts a text before the text, unless that is empty.
  case prepend([UInt8])
  case replace([UInt8], with: [UInt8])

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

  private func apply(to text: UTF8Text.Bytes) -> [UInt8]? {
    switch self {
    case .composed:
      // Below U+0300, whose first byte is 0xCC, every text is composed.
      if text.allSatisfy({ $0 < 0xCC }) { return nil }
      var composed = String.UnicodeScalarView()
      for scalar in String(decoding: text, as: UTF8.self)._nfc { composed.append(scalar) }
      return Array(String(composed).utf8)
    case .prepend(let prefix):
      return text.isEmpty ? nil : prefix + text
    case .replace(let old, let new):
      return ByteReplacement.replacing(old, with: new, in: text)
    }
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
