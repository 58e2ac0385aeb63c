package import Formats

/// A parsed study: its blocks in reading order and the footnotes they call.
package struct Document: Hashable, Sendable {
  package struct Footnote: Hashable, Sendable {
    /// Counted from 1 in order of the first mark.
    package var number: Int
    /// How many marks call it.
    var occurrences: Int
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
  var embeddedBlocks: [EmbeddedBlock] {
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

/// The blocks of a study: GitHub-flavoured Markdown plus embedded blocks.
package enum DocumentBlock: Hashable, Sendable {
  case heading(DocumentHeading)
  case paragraph([DocumentInline])
  indirect case quote([DocumentBlock])
  indirect case alert(DocumentAlert, [DocumentBlock])
  indirect case list(DocumentList)
  case code(language: String?, text: String)
  case table(DocumentTable)
  case thematicBreak
  case html(String)
  case embedded(EmbeddedBlock)
}

/// A heading with the id that links lead to.
package struct DocumentHeading: Hashable, Sendable {
  /// 1 … 6.
  package var level: Int
  /// Written as `{#sec-name}` or made from the text; always starts with `sec-`, unique in a page.
  package var id: String
  package var content: [DocumentInline]
  package var position: SourcePosition
}

/// A bullet, ordered or task list.
package struct DocumentList: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    /// The box of a task list item; nil without one.
    var isChecked: Bool?
    package var blocks: [DocumentBlock]
  }

  /// The first number; nil for bullets.
  package var start: Int?
  /// Whether paragraphs are set without space between them.
  var isTight: Bool
  package var items: [Item]
}

/// A table written with pipes; each row has as many cells as there are alignments.
package struct DocumentTable: Hashable, Sendable {
  enum Alignment: String, Hashable, Sendable {
    case automatic
    case left
    case center
    case right
  }

  var alignments: [Alignment]
  var header: [[DocumentInline]]
  package var rows: [[[DocumentInline]]]
}

/// The five kinds of GitHub's `> [!NOTE]`.
package enum DocumentAlert: String, Hashable, Sendable, CaseIterable {
  case note
  case tip
  case important
  case warning
  case caution

  /// As a reader sees it: "Note".
  var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// Running text as a tree.
package enum DocumentInline: Hashable, Sendable {
  case text(String)
  case softBreak
  case lineBreak
  case code(String)
  indirect case emphasis([DocumentInline])
  indirect case strong([DocumentInline])
  indirect case strikethrough([DocumentInline])
  /// The destination is as written: whoever renders it keeps only what ``Address`` allows. The
  /// position is that of the `[`.
  indirect case link(destination: String, title: String, [DocumentInline], SourcePosition)
  /// The position is that of the `[`.
  case image(source: String, title: String, alternative: String, SourcePosition)
  case html(String)
  /// A mark that points to the footnote of this number, counted from 1; `occurrence` counts the
  /// marks of one footnote from 1.
  case footnoteReference(number: Int, occurrence: Int)
  /// A code span `{val} expression`; the position is that of the expression's first byte.
  case value(String, SourcePosition)
  /// `@fig-accuracy`: the label without `@`; the position is that of the `@`.
  case reference(String, SourcePosition)
}

extension DocumentInline {
  /// The text a reader sees, without marks, values and references.
  package var plainText: String {
    switch self {
    case .text(let text), .code(let text): text
    case .softBreak, .lineBreak: " "
    case .emphasis(let children), .strong(let children), .strikethrough(let children),
      .link(_, _, let children, _):
      children.map(\.plainText).joined()
    case .image(_, _, let alternative, _): alternative
    case .html, .footnoteReference, .value, .reference: ""
    }
  }
}
