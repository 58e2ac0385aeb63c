import Foundation

/// ASCII syntax found in text byte by byte.
///
/// A `Character` is a grapheme: "\r\n" is one, and so is a colon with a combining mark after it, which
/// `firstIndex(of: ":")` does not find. `hasPrefix` and `==` compare by canonical equivalence, by which
/// the Kelvin sign is "K". A parser means neither, so it decides on bytes through these. An ASCII byte
/// is never a part of another scalar in UTF-8, so every piece is valid text.
extension StringProtocol {
  /// Whether the text begins with the bytes of another.
  package func starts(withBytes prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

  /// Whether the text ends with the bytes of another.
  package func ends(withBytes suffix: String) -> Bool {
    utf8.reversed().starts(with: suffix.utf8.reversed())
  }

  /// Whether the bytes of another text occur in this one.
  package func contains(bytes other: String) -> Bool { range(ofBytes: other) != nil }

  /// Whether both texts are the same bytes.
  package func equals(bytes other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Where a byte first occurs.
  package func firstIndex(ofByte byte: Unicode.Scalar) -> Index? {
    utf8.firstIndex(of: UInt8(ascii: byte))
  }

  /// Where the bytes of another text first occur.
  ///
  /// - Complexity: O(count · other's count).
  package func range(ofBytes other: String) -> Range<Index>? {
    let wanted = other.utf8
    var start = utf8.startIndex
    while true {
      let rest = utf8[start...]
      if rest.starts(with: wanted) {
        return start..<utf8.index(start, offsetBy: wanted.count)
      }
      guard start < utf8.endIndex else { return nil }
      start = utf8.index(after: start)
    }
  }

  /// The pieces between the occurrences of a byte.
  package func split(
    atByte separator: Unicode.Scalar, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
  ) -> [Substring] {
    Substring(self).utf8.split(
      separator: UInt8(ascii: separator), maxSplits: maxSplits,
      omittingEmptySubsequences: omittingEmptySubsequences
    ).map { Substring($0) }
  }

  /// The text without so many bytes at its start, which end before a scalar.
  package func dropping(firstBytes count: Int) -> Substring {
    Substring(Substring(self).utf8.dropFirst(count))
  }

  /// The text without so many bytes at its end, which begin at a scalar.
  package func dropping(lastBytes count: Int) -> Substring {
    Substring(Substring(self).utf8.dropLast(count))
  }

  /// The text without spaces and tabs at its ends.
  package var trimmingBlanks: Substring {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let start = Substring(self).utf8.drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
    return Substring(start[...last])
  }

  /// The text with A … Z in lower case and everything else as it is.
  package var lowercasedASCII: String {
    String(
      decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Where some bytes first occur at or after an offset.
  ///
  /// - Complexity: That of `memchr` for the first of them, in all but contrived cases.
  package func firstOffset(of wanted: [UInt8], from start: Int = 0) -> Int? {
    guard let first = wanted.first else { return nil }
    return withUnsafeBytes { all -> Int? in
      guard let base = all.baseAddress else { return nil }
      var index = start
      while index + wanted.count <= all.count {
        let places = all.count - wanted.count - index + 1
        guard let found = memchr(base + index, Int32(first), places) else { return nil }
        index = UnsafeRawPointer(found) - base
        if memcmp(found, wanted, wanted.count) == 0 { return index }
        index += 1
      }
      return nil
    }
  }
}
