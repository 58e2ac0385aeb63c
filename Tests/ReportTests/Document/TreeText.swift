@testable import Formats
@testable import Report

/// A document as indented text, one node a line, for snapshots.
struct TreeText {
  private(set) var lines: [String] = []

  init(_ document: Document) {
    add(document.blocks, depth: 0)
    for note in document.footnotes {
      line("footnote \(note.number) called \(note.occurrences)×", 0)
      add(note.blocks, depth: 1)
    }
  }

  var text: String { lines.map { $0 + "\n" }.joined() }

  private mutating func line(_ text: String, _ depth: Int) {
    lines.append(String(repeating: "  ", count: depth) + text)
  }

  private mutating func add(_ blocks: [DocumentBlock], depth: Int) {
    for block in blocks { add(block, depth: depth) }
  }

  private mutating func add(_ block: DocumentBlock, depth: Int) {
    switch block {
    case .heading(let heading):
      line("h\(heading.level) #\(heading.id) \(Self.place(heading.position))", depth)
      add(heading.content, depth + 1)
    case .paragraph(let content):
      line("paragraph", depth)
      add(content, depth + 1)
    case .quote(let children):
      line("quote", depth)
      add(children, depth: depth + 1)
    case .alert(let alert, let children):
      line("alert \(alert)", depth)
      add(children, depth: depth + 1)
    case .list(let list):
      line(
        "list \(list.start.map { "from \($0)" } ?? "bullets")\(list.isTight ? " tight" : "")", depth
      )
      for item in list.items {
        line("item\(item.isChecked.map { $0 ? " [x]" : " [ ]" } ?? "")", depth + 1)
        add(item.blocks, depth: depth + 2)
      }
    case .code(let language, let text):
      line("code \(language ?? "-") \(text.debugDescription)", depth)
    case .table(let table):
      line("table \(table.alignments.map(\.rawValue).joined(separator: " "))", depth)
      for row in [table.header] + table.rows {
        line("row", depth + 1)
        for cell in row {
          line("cell", depth + 2)
          add(cell, depth + 3)
        }
      }
    case .thematicBreak: line("rule", depth)
    case .html(let html): line("html \(html.debugDescription)", depth)
    case .embedded(let block):
      line(
        "embedded \(block.kind) #\(block.label ?? "-") \(Self.place(block.position)) body "
          + "\(Self.place(block.bodyPosition)) \(block.yaml.debugDescription)", depth)
    }
  }

  private mutating func add(_ inlines: [DocumentInline], _ depth: Int) {
    for inline in inlines { add(inline, depth) }
  }

  private mutating func add(_ inline: DocumentInline, _ depth: Int) {
    switch inline {
    case .text(let text): line("text \(text.debugDescription)", depth)
    case .softBreak: line("soft break", depth)
    case .lineBreak: line("line break", depth)
    case .code(let text): line("code \(text.debugDescription)", depth)
    case .emphasis(let children): nested("emphasis", children, depth)
    case .strong(let children): nested("strong", children, depth)
    case .strikethrough(let children): nested("strikethrough", children, depth)
    case .link(let destination, let title, let children, _):
      nested(
        "link \(destination)\(title.isEmpty ? "" : " \(title.debugDescription)")", children, depth)
    case .image(let source, let title, let alternative, _):
      line("image \(source) \(title.debugDescription) \(alternative.debugDescription)", depth)
    case .html(let html): line("html \(html.debugDescription)", depth)
    case .footnoteReference(let number, let occurrence):
      line("footnote mark \(number).\(occurrence)", depth)
    case .value(let expression, let position):
      line("value \(expression.debugDescription) \(Self.place(position))", depth)
    case .reference(let label, let position):
      line("reference \(label) \(Self.place(position))", depth)
    }
  }

  private mutating func nested(_ name: String, _ children: [DocumentInline], _ depth: Int) {
    line(name, depth)
    add(children, depth + 1)
  }

  private static func place(_ position: SourcePosition) -> String {
    "@\(position.line):\(position.column)"
  }
}
