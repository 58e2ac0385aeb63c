import Formats

/// Markdown of one paragraph, such as a caption, with placeholders as inline values.
enum InlineMarkdown {
  /// The running text of a template.
  ///
  /// Blocks have no place in a caption: what would be a list or heading is set as text, and
  /// paragraphs are divided by line breaks.
  static func inlines(_ template: Template) -> [DocumentInline] {
    inlines(template.filled { "`{val} \($0.text)`" }, file: template.position.file)
  }

  static func inlines(_ text: String, file: String) -> [DocumentInline] {
    // An empty first line keeps a text that begins with hyphens from passing for front matter.
    guard let source = try? ReportSource(file: file, text: "\n" + text) else {
      return [.text(text)]
    }
    let parts = paragraphs(MarkdownParser(kinds: []).parse(source).document.blocks)
    return Array(parts.joined(separator: [.lineBreak]))
  }

  private static func paragraphs(_ blocks: [DocumentBlock]) -> [[DocumentInline]] {
    blocks.flatMap { block -> [[DocumentInline]] in
      switch block {
      case .heading(let heading): [heading.content]
      case .paragraph(let content): [content]
      case .quote(let children), .alert(_, let children): paragraphs(children)
      case .list(let list): list.items.flatMap { paragraphs($0.blocks) }
      case .code(_, let text), .html(let text): [[.text(text)]]
      case .table, .thematicBreak, .embedded: []
      }
    }
  }
}
