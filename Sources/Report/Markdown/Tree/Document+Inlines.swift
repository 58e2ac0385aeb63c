package import Formats

extension Document {
  /// Every inline value of the running text, in reading order, with the place of its expression.
  package var inlineValues: [(expression: String, position: SourcePosition)] {
    inlines.compactMap {
      if case .value(let expression, let position) = $0 { (expression, position) } else { nil }
    }
  }

  /// Every reference of the running text, in reading order, with the place of its `@`.
  package var references: [(label: String, position: SourcePosition)] {
    inlines.compactMap {
      if case .reference(let label, let position) = $0 { (label, position) } else { nil }
    }
  }

  /// Where every picture of the running text comes from, in reading order.
  package var images: [String] {
    inlines.compactMap { if case .image(let source, _, _) = $0 { source } else { nil } }
  }

  /// All running text flattened, containers before what they hold.
  private var inlines: [DocumentInline] {
    var found: [DocumentInline] = []
    func visit(_ inlines: [DocumentInline]) {
      for inline in inlines {
        found.append(inline)
        switch inline {
        case .emphasis(let children), .strong(let children), .strikethrough(let children),
          .link(_, _, let children):
          visit(children)
        default: break
        }
      }
    }
    func visit(_ blocks: [DocumentBlock]) {
      for block in blocks {
        switch block {
        case .heading(let heading): visit(heading.content)
        case .paragraph(let content): visit(content)
        case .quote(let children), .alert(_, let children): visit(children)
        case .list(let list): for item in list.items { visit(item.blocks) }
        case .table(let table): for cell in ([table.header] + table.rows).joined() { visit(cell) }
        case .code, .thematicBreak, .html, .embedded: break
        }
      }
    }
    visit(blocks)
    for footnote in footnotes { visit(footnote.blocks) }
    return found
  }
}
