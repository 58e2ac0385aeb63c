package import Formats

/// Text with `{{…}}` placeholders, such as a caption that quotes results.
package struct Template: Hashable, Sendable {
  package enum Piece: Hashable, Sendable {
    case text(SourceText)
    /// The text between the braces, without surrounding blanks.
    case placeholder(SourceText)
  }

  package let pieces: [Piece]
  /// Where the text begins.
  package let position: SourcePosition

  /// Splits text at its placeholders; a `{{` that is never closed stays text.
  package init(_ source: SourceText) {
    let bytes = Array(source.text.utf8)
    var pieces: [Piece] = []
    var start = 0
    while let open = Self.find("{{", in: bytes, from: start),
      let close = Self.find("}}", in: bytes, from: open + 2)
    {
      if open > start { pieces.append(.text(source.slice(start..<open))) }
      var inside = (open + 2)..<close
      while let first = inside.first, bytes[first] == UInt8(ascii: " ") {
        inside = (first + 1)..<close
      }
      while let last = inside.last, bytes[last] == UInt8(ascii: " ") {
        inside = inside.lowerBound..<last
      }
      pieces.append(.placeholder(source.slice(inside)))
      start = close + 2
    }
    if start < bytes.count { pieces.append(.text(source.slice(start..<bytes.count))) }
    self.pieces = pieces
    position = source.position
  }

  /// The expressions to fill in, in order.
  package var placeholders: [SourceText] {
    pieces.compactMap { if case .placeholder(let source) = $0 { source } else { nil } }
  }

  /// The text with every placeholder replaced.
  package func filled(_ fill: (SourceText) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let source): source.text
      case .placeholder(let source): fill(source)
      }
    }.joined()
  }

  private static func find(_ pair: String, in bytes: [UInt8], from start: Int) -> Int? {
    let pair = Array(pair.utf8)
    var i = start
    while i + 1 < bytes.count {
      if bytes[i] == pair[0], bytes[i + 1] == pair[1] { return i }
      i += 1
    }
    return nil
  }
}
