import Crypto
import Foundation

/// One self-contained HTML file: no script, no font or picture from elsewhere.
struct Page: Hashable, Sendable {
  /// A line above the text that a reader must not miss, as in "3 of 120 cells failed".
  struct Notice: Hashable, Sendable {
    enum Severity: Hashable, Sendable {
      case information
      case warning
      case problem
    }

    package var severity: Severity
    package var content: HTML

    package init(_ severity: Severity, _ content: HTML) {
      self.severity = severity
      self.content = content
    }
  }

  /// A BCP 47 tag, as in "en".
  package var language: String
  var title: String
  var subtitle: String?
  var authors: [String]
  /// As written by the author; a page never reads the clock.
  var date: String?
  /// For search engines and link previews.
  package var description: String?
  /// Shown from three entries on; nil to leave it out.
  package var contents: TableOfContents?
  var notices: [Notice]
  package var body: HTML
  package var provenance: ProvenanceComponent?
  /// As in "0.1.0".
  package var generatorVersion: String

  package init(
    language: String = "en", title: String, subtitle: String? = nil, authors: [String] = [],
    date: String? = nil, description: String? = nil, contents: TableOfContents? = nil,
    notices: [Notice] = [], body: HTML, provenance: ProvenanceComponent? = nil,
    generatorVersion: String
  ) {
    self.language = language
    self.title = title
    self.subtitle = subtitle
    self.authors = authors
    self.date = date
    self.description = description
    self.contents = contents
    self.notices = notices
    self.body = body
    self.provenance = provenance
    self.generatorVersion = generatorVersion
  }
}

extension Page {
  /// The policy under which a browser shows the page.
  ///
  /// Nothing is loaded but pictures inside the file, and no style counts but the page's own: raw
  /// HTML in a source can neither run, nor phone home, nor restyle the page.
  static let contentSecurityPolicy: String = {
    let digest = Data(SHA256.hash(data: Data(PageStyle.css.utf8))).base64EncodedString()
    return "default-src 'none'; img-src data:; style-src 'sha256-\(digest)'; "
      + "base-uri 'none'; form-action 'none'"
  }()

  /// The whole file.
  package var html: HTML {
    """
    <!DOCTYPE html>
    <html lang="\(language)">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(Self.contentSecurityPolicy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="ftreport \(generatorVersion)">
    \(description.map { "<meta name=\"description\" content=\"\(prose: $0)\">\n" })\
    \(authors.map { "<meta name=\"author\" content=\"\(prose: $0)\">\n" as HTML }.joined())\
    <link rel="icon" href="data:,">
    <title>\(prose: title)</title>
    <style>\(HTML(trusted: PageStyle.css))</style>
    </head>
    <body>
    <a class="skip" href="#page.text">Skip to the text</a>
    <div class="page\(hasContents ? " with-contents" : "" as HTML)">
    \(sideContents)<main id="page.text">
    \(header)\(foldedContents)\(noticeList)\(body)\(provenance?.html)</main>
    </div>
    <footer class="colophon">Made with ftreport \(generatorVersion). Numbers underlined with dots \
    were computed, not typed.</footer>
    </body>
    </html>

    """
  }

  private var hasContents: Bool { (contents?.entries.count ?? 0) >= 3 }

  private var sideContents: HTML {
    guard let contents, hasContents else { return "" }
    return """
      <nav class="contents side" aria-label="Contents">
      <p>Contents</p>
      \(contents.html)
      </nav>

      """
  }

  private var foldedContents: HTML {
    guard let contents, hasContents else { return "" }
    return """
      <nav class="contents folded" aria-label="Contents"><details><summary>Contents</summary>
      \(contents.html)
      </details></nav>

      """
  }

  private var header: HTML {
    let byline = authors + [date].compactMap(\.self)
    let parts = byline.map { "<span>\(prose: $0)</span>" as HTML }.joined(separator: " ")
    return """
      <header class="title">
      <h1>\(prose: title)</h1>
      \(subtitle.map { "<p class=\"subtitle\">\(prose: $0)</p>\n" })\
      \(parts.isEmpty ? "" : "<p class=\"byline\">\(parts)</p>\n" as HTML)</header>

      """
  }

  private var noticeList: HTML {
    notices.map { notice -> HTML in
      let (style, icon): (HTML, Icon) =
        switch notice.severity {
        case .information: ("note", .information)
        case .warning: ("warning", .triangle)
        case .problem: ("caution", .octagon)
        }
      return """
        <div class="notice alert alert-\(style)" role="note">\(icon.html)<p>\(notice.content)</p></div>

        """
    }.joined()
  }
}

/// The headings of a page as links, two levels deep.
struct TableOfContents: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    /// Whether it belongs under the entry before it.
    var isNested: Bool
    package var id: String
    /// Without links of its own.
    var title: HTML

    package init(isNested: Bool, id: String, title: HTML) {
      self.isNested = isNested
      self.id = id
      self.title = title
    }
  }

  package var entries: [Entry]

  package init(entries: [Entry]) {
    self.entries = entries
  }

  package var html: HTML {
    var sections: [(top: Entry, nested: [Entry])] = []
    for entry in entries {
      // A nested entry with nothing above it becomes a top one.
      if entry.isNested, let last = sections.indices.last {
        sections[last].nested.append(entry)
      } else {
        sections.append((entry, []))
      }
    }
    let items = sections.map { section -> HTML in
      let nested = section.nested.map { "<li>\(Self.link($0))</li>\n" as HTML }.joined()
      let list: HTML = nested.isEmpty ? "" : "\n<ol>\n\(nested)</ol>\n"
      return "<li>\(Self.link(section.top))\(list)</li>\n"
    }
    return "<ol>\n\(items.joined())</ol>"
  }

  private static func link(_ entry: Entry) -> HTML {
    "<a href=\"#\(address: entry.id)\">\(entry.title)</a>"
  }
}
