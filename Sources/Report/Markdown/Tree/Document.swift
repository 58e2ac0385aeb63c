/// A parsed study: its blocks in reading order and the footnotes they call.
package struct Document: Hashable, Sendable {
  package struct Footnote: Hashable, Sendable {
    /// Counted from 1 in order of the first mark.
    package var number: Int
    /// How many marks call it.
    package var occurrences: Int
    package var blocks: [DocumentBlock]
  }

  package var blocks: [DocumentBlock]
  package var footnotes: [Footnote]
}

extension Document {
  /// The headings in reading order, at every depth.
  package var headings: [DocumentHeading] {
    collect { if case .heading(let heading) = $0 { heading } else { nil } }
  }

  /// The embedded blocks in reading order, those in lists, quotes and footnotes included.
  package var embeddedBlocks: [EmbeddedBlock] {
    collect { if case .embedded(let block) = $0 { block } else { nil } }
  }

  private func collect<Part>(_ part: (DocumentBlock) -> Part?) -> [Part] {
    var found: [Part] = []
    func visit(_ blocks: [DocumentBlock]) {
      for block in blocks {
        if let match = part(block) { found.append(match) }
        switch block {
        case .quote(let children), .alert(_, let children): visit(children)
        case .list(let list): for item in list.items { visit(item.blocks) }
        default: break
        }
      }
    }
    visit(blocks)
    for footnote in footnotes { visit(footnote.blocks) }
    return found
  }
}
