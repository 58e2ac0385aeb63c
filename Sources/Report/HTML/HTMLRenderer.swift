import Formats

/// Renders the blocks of a document; inlines are in its extension.
struct HTMLRenderer {
  let context: RenderContext
  /// Added to a heading's level, so that the page's title is the only `<h1>`.
  private let levelShift: Int
  /// The links whose addresses a printed page shows: the first to each place elsewhere.
  private let printedLinks: Set<SourcePosition>

  /// Prepares to render one document.
  ///
  /// - Parameters:
  ///   - document: The whole document: its topmost heading level becomes `<h2>`.
  ///   - context: What fills the places of the results.
  package init(for document: Document, in context: RenderContext) {
    self.context = context
    levelShift = 2 - (document.headings.map(\.level).min() ?? 2)
    var seen: Set<[UInt8]> = []
    printedLinks = Set(
      document.links.filter { link in
        Address(link.destination).kind == .web
          && seen.insert(Array(link.destination.utf8)).inserted
      }.map(\.position))
  }

  /// Renders the blocks and, after them, the footnotes.
  package func html(of document: Document) -> HTML {
    blocks(document.blocks) + footnotes(document.footnotes)
  }

  /// The headings of the document's two topmost levels, for a table of contents.
  package func contents(of document: Document) -> TableOfContents {
    TableOfContents(
      entries: document.headings.compactMap { heading in
        let level = heading.level + levelShift
        guard level <= 3 else { return nil }
        return TableOfContents.Entry(
          isNested: level == 3, id: heading.id,
          title: inlines(heading.content, isInLink: true))
      })
  }

  package func blocks(_ blocks: [DocumentBlock]) -> HTML {
    blocks.map { html(of: $0) + "\n" }.joined()
  }

  private func html(of block: DocumentBlock) -> HTML {
    switch block {
    case .heading(let heading): html(of: heading)
    case .paragraph(let content): "<p>\(inlines(content))</p>"
    case .quote(let children): "<blockquote>\n\(blocks(children))</blockquote>"
    case .alert(let alert, let children): html(of: alert, children)
    case .list(let list): html(of: list)
    case .code(let language, let text):
      "<pre tabindex=\"0\"><code\(language.map { " class=\"language-\($0)\"" })>\(prose: text)</code></pre>"
    case .table(let table): html(of: table)
    case .thematicBreak: "<hr>"
    case .html(let html): raw(html, shown: "<pre tabindex=\"0\"><code>\(prose: html)</code></pre>")
    case .embedded(let block): context.embedded(block)
    }
  }

  /// HTML of the source: kept if allowed, otherwise shown, comments dropped.
  func raw(_ html: String, shown: HTML) -> HTML {
    if context.allowsRawHTML { return HTML(trusted: html) }
    return html.starts(withBytes: "<!--") ? "" : shown
  }

  private func html(of heading: DocumentHeading) -> HTML {
    let level = min(6, heading.level + levelShift)
    let title = heading.content.map(\.plainText).joined()
    return """
      <h\(level) id="\(address: heading.id)">\(inlines(heading.content))\
      <a class="anchor" href="#\(address: heading.id)" aria-label="Link to \(prose: title)">\
      #</a></h\(level)>
      """
  }

  private func html(of alert: DocumentAlert, _ children: [DocumentBlock]) -> HTML {
    """
    <aside class="alert alert-\(alert.rawValue)">
    <p class="alert-title">\(Icon(alert).html)\(alert.title)</p>
    \(blocks(children))</aside>
    """
  }

  private func html(of list: DocumentList) -> HTML {
    let items = list.items.map { item -> HTML in
      let box = item.isChecked.map { checked -> HTML in
        """
        <input type="checkbox" disabled\(checked ? " checked" : "" as HTML) \
        aria-label="\(checked ? "done" : "to do")">
        """
      }
      let content = item.blocks.map { tight(list.isTight, $0) }.joined(separator: "\n")
      return "<li\(box == nil ? "" : " class=\"task\"" as HTML)>\(box)\(content)</li>\n"
    }.joined()
    guard let start = list.start else { return "<ul>\n\(items)</ul>" }
    return "<ol\(start == 1 ? "" : " start=\"\(start)\"" as HTML)>\n\(items)</ol>"
  }

  private func tight(_ isTight: Bool, _ block: DocumentBlock) -> HTML {
    if isTight, case .paragraph(let content) = block { return inlines(content) }
    return html(of: block)
  }

  private func html(of table: DocumentTable) -> HTML {
    func row(_ cells: [[DocumentInline]], _ tag: HTML) -> HTML {
      let cells = zip(cells, table.alignments).map { cell, alignment -> HTML in
        let side: HTML =
          alignment == .automatic ? "" : " class=\"align-\(alignment.rawValue)\""
        return "<\(tag)\(side)>\(inlines(cell))</\(tag == "td" ? "td" : "th" as HTML)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let body = table.rows.map { row($0, "td") }.joined()
    return """
      <div class="scroll" role="region" aria-label="Table" tabindex="0"><table>
      <thead>
      \(row(table.header, "th scope=\"col\""))</thead>
      \(body.isEmpty ? "" : "<tbody>\n\(body)</tbody>\n" as HTML)</table></div>
      """
  }

  private func footnotes(_ notes: [Document.Footnote]) -> HTML {
    guard !notes.isEmpty else { return "" }
    let items = notes.map { note -> HTML in
      // Labels hold no dots, so these ids collide with none.
      let back = (1...max(1, note.occurrences)).map { occurrence -> HTML in
        """
         <a class="back" href="#note.\(note.number).\(occurrence)" \
        aria-label="Back to mark \(occurrence) of note \(note.number)">↩\u{FE0E}</a>
        """
      }.joined()
      var blocks = note.blocks
      guard case .paragraph(let last) = blocks.last else {
        return "<li id=\"note.\(note.number)\">\n\(self.blocks(blocks))<p>\(back)</p></li>\n"
      }
      blocks.removeLast()
      return """
        <li id="note.\(note.number)">
        \(self.blocks(blocks))<p>\(inlines(last))\(back)</p></li>

        """
    }.joined()
    return
      "<section class=\"footnotes\" aria-label=\"Footnotes\">\n<ol>\n\(items)</ol>\n</section>\n"
  }
}

extension HTMLRenderer {
  /// Renders running text.
  ///
  /// - Parameters:
  ///   - content: The text.
  ///   - isInLink: Whether it is inside a link, where links and marks become plain text.
  /// - Returns: Its HTML.
  package func inlines(_ content: [DocumentInline], isInLink: Bool = false) -> HTML {
    content.map { html(of: $0, isInLink: isInLink) }.joined()
  }

  private func html(of inline: DocumentInline, isInLink: Bool) -> HTML {
    switch inline {
    case .text(let text): "\(prose: text)"
    case .softBreak: "\n"
    case .lineBreak: "<br>\n"
    case .code(let text): "<code>\(Self.codeWords(text))</code>"
    case .emphasis(let children): "<em>\(inlines(children, isInLink: isInLink))</em>"
    case .strong(let children): "<strong>\(inlines(children, isInLink: isInLink))</strong>"
    case .strikethrough(let children): "<del>\(inlines(children, isInLink: isInLink))</del>"
    case .link(let destination, let title, let children, let position):
      link(destination, title, children, position, isInLink: isInLink)
    case .image(let source, let title, let alternative, _): image(source, title, alternative)
    case .html(let html): raw(html, shown: "\(prose: html)")
    case .footnoteReference(let number, let occurrence):
      isInLink ? "" : mark(number, occurrence)
    case .value(let expression, let position): context.value(expression, position)
    case .reference(let label, let position): reference(label, position, isInLink: isInLink)
    }
  }

  /// Code whose options stay whole: a line may break after any hyphen, and `--seed` be read as two.
  private static func codeWords(_ text: String) -> HTML {
    text.split(atByte: " ", omittingEmptySubsequences: false).map { word -> HTML in
      word.starts(withBytes: "-") && (2...30).contains(word.utf8.count)
        ? "<span class=\"option-name\">\(prose: String(word))</span>" : "\(prose: String(word))"
    }.joined(separator: " ")
  }

  private func link(
    _ destination: String, _ title: String, _ children: [DocumentInline],
    _ position: SourcePosition, isInLink: Bool
  ) -> HTML {
    let content = inlines(children, isInLink: true)
    let address = Address(context.link(destination))
    guard !isInLink, address.isLink else { return content }
    // A text that is the address need not be followed by it.
    let isPrinted =
      printedLinks.contains(position)
      && !children.map(\.plainText).joined().contains(bytes: destination)
    return """
      <a\(isPrinted ? " class=\"target\"" : "" as HTML) href="\(address: address.text)"\
      \(attribute("title", title))>\(content)</a>
      """
  }

  private func image(_ source: String, _ title: String, _ alternative: String) -> HTML {
    guard Address(source).isPicture, let loaded = context.image(source) else {
      return
        "<span class=\"lost\" title=\"no picture: \(prose: source)\">[\(prose: alternative)]</span>"
    }
    let address = Address(loaded)
    guard address.isPicture else { return "[\(prose: alternative)]" }
    return
      "<img src=\"\(address: address.text)\" alt=\"\(prose: alternative)\"\(attribute("title", title))>"
  }

  private func mark(_ number: Int, _ occurrence: Int) -> HTML {
    """
    <sup class="mark"><a id="note.\(number).\(occurrence)" href="#note.\(number)" \
    aria-label="Note \(number)">\(number)</a></sup>
    """
  }

  private func reference(_ label: String, _ position: SourcePosition, isInLink: Bool) -> HTML {
    guard let target = context.reference(label, position) else {
      return "<span class=\"lost\" title=\"nothing has this label\">@\(label)</span>"
    }
    guard !isInLink, Address(target.href).isLink else { return "\(prose: target.text)" }
    return "<a class=\"ref\" href=\"\(address: target.href)\">\(prose: target.text)</a>"
  }

  private func attribute(_ name: HTML, _ value: String) -> HTML {
    value.isEmpty ? "" : " \(name)=\"\(prose: value)\""
  }
}
