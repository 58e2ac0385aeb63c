/// A piece of text with the source position of each of its bytes.
///
/// Quotes, escapes, folded lines and replaced parameters make text differ from what was written, so
/// positions are kept as anchors: from an anchor on, text and source advance together.
package struct SourceText: Hashable, Sendable {
  struct Anchor: Hashable, Sendable {
    /// UTF-8 offset in the text.
    var offset: Int
    var position: SourcePosition
  }

  package let text: String
  /// In order of offset; the first is at 0.
  let anchors: [Anchor]

  /// Text that is literally in the source, on one line.
  package init(_ text: String, at position: SourcePosition) {
    self.init(text, anchors: [Anchor(offset: 0, position: position)])
  }

  init(_ text: String, anchors: [Anchor]) {
    precondition(
      anchors.first?.offset == 0, "text anchored from \(String(describing: anchors.first))")
    self.text = text
    self.anchors = anchors
  }

  /// The position of the first byte.
  package var position: SourcePosition { anchors[0].position }

  /// The position of the byte at a UTF-8 offset.
  ///
  /// - Complexity: O(log anchors).
  package func position(at offset: Int) -> SourcePosition {
    let anchor = anchors[max(0, firstAnchor(at: offset + 1) - 1)]
    var position = anchor.position
    position.column += offset - anchor.offset
    return position
  }

  /// The part between two UTF-8 offsets, which must fall between characters.
  package func slice(_ range: Range<Int>) -> SourceText {
    let start = text.utf8.index(text.utf8.startIndex, offsetBy: range.lowerBound)
    let end = text.utf8.index(text.utf8.startIndex, offsetBy: range.upperBound)
    let first = Anchor(offset: 0, position: position(at: range.lowerBound))
    let inside = firstAnchor(at: range.lowerBound + 1)
    let after = max(inside, firstAnchor(at: range.upperBound))
    let rest = anchors[inside..<after]
      .map { Anchor(offset: $0.offset - range.lowerBound, position: $0.position) }
    return SourceText(String(text[start..<end]), anchors: [first] + rest)
  }

  /// Index of the first anchor at an offset or behind it.
  private func firstAnchor(at offset: Int) -> Int {
    var (low, high) = (0, anchors.count)
    while low < high {
      let middle = (low + high) / 2
      if anchors[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Puts pieces one after another, each keeping its places.
  package static func joined(_ pieces: [SourceText], at position: SourcePosition) -> SourceText {
    var text = ""
    var anchors: [Anchor] = []
    for piece in pieces where !piece.text.isEmpty {
      let offset = text.utf8.count
      anchors += piece.anchors.map { Anchor(offset: $0.offset + offset, position: $0.position) }
      text += piece.text
    }
    return anchors.isEmpty
      ? SourceText("", at: position) : SourceText(text, anchors: anchors)
  }
}
