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
    parsed(text, file: file)?.inlines ?? [.text(text)]
  }

  /// Addresses that the page leaves out, said where the template begins.
  static func unsafeAddresses(_ template: Template) -> [Diagnostic] {
    let parsed = parsed(template.filled { "`{val} \($0.text)`" }, file: template.position.file)
    return (parsed?.diagnostics ?? []).filter { $0.code == .unsafeAddress }.map {
      var diagnostic = $0
      diagnostic.position = template.position
      return diagnostic
    }
  }

  private static func parsed(
    _ text: String, file: String
  ) -> (inlines: [DocumentInline], diagnostics: [Diagnostic])? {
    // An empty first line keeps a text that begins with hyphens from passing for front matter.
    guard let source = try? ReportSource(file: file, text: "\n" + text) else { return nil }
    let result = MarkdownParser(kinds: []).parse(source)
    let parts = paragraphs(result.document.blocks)
    return (Array(parts.joined(separator: [.lineBreak])), result.diagnostics)
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
