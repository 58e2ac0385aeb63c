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
