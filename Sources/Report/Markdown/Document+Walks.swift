package import Formats

extension Document {
  /// Every inline value of the running text, in reading order, with the place of its expression.
  var inlineValues: [(expression: String, position: SourcePosition)] {
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
  var images: [(source: String, position: SourcePosition)] {
    Self.images(in: inlines)
  }

  /// Where every link of the running text leads, in reading order, with the place of its `[`.
  package var links: [(destination: String, position: SourcePosition)] {
    Self.links(in: inlines)
  }

  /// The links of running text outside the document, such as a caption.
  static func links(in content: [DocumentInline]) -> [(
    destination: String, position: SourcePosition
  )] {
    flattened(content).compactMap {
      if case .link(let destination, _, _, let position) = $0 {
        (destination, position)
      } else {
        nil
      }
    }
  }

  /// The pictures of running text outside the document, such as a caption.
  static func images(in content: [DocumentInline]) -> [(source: String, position: SourcePosition)] {
    flattened(content).compactMap {
      if case .image(let source, _, _, let position) = $0 { (source, position) } else { nil }
    }
  }

  private static func flattened(_ inlines: [DocumentInline]) -> [DocumentInline] {
    inlines.flatMap { inline -> [DocumentInline] in
      switch inline {
      case .emphasis(let children), .strong(let children), .strikethrough(let children),
        .link(_, _, let children, _):
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

extension Document {
  /// The document with every inline of the running text replaced by what `change` makes of it.
  ///
  /// Containers are changed from the inside out.
  func mappingInlines(_ change: (DocumentInline) -> DocumentInline) -> Document {
    func map(_ inlines: [DocumentInline]) -> [DocumentInline] {
      inlines.map { inline in
        switch inline {
        case .emphasis(let children): change(.emphasis(map(children)))
        case .strong(let children): change(.strong(map(children)))
        case .strikethrough(let children): change(.strikethrough(map(children)))
        case .link(let destination, let title, let children, let position):
          change(.link(destination: destination, title: title, map(children), position))
        default: change(inline)
        }
      }
    }
    func map(_ block: DocumentBlock) -> DocumentBlock {
      switch block {
      case .heading(var heading):
        heading.content = map(heading.content)
        return .heading(heading)
      case .paragraph(let content): return .paragraph(map(content))
      case .quote(let children): return .quote(children.map { map($0) })
      case .alert(let kind, let children): return .alert(kind, children.map { map($0) })
      case .list(var list):
        for i in list.items.indices { list.items[i].blocks = list.items[i].blocks.map { map($0) } }
        return .list(list)
      case .table(var table):
        table.header = table.header.map { map($0) }
        table.rows = table.rows.map { row in row.map { map($0) } }
        return .table(table)
      case .code, .thematicBreak, .html, .embedded: return block
      }
    }
    var result = self
    result.blocks = blocks.map { map($0) }
    for i in result.footnotes.indices {
      result.footnotes[i].blocks = result.footnotes[i].blocks.map { map($0) }
    }
    return result
  }
}
