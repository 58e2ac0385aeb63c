extension YAMLSource {
  /// Where a key of the map that holds it at `first` is written again.
  func offsetOfRepeat(of key: String, after first: Int) -> Int? {
    let line = lineIndex(at: first)
    let column = first - lineStart(line)
    for index in (line + 1)..<max(line + 1, lineCount) {
      let text = self.line(index)
      let indent = text.prefix { $0 == " " || $0 == "-" }.utf8.count
      let rest = text.dropFirst(indent)
      if rest.isEmpty { continue }
      if indent < column { break }
      if indent == column, rest.unquotedKey == key { return lineStart(index) + indent }
    }
    let end = bytes.count - key.utf8.count
    let word = Array(key.utf8)
    var offset = first + word.count
    while offset < end {
      if bytes[offset..<(offset + word.count)].elementsEqual(word),
        bytes[offset + word.count] == UInt8(ascii: ":")
      {
        return offset
      }
      offset += 1
    }
    return nil
  }
}

extension Substring {
  /// The key a line begins with, out of its quotes.
  fileprivate var unquotedKey: String? {
    guard let colon = firstIndex(ofByte: ":") else { return nil }
    return String(self[..<colon]).trimmingQuotes
  }
}

extension String {
  fileprivate var trimmingQuotes: String {
    guard let first = utf8.first, "'\"".utf8.contains(first), utf8.last == first, utf8.count > 1
    else { return self }
    return String(dropping(firstBytes: 1).dropping(lastBytes: 1))
  }
}
