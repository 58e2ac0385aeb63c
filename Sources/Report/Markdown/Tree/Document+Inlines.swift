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

  /// Where every picture of the running text comes from, in reading order, with the place it is named.
  package var images: [(source: String, position: SourcePosition)] {
    Self.images(in: inlines)
  }

  /// The pictures of running text that stands outside of the document, such as a caption.
  static func images(in content: [DocumentInline]) -> [(source: String, position: SourcePosition)] {
    flattened(content).compactMap {
      if case .image(let source, _, _, let position) = $0 { (source, position) } else { nil }
    }
  }

  private static func flattened(_ inlines: [DocumentInline]) -> [DocumentInline] {
    inlines.flatMap { inline -> [DocumentInline] in
      switch inline {
      case .emphasis(let children), .strong(let children), .strikethrough(let children),
        .link(_, _, let children):
        [inline] + flattened(children)
      default: [inline]
      }
    }
  }

  /// All running text flattened, containers before what they hold.
  private var inlines: [DocumentInline] {
    var found: [DocumentInline] = []
    func visit(_ inlines: [DocumentInline]) { found += Self.flattened(inlines) }
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
