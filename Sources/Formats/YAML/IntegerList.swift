/// Reads `2`, `[2, 16]`, `0..9` (both ends included) and lists that mix them.
enum IntegerList {
  /// The most values one key may ask for.
  static let limit = 10_000

  static func read(
    _ value: YAMLValue, key: String
  ) -> (values: [Located<Int>], diagnostics: [Diagnostic]) {
    let parts = value.items
    var values: [Located<Int>] = []
    var diagnostics: [Diagnostic] = []
    var seen: Set<Int> = []
    for part in parts {
      switch range(part, key: key) {
      case .failure(let diagnostic): diagnostics.append(diagnostic)
      case .success(let range):
        guard range.upperBound - range.lowerBound < limit - values.count else {
          diagnostics.append(
            Diagnostic(
              .invalidValue, at: part.position, "'\(key)' asks for more than \(limit) values"))
          continue
        }
        for integer in range {
          if seen.insert(integer).inserted {
            values.append(Located(integer, at: part.position))
          } else {
            diagnostics.append(
              Diagnostic(
                .invalidValue, at: part.position, "'\(key)' holds \(integer) twice",
                help: "name each value once"))
          }
        }
      }
    }
    if parts.isEmpty {
      diagnostics.append(
        Diagnostic(.invalidValue, at: value.position, "'\(key)' must not be empty"))
    }
    return (values, diagnostics)
  }

  private static func range(
    _ value: YAMLValue, key: String
  ) -> Result<ClosedRange<Int>, Diagnostic> {
    if case .integer(let integer) = value.content, integer >= 0 {
      return .success(integer...integer)
    }
    let written = value.source.text
    if case .text = value.content, let dots = written.range(ofBytes: ".."),
      let first = Int(written[..<dots.lowerBound]), let last = Int(written[dots.upperBound...]),
      first >= 0
    {
      if first <= last { return .success(first...last) }
      return .failure(
        Diagnostic(
          .invalidValue, at: value.position, "the range \(written) in '\(key)' runs backwards",
          help: "write \(last)..\(first)"))
    }
    let found = value.scalar.map { "'\($0)'" } ?? value.kind
    return .failure(
      Diagnostic(
        .invalidValue, at: value.position,
        "'\(key)' must be whole numbers of at least 0, not \(found)",
        help: "write one number, a list such as [2, 16] or a range such as 0..9"))
  }
}
