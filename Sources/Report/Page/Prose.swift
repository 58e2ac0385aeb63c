import Formats

/// Sets templates and inline values, with the results filled in.
struct Prose {
  let frame: ResultFrame
  let references: ReferenceTable
  /// The address to load a picture from; nil if there is none.
  let image: (String) -> String?
  /// The address on the page of what a link of the source leads to.
  var link: (String) -> String = { $0 }

  /// The context of running text; embedded blocks are left to the page.
  func context(embedded: @escaping (EmbeddedBlock) -> HTML = { _ in "" }) -> RenderContext {
    RenderContext(
      embedded: embedded,
      value: { expression, position in
        let value = rendered(SourceText(expression, at: position))
        return InlineValue(
          text: value.text, title: "\(expression): \(value.tooltip)", isMissing: value.isMissing,
          isPublished: value.isPublished
        ).html
      },
      reference: { label, _ in
        references.entry(forReference: label).map {
          RenderContext.Target(text: $0.text, href: "#\($0.anchor)")
        }
      }, image: image, link: link)
  }

  /// A template as HTML: Markdown, references and values.
  func html(_ template: Template) -> HTML {
    html(InlineMarkdown.inlines(template))
  }

  func html(_ inlines: [DocumentInline]) -> HTML {
    HTMLRenderer(for: Document(blocks: [], footnotes: []), in: context()).inlines(inlines)
  }

  /// A template as plain text, for attributes.
  func text(_ template: Template) -> String {
    template.filled { rendered($0).text }
  }

  /// The value of an expression; missing, with the reason, if it cannot be parsed.
  func rendered(_ source: SourceText) -> RenderedValue {
    do throws(Diagnostic) {
      return try ValueExpression(parsing: source).rendered(in: frame)
    } catch {
      return RenderedValue(
        text: RenderedValue.missing, tooltip: error.message, isMissing: true, isPartial: false)
    }
  }
}

/// A number in running text, with what it is computed from.
struct InlineValue: Hashable, Sendable {
  /// As in "84.2 %".
  package var text: String
  /// As in "lowres[lora,128].ood.accuracy, mean of 6 seeds".
  var title: String
  /// Whether the number is missing, and the text shows that.
  var isMissing: Bool
  /// Whether the number is published by others, which a word beside it shows.
  var isPublished: Bool

  package init(text: String, title: String, isMissing: Bool = false, isPublished: Bool = false) {
    self.text = text
    self.title = title
    self.isMissing = isMissing
    self.isPublished = isPublished
  }

  package var html: HTML {
    """
    <span class="val\(isMissing ? " missing" : "" as HTML)\(isPublished ? " published" : "" as HTML)" \
    title="\(title)">\(text)\(isPublished ? "<small> publ.</small>" : "" as HTML)</span>
    """
  }
}
