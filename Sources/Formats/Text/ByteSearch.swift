import Foundation

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
