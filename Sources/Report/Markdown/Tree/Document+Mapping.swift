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
        case .link(let destination, let title, let children):
          change(.link(destination: destination, title: title, map(children)))
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
