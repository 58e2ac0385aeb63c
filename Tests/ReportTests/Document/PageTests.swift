import Crypto
import Foundation
import Testing

@testable import Report

@Suite("Page")
struct PageTests {
  private static func matches(_ pattern: String, in text: String) throws -> [String] {
    try text.matches(of: Regex(pattern, as: (Substring, Substring).self)).map { String($0.1) }
  }

  @Test("the whole page keeps its recorded HTML")
  func wholePage() throws {
    let html = try DemoPage.page().html.text
    try Snapshot.check(html, "demo-page.html")
    #expect(!html.contains("HTML("), "a piece of HTML was described, not inserted")
  }

  @Test("every id is unique and every link within the page has its target")
  func links() throws {
    let html = try DemoPage.page().html.text
    let ids = try Self.matches(#" id="([^"]*)""#, in: html)
    #expect(Set(ids).count == ids.count)
    let targets = try Self.matches(##"href="#([^"]*)""##, in: html)
    #expect(targets.count > 20)
    #expect(Set(targets).subtracting(ids).isEmpty)
  }

  @Test("tags are balanced")
  func balance() throws {
    let html = try DemoPage.page().html.text
    let void = ["meta", "link", "img", "br", "hr", "input", "source", "path", "!DOCTYPE"]
    var open: [String] = []
    for match in html.matches(of: /<(\/?)([A-Za-z!][A-Za-z0-9]*)[^>]*>/) {
      let name = String(match.2)
      if void.contains(name) { continue }
      if match.1.isEmpty {
        open.append(name)
      } else {
        #expect(open.popLast() == name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test("the page loads nothing, runs nothing, and its policy says so")
  func policy() throws {
    let html = try DemoPage.page().html.text
    let style = try #require(html.firstMatch(of: /<style>((?s).*)<\/style>/)).1
    let digest = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
    #expect(
      html.contains(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
          + "img-src data:; style-src &#39;sha256-\(digest)&#39;; "
          + "base-uri &#39;none&#39;; form-action &#39;none&#39;\">"))
    for banned in ["<script", " style=", "@import", "url(", "src=\"http", "<iframe", "onload"] {
      #expect(!html.contains(banned), "\(banned)")
    }
  }

  @Test("headings start at h2 whatever the source uses, and never pass h6")
  func headingLevels() throws {
    for (source, expected) in [
      ("# A\n## B", ["2", "3"]), ("## A\n### B", ["2", "3"]), ("#### A", ["2"]),
      ("# A\n###### B", ["2", "6"]),
    ] {
      let document = try MarkdownParserTests.parse(source).document
      let html = HTMLRenderer(for: document, in: DemoPage.context).html(of: document).text
      #expect(try Self.matches("<h([1-6])", in: html) == expected)
    }
  }

  @Test("contents nest two levels and hold no links of their own")
  func contents() throws {
    let document = try MarkdownParserTests.parse(
      "## Early\n# A [b](/c)\n## D @sec-setup[^1]\n### E\n# F\n\n[^1]: x"
    ).document
    let contents = HTMLRenderer(for: document, in: DemoPage.context).contents(of: document)
    #expect(
      contents.html.text == """
        <ol>
        <li><a href="#sec-early">Early</a></li>
        <li><a href="#sec-a-b">A b</a>
        <ol>
        <li><a href="#sec-d">D “Set-up”</a></li>
        </ol>
        </li>
        <li><a href="#sec-f">F</a></li>
        </ol>
        """)
  }

  @Test("a link inside a link is plain text, an unknown label is marked")
  func references() throws {
    let document = try MarkdownParserTests.parse("[a @sec-setup](/b) @fig-none").document
    #expect(
      HTMLRenderer(for: document, in: DemoPage.context).html(of: document).text
        == "<p><a href=\"/b\">a “Set-up”</a> "
        + "<span class=\"lost\" title=\"nothing has this label\">@fig-none</span></p>\n")
  }

  @Test("a page of three lines needs no contents")
  func small() {
    let page = Page(title: "T", body: "<p>x</p>\n", generatorVersion: "1").html.text
    #expect(!page.contains("<nav"))
    #expect(!page.contains("class=\"byline\""))
    #expect(page.hasSuffix("</html>\n"))
  }

  @Test("a figure for phones comes before the one for all")
  func narrow() throws {
    let wide = FigureComponent.Picture(light: Data([1]), dark: Data([2]), width: 760, height: 420)
    let phone = FigureComponent.Picture(light: Data([3]), dark: Data([4]), width: 350, height: 400)
    let html = FigureComponent(
      anchor: "fig-a", number: 1, caption: "c", alternative: "a", picture: wide, narrow: phone,
      footer: ResultFooter()
    ).html.text
    #expect(
      try Self.matches("base64,([A-Za-z0-9=]*)", in: html) == ["BA==", "Aw==", "Ag==", "AQ=="])
    #expect(
      html.contains(
        "<img src=\"data:image/png;base64,AQ==\" width=\"760\" height=\"420\" alt=\"a\">"))
  }

  @Test("every text colour passes WCAG AA on the backgrounds it stands on", arguments: [0, 1])
  func contrast(theme: Int) throws {
    let html = try DemoPage.page().html.text
    var themes: [[String: String]] = [[:], [:]]
    for match in html.matches(of: /--([a-z-]+): #([0-9a-f]{6});/) {
      let name = String(match.1)
      themes[themes[0][name] == nil ? 0 : 1][name] = String(match.2)
    }
    let colors = themes[theme]
    #expect(colors["bg"] == ["ffffff", "15181d"][theme])
    let pairs = [
      ("fg", ["bg", "soft", "tint-note", "tint-good", "tint-bad", "tint-warn", "tint-idea"]),
      ("muted", ["bg", "soft"]), ("link", ["bg", "soft", "tint-note", "tint-warn", "tint-bad"]),
      ("note", ["tint-note"]), ("good", ["tint-good", "bg"]), ("bad", ["tint-bad", "bg"]),
      ("warn", ["tint-warn", "bg"]), ("idea", ["tint-idea", "bg"]),
    ]
    for (text, backgrounds) in pairs {
      for background in backgrounds {
        let ratio = try Self.contrast(#require(colors[text]), #require(colors[background]))
        #expect(ratio >= 4.5, "\(text) on \(background): \(ratio)")
      }
    }
  }

  /// Contrast ratio of WCAG 2.2, from relative luminances of sRGB colours.
  private static func contrast(_ a: String, _ b: String) -> Double {
    func luminance(_ hex: String) -> Double {
      let value = Int(hex, radix: 16) ?? 0
      let parts = [16, 8, 0].map { shift -> Double in
        let part = Double(value >> shift & 255) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let (low, high) = (min(luminance(a), luminance(b)), max(luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
  }
}
