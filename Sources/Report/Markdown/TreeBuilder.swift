import Experiments
import Formats

/// Copies a cmark tree into the document's own types; blocks here, inlines in its extension.
struct TreeBuilder {
  let text: SourceLines
  /// Lines of the source before the text that cmark was given.
  private let lineOffset: Int
  private let kinds: [String]
  var diagnostics: [Diagnostic] = []
  /// Marks seen so far by footnote number.
  var footnoteOccurrences: [Int: Int] = [:]
  private var labels: [String: SourcePosition] = [:]
  private var slugs: SlugTable

  /// Deeper nesting is rejected: it is never prose, and every consumer of the tree recurses.
  static let depthLimit = 64

  init(text: SourceLines, lineOffset: Int, kinds: [String]) {
    self.text = text
    self.lineOffset = lineOffset
    self.kinds = kinds
    slugs = SlugTable(reservingLabelsIn: text)
  }

  mutating func document(from root: CMarkNode) -> Document {
    let nodes = root.children
    // Marks in the prose are counted before those inside footnotes, which cmark puts last.
    let blocks = blocks(nodes.filter { $0.kind != .footnoteDefinition }, depth: 0)
    let notes = nodes.filter { $0.kind == .footnoteDefinition }.map {
      self.blocks($0.children, depth: 1)
    }
    let footnotes = notes.enumerated().map { index, blocks in
      Document.Footnote(
        number: index + 1, occurrences: footnoteOccurrences[index + 1, default: 0], blocks: blocks)
    }
    return Document(blocks: blocks, footnotes: footnotes)
  }

  /// Records what is wrong at an offset of the source.
  mutating func report(
    _ code: DiagnosticCode, at offset: Int, _ message: String, help: String,
    severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(
      Diagnostic(code, at: text.position(at: offset), message, help: help, severity: severity))
  }

  /// Whether a depth is too deep; if so, reports it once per place.
  mutating func isTooDeep(_ depth: Int, at offset: Int) -> Bool {
    guard depth > Self.depthLimit else { return false }
    if !diagnostics.contains(where: { $0.code == .nestingTooDeep }) {
      report(
        .nestingTooDeep, at: offset, "more than \(Self.depthLimit) levels are nested here",
        help: "nest it less deeply")
    }
    return true
  }

  /// Records a label, or reports where it was used before.
  mutating func register(label: String, at offset: Int) {
    let position = text.position(at: offset)
    if let first = labels[label] {
      report(
        .duplicateLabel, at: offset, "the label '\(label)' is used twice",
        help: "it was first used at \(first); references need one target")
    } else {
      labels[label] = position
    }
  }
}

extension TreeBuilder {
  private mutating func blocks(_ nodes: [CMarkNode], depth: Int) -> [DocumentBlock] {
    var result: [DocumentBlock] = []
    for (index, node) in nodes.enumerated() {
      if isTooDeep(depth, at: start(of: node)) { break }
      switch node.kind {
      case .paragraph:
        result.append(.paragraph(paragraph(node, next: nodes.dropFirst(index + 1).first)))
      case .heading: result.append(.heading(heading(node)))
      case .blockQuote: result.append(quote(node, depth: depth))
      case .list: result.append(.list(list(node, depth: depth)))
      case .codeBlock: if let block = codeBlock(node) { result.append(block) }
      case .table: result.append(.table(table(node)))
      case .thematicBreak: result.append(.thematicBreak)
      case .htmlBlock: result.append(.html(node.literal))
      default: result += blocks(node.children, depth: depth + 1)
      }
    }
    return result
  }

  /// Offset of a block's first byte.
  private func start(of node: CMarkNode) -> Int {
    text.start(ofLine: node.startLine + lineOffset) + max(0, node.startColumn - 1)
  }

  private func cursor(for node: CMarkNode) -> InlineCursor {
    InlineCursor(text, from: start(of: node), to: text.end(ofLine: node.endLine + lineOffset))
  }

  private mutating func paragraph(_ node: CMarkNode, next: CMarkNode?) -> [DocumentInline] {
    var cursor = cursor(for: node)
    // cmark gives no position to a paragraph that a table interrupts, and its lines to the table.
    if node.startLine == 0, let table = next, table.kind == .table {
      cursor = InlineCursor(
        text, from: start(of: table), to: text.end(ofLine: headerLine(of: table) - 1))
    }
    return inlines(node.children, &cursor, depth: 0)
  }

  private mutating func heading(_ node: CMarkNode) -> DocumentHeading {
    var cursor = cursor(for: node)
    let offset = cursor.offset
    var content = inlines(node.children, &cursor, depth: 0)
    let label = HeadingLabel.take(from: &content)
    if let label {
      let place = cursor.lastOffset(of: label) ?? offset
      if SourceLabel.isLabel(ArraySlice(label.utf8)), label.starts(withBytes: "sec-") {
        register(label: label, at: place)
        return heading(node, id: label, content, at: offset)
      }
      report(
        .malformedBlockHeader, at: place, "'\(label)' cannot label a heading",
        help: "write {#sec-name}, in ASCII letters and digits joined by single '-' or '_'")
    }
    let id = slugs.id(for: content.map(\.plainText).joined())
    return heading(node, id: id, content, at: offset)
  }

  private func heading(
    _ node: CMarkNode, id: String, _ content: [DocumentInline], at offset: Int
  ) -> DocumentHeading {
    DocumentHeading(
      level: node.headingLevel, id: id, content: content, position: text.position(at: offset))
  }

  private mutating func quote(_ node: CMarkNode, depth: Int) -> DocumentBlock {
    var children = blocks(node.children, depth: depth + 1)
    guard case .paragraph(var inlines) = children.first, case .text(let mark) = inlines.first,
      let alert = DocumentAlert.allCases.first(where: {
        mark.lowercasedASCII == "[!\($0.rawValue)]"
      }), inlines.count == 1 || inlines[1] == .softBreak
    else { return .quote(children) }
    inlines.removeFirst(min(2, inlines.count))
    children[0] = .paragraph(inlines)
    return .alert(alert, inlines.isEmpty ? Array(children.dropFirst()) : children)
  }

  private mutating func list(_ node: CMarkNode, depth: Int) -> DocumentList {
    DocumentList(
      start: node.listStart, isTight: node.isTight,
      items: node.children.map {
        DocumentList.Item(
          isChecked: $0.isChecked, blocks: blocks($0.children, depth: depth + 1))
      })
  }

  private mutating func table(_ node: CMarkNode) -> DocumentTable {
    var rows: [[[DocumentInline]]] = []
    for (index, row) in node.children.enumerated() {
      let line = index == 0 ? headerLine(of: node) : row.startLine + lineOffset
      var cursor = InlineCursor(text, from: text.start(ofLine: line), to: text.end(ofLine: line))
      rows.append(row.children.map { inlines($0.children, &cursor, depth: 0) })
    }
    return DocumentTable(
      alignments: node.columnAlignments, header: rows.first ?? [], rows: Array(rows.dropFirst()))
  }

  /// The source line of a table's header, two above its first row; cmark may give an earlier one.
  private func headerLine(of table: CMarkNode) -> Int {
    let rows = table.children
    let below = rows.count > 1 ? rows[1].startLine : table.endLine + 1
    return below - 2 + lineOffset
  }

  private mutating func codeBlock(_ node: CMarkNode) -> DocumentBlock? {
    guard node.info.starts(withBytes: "{") else {
      let language = node.info.split(atByte: " ").first.map(String.init)
      return .code(language: language, text: node.literal)
    }
    return embedded(node).map { .embedded($0) }
  }

  private mutating func embedded(_ node: CMarkNode) -> EmbeddedBlock? {
    let fence = start(of: node)
    let firstLine = node.startLine + lineOffset
    let line = text.bytes[fence..<max(fence, text.end(ofLine: firstLine))]
    let info = line[(line.firstIndex(of: UInt8(ascii: "{")) ?? line.endIndex)...]
    let trimmed = info.prefix(
      (info.lastIndex { $0 > 0x20 } ?? info.startIndex) + 1 - info.startIndex)
    let header: BlockHeader
    do {
      header = try BlockHeader(parsing: trimmed)
    } catch {
      report(.malformedBlockHeader, at: error.offset, error.message, help: error.help)
      return nil
    }
    guard isClosed(node, fence: line.prefix { $0 == line.first }) else {
      report(
        .malformedBlockHeader, at: fence, "the \(header.kind) block that opens here never ends",
        help: "close it with a line of the same fence characters")
      return nil
    }
    if let label = header.label, let offset = header.labelOffset {
      register(label: label, at: offset)
    }
    guard kinds.contains(header.kind) else {
      let nearest = Suggestion.closest(to: header.kind, in: kinds)
      report(
        .unknownBlockKind, at: header.kindOffset, "there is no block of kind '\(header.kind)'",
        help: nearest.map { "did you mean '\($0)'?" }
          ?? "the kinds are \(kinds.sorted().joined(separator: ", "))")
      return nil
    }
    return EmbeddedBlock(
      kind: header.kind, label: header.label, yaml: node.literal,
      position: text.position(at: fence),
      bodyPosition: bodyPosition(of: node, fence: fence))
  }

  /// Where a block's body begins: its first line without the indentation cmark removed.
  private func bodyPosition(of node: CMarkNode, fence: Int) -> SourcePosition {
    let number = node.startLine + lineOffset + 1
    let first = node.literal.utf8.prefix { $0 != UInt8(ascii: "\n") }
    let line = text.line(number)
    let column =
      first.isEmpty ? text.position(at: fence).column : line.count - first.count + 1
    return SourcePosition(file: text.file, line: number, column: max(1, column))
  }

  /// Whether the last line of a fenced block is its closing fence; cmark also ends it silently.
  private func isClosed(_ node: CMarkNode, fence: ArraySlice<UInt8>) -> Bool {
    guard node.endLine > node.startLine, let mark = fence.first else { return false }
    let last = text.line(node.endLine + lineOffset)
    guard let end = last.lastIndex(where: { $0 > 0x20 }) else { return false }
    let closing = last[...end].reversed().prefix { $0 == mark }.count
    let before = last[...end].dropLast(closing)
    return closing >= fence.count && before.allSatisfy { Array(" \t>".utf8).contains($0) }
  }
}
