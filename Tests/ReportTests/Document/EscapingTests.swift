import Foundation
import Testing

@testable import Report

@Suite("Escaping")
struct EscapingTests {
  private static let hostile = #""'><script>alert(1)</script><img src=x onerror=alert(1)>&"#

  private static func render(_ text: String, allowsRawHTML: Bool = false) throws -> String {
    let document = try MarkdownParserTests.parse(text).document
    var context = RenderContext(
      embedded: { "\($0.yaml)" }, value: { expression, _ in "\(expression)" },
      reference: { label, _ in .init(text: "<\(label)>", href: "#\(label)") })
    context.allowsRawHTML = allowsRawHTML
    return HTMLRenderer(for: document, in: context).html(of: document).text
  }

  private static func isHarmless(_ html: String) -> Bool {
    !html.contains("<script") && !html.contains("<img src=x") && !html.contains("\"&#39;")
  }

  @Test("interpolated text is escaped, interpolated HTML is not")
  func interpolation() {
    let inner: HTML = "<b>\("a<b>&\"'")</b>"
    let none: HTML? = nil
    let outer: HTML = "<p title=\"\("\"")\">\(inner)\(7)\(none)</p>"
    #expect(outer.text == "<p title=\"&quot;\"><b>a&lt;b&gt;&amp;&quot;&#39;</b>7</p>")
    #expect([inner, inner].joined(separator: ", ").text == "\(inner.text), \(inner.text)")
  }

  @Test("an option in code does not break behind its hyphens")
  func options() throws {
    #expect(
      try Self.render("`run x --seed 3 -P n=<2> - -`").contains(
        "<code>run x <span class=\"option-name\">--seed</span> 3 <span class=\"option-name\">-P</span> "
          + "n=&lt;2&gt; - -</code>"))
  }

  @Test(
    "nothing a source says becomes markup",
    arguments: [
      hostile, "# \(hostile)", "`\(hostile)`", "```\n\(hostile)\n```", "``` \(hostile)\nx\n```",
      "[x](</\(hostile.replacing("<", with: "").replacing(">", with: ""))>)",
      "[x](/u '\"><script>')", "![\(hostile)](a.png \"t&quot;><script>\")", "> \(hostile)",
      "- [ ] \(hostile)", "| a |\n|---|\n| \(hostile) |", "x[^1]\n\n[^1]: \(hostile)",
      "`{val} \(hostile)`", "```{chart}\n\(hostile)\n```", "<div>\n\(hostile)\n</div>",
      "&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>", "a <script>b</script>",
      "# x {#sec-\(hostile)}", "@fig-a\(hostile)", "<https://a.b/\"onclick=x>",
    ])
  func markdown(source: String) throws {
    let html = try Self.render(source)
    #expect(Self.isHarmless(html), "\(html)")
  }

  @Test(
    "addresses that could run code lead nowhere",
    arguments: [
      "javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)",
      "javascript&colon;alert(1)", "<java\tscript:alert(1)>", "&#1;javascript:alert(1)",
      "vbscript:x", "data:text/html,x", "data:image/png;base64,x", "file:///etc/passwd", "blob:x",
    ])
  func links(address: String) throws {
    let html = try Self.render("[text](\(address)) ![alt](\(address))")
    #expect(!html.contains("<a "), "\(html)")
    #expect(html.contains("text"))
    #expect(!html.contains("<img") || address.hasPrefix("data:image/png"), "\(html)")
  }

  @Test(
    "ordinary addresses stay",
    arguments: [
      "https://a.b/c?d=e&f#g", "http://a.b", "mailto:a@b.c", "#sec-a", "a/b.html", "/a:b",
      "?q=a:b", "../x", "./a:b",
    ])
  func safe(address: String) throws {
    let html = try Self.render("[x](\(address))")
    #expect(html.contains(" href=\"\(address.replacing("&", with: "&amp;"))\">x</a>"))
  }

  @Test("raw HTML is shown as text unless it is allowed; comments vanish")
  func rawHTML() throws {
    #expect(try Self.render("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n")
    #expect(try Self.render("a <b>c</b>", allowsRawHTML: true) == "<p>a <b>c</b></p>\n")
    #expect(try Self.render("<!-- x -->\n\na<!-- y -->") == "\n<p>a</p>\n")
    #expect(try Self.render("<i>\n", allowsRawHTML: true) == "<i>\n\n")
  }

  @Test("no text given to a page or component becomes markup")
  func components() {
    let bad = Self.hostile
    let grid = TableGrid(
      alignments: [.text, .number], headerRows: [[.init("\(bad)"), .init("\(bad)", span: 2)]],
      rows: [.init([.text("\(bad)"), .value("\(bad)", title: bad), .missing(reason: bad)])])
    let footer = ResultFooter(data: grid, csv: bad, provenance: bad)
    let picture = FigureComponent.Picture(light: Data(), dark: Data(), width: 1, height: 1)
    let parts: [HTML] = [
      FigureComponent(
        anchor: bad, number: 1, caption: "\(bad)", alternative: bad, picture: picture,
        narrow: picture, footer: footer
      ).html,
      TableComponent(
        anchor: bad, number: 1, caption: "\(bad)", grid: grid, notes: ["\(bad)"], footer: footer
      ).html,
      ClaimComponent(
        anchor: bad, number: 1, statement: "\(bad)", verdict: .refuted,
        figures: [.init(bad, bad)], notes: [bad]
      ).html,
      ExperimentComponent(
        anchor: bad, label: bad, summary: [.init(bad, bad)],
        outcome: .init(done: 1, failed: 0, diverged: 0),
        methods: [.init(name: bad, composition: bad, options: [.init(bad, bad)])]
      ).html,
      InlineValue(text: bad, title: bad, isMissing: true).html,
    ]
    let page = Page(
      language: bad, title: bad, subtitle: bad, authors: [bad], date: bad, description: bad,
      contents: TableOfContents(
        entries: (0..<3).map { .init(isNested: $0 == 1, id: bad, title: "\(bad)") }),
      notices: [.init(.warning, "\(bad)")], body: parts.joined(),
      provenance: ProvenanceComponent(
        facts: [.init(bad, bad), .init(bad, bad, isCode: true)], commands: [bad]),
      generatorVersion: bad)
    #expect(Self.isHarmless(page.html.text))
    #expect(page.html.text.components(separatedBy: "&lt;script&gt;").count > 40)
  }
}
