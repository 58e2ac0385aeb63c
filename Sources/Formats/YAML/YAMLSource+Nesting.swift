extension YAMLSource {
  /// The first byte at which collections could nest deeper than `limit`, if there is one.
  ///
  /// The YAML library descends by recursion and would run out of stack, so this runs before it. It
  /// counts brackets inside quotes too, and misses a list that is not indented below its key, so
  /// the reader counts again afterwards.
  func offsetBeyondNesting(limit: Int) -> Int? {
    var brackets = 0
    var columns: [Int] = []
    for index in 0..<lineCount {
      let start = lineStart(index)
      let end = index + 1 < lineCount ? lineStart(index + 1) : bytes.count
      var i = start
      while i < end, bytes[i] == UInt8(ascii: " ") { i += 1 }
      if i >= end || bytes[i] == UInt8(ascii: "\n") { continue }
      while let last = columns.last, last >= i - start { columns.removeLast() }
      columns.append(i - start)
      while i + 1 < end, "-?:".utf8.contains(bytes[i]), " \t".utf8.contains(bytes[i + 1]) {
        i += 1
        while i < end, " \t".utf8.contains(bytes[i]) { i += 1 }
        columns.append(i - start)
      }
      while i < end {
        switch bytes[i] {
        case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
        default: break
        }
        if brackets + columns.count > limit { return i }
        i += 1
      }
      if brackets + columns.count > limit { return start }
    }
    return nil
  }
}
