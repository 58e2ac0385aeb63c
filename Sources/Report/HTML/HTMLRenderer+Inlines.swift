import Formats

extension HTMLRenderer {
  /// Renders running text.
  ///
  /// - Parameters:
  ///   - content: The text.
  ///   - isInLink: Whether it stands inside a link, where links and marks become plain text.
  /// - Returns: Its HTML.
  package func inlines(_ content: [DocumentInline], isInLink: Bool = false) -> HTML {
    content.map { html(of: $0, isInLink: isInLink) }.joined()
  }

  private func html(of inline: DocumentInline, isInLink: Bool) -> HTML {
    switch inline {
    case .text(let text): "\(text)"
    case .softBreak: "\n"
    case .lineBreak: "<br>\n"
    case .code(let text): "<code>\(Self.codeWords(text))</code>"
    case .emphasis(let children): "<em>\(inlines(children, isInLink: isInLink))</em>"
    case .strong(let children): "<strong>\(inlines(children, isInLink: isInLink))</strong>"
    case .strikethrough(let children): "<del>\(inlines(children, isInLink: isInLink))</del>"
    case .link(let destination, let title, let children):
      link(destination, title, children, isInLink: isInLink)
    case .image(let source, let title, let alternative): image(source, title, alternative)
    case .html(let html): raw(html, shown: "\(html)")
    case .footnoteReference(let number, let occurrence):
      isInLink ? "" : mark(number, occurrence)
    case .value(let expression, let position): context.value(expression, position)
    case .reference(let label, let position): reference(label, position, isInLink: isInLink)
    }
  }

  /// Code whose options stay whole: a line may break behind any hyphen, and `--seed` be read as two.
  private static func codeWords(_ text: String) -> HTML {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word -> HTML in
      word.hasPrefix("-") && (2...30).contains(word.count)
        ? "<span class=\"option-name\">\(String(word))</span>" : "\(String(word))"
    }.joined(separator: " ")
  }

  private func link(
    _ destination: String, _ title: String, _ children: [DocumentInline], isInLink: Bool
  ) -> HTML {
    let content = inlines(children, isInLink: true)
    guard !isInLink, SafeURL.isSafeLink(destination) else { return content }
    return "<a href=\"\(destination)\"\(attribute("title", title))>\(content)</a>"
  }

  private func image(_ source: String, _ title: String, _ alternative: String) -> HTML {
    guard SafeURL.isSafeImage(source), let address = context.image(source),
      SafeURL.isSafeImage(address)
    else { return "<span class=\"lost\" title=\"no picture: \(source)\">[\(alternative)]</span>" }
    return "<img src=\"\(address)\" alt=\"\(alternative)\"\(attribute("title", title))>"
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
    guard !isInLink, SafeURL.isSafeLink(target.href) else { return "\(target.text)" }
    return "<a class=\"ref\" href=\"\(target.href)\">\(target.text)</a>"
  }

  private func attribute(_ name: HTML, _ value: String) -> HTML {
    value.isEmpty ? "" : " \(name)=\"\(value)\""
  }
}
