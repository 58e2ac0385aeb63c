import Foundation
import Testing

@testable import Report

@Suite("Paper") struct PaperTests {
  @Test(
    "a link to a neighbour is text on paper, any other link stays",
    arguments: [
      ("<a href=\"low.csv\" download>CSV</a>", "<a download>CSV</a>"),
      ("<a class=\"x\" href=\"other.html#a\">b</a>", "<a class=\"x\">b</a>"),
      ("<p><a href=\"#fig\">1</a> é", "<p><a href=\"#fig\">1</a> é"),
      (
        "<a href=\"https://a.org/b\">c</a><a id=\"d\">e</a>",
        "<a href=\"https://a.org/b\">c</a><a id=\"d\">e</a>"
      ),
      ("<a href=\"mailto:a@b.c\">c</a><a", "<a href=\"mailto:a@b.c\">c</a><a"),
    ])
  func links(html: String, expected: String) {
    #expect(PaperPrinter.withoutRelativeLinks(html) == expected)
  }

  @Test("the time of printing is not in a PDF, and its length stays")
  func time() {
    let pdf = Data(
      "%PDF /CreationDate (D:20261128142027+00'00')\n/ModDate (D:20261128142028) x".utf8)
    #expect(
      PaperPrinter.withoutTime(pdf)
        == Data("%PDF /CreationDate (D:19700101000000+00'00')\n/ModDate (D:19700101000000) x".utf8))
    for text in ["/ModDate (D:2026", "/ModDate (D:20261128x42028)"] {
      #expect(PaperPrinter.withoutTime(Data(text.utf8)) == Data(text.utf8))
    }
  }

  @Test("parts of a PDF are numbered from 1, in their order and with the length they had")
  func nodeNumbers() {
    let pdf = "/ID (node00000136) (node00000371)\n(node00000135) (node0x) (node"
    #expect(
      PaperPrinter.withoutNodeNumbers(Data(pdf.utf8))
        == Data("/ID (node00000002) (node00000003)\n(node00000001) (node0x) (node".utf8))
  }

  @Test(
    "the address of a place elsewhere is printed at its first link, unless the link's text is it")
  func targets() throws {
    let source = try ReportSource(
      file: "a.md",
      text: """
        [One](https://a.org/1), [again](https://a.org/1) and <https://a.org/2>.[^n]

        [Here](#x) and [mail](mailto:a@b.c).

        [^n]: [Two](https://a.org/2), [one](https://a.org/1), [three](http://a.org/3).
        """)
    let document = MarkdownParser(kinds: []).parse(source).document
    let html = HTMLRenderer(for: document, in: DemoPage.context).html(of: document).text
    let printed = html.matches(of: /class="target" href="([^"]*)"/).map { String($0.1) }
    #expect(printed == ["https://a.org/1", "http://a.org/3"])
  }

  static let canPrint = (try? PaperPrinter()) != nil && tool("pdftotext") != nil

  private static func tool(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: "\($0)/\(name)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  @Test(
    "a printed page has every word of the page, and none beyond the margin",
    .enabled(if: canPrint, "Chromium or pdftotext is not installed"),
    arguments: ["A4", "Letter"])
  func words(size: String) throws {
    let page = try DemoPage.page().html.text
    // The policy names the style's hash, which a chosen size of paper changes.
    let sized = page.replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
      .replacingOccurrences(of: "</style>", with: "@page { size: \(size); }</style>")
    let files = FileManager.default.temporaryDirectory.appendingPathComponent(
      "paper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: files) }
    let pdf = try PaperPrinter().pdf(of: sized)
    #expect(pdf.range(of: Data("ftreport-print".utf8)) == nil)
    #expect(try PaperPrinter().pdf(of: sized) == pdf)
    let (paper, boxes) = (
      files.appendingPathComponent("a.pdf"), files.appendingPathComponent("a.html")
    )
    try pdf.write(to: paper)
    let process = Process()
    let reader: URL = try #require(Self.tool("pdftotext"))
    process.executableURL = reader
    process.arguments = ["-bbox", paper.path, boxes.path]
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: boxes, encoding: .utf8)

    let width = try #require(text.firstMatch(of: /page width="([0-9.]+)"/).flatMap { Double($0.1) })
    #expect(abs(width - (size == "A4" ? 595 : 612)) < 1)
    let words = text.matches(of: /xMax="([0-9.]+)" yMax="[0-9.]+">([^<]*)</)
    #expect(words.count > 300)
    for word in words {
      #expect((Double(word.1) ?? .infinity) <= width - 36, "'\(word.2)' is cut off")
    }
    let printed = Self.tokens(words.map { String($0.2) }.joined(separator: " "))
    let missing = Self.tokens(Self.body(of: page)).subtracting(printed)
    #expect(missing.isEmpty)
  }

  /// The text of a page's body that paper shows.
  private static func body(of page: String) -> String {
    var html = page.replacing(/(?s)^.*<main[^>]*>/, with: "").replacing(/(?s)<\/main>.*$/, with: "")
    for hidden in [
      /(?s)<nav.*?<\/nav>/, /(?s)<div class="footer">.*?<\/div>\n<\/figure>/,
      /(?s)<summary.*?<\/summary>/, /(?s)<a class="(?:anchor|back)".*?<\/a>/,
      /(?s)<span class="unseen".*?<\/span>/,
    ] {
      html = html.replacing(hidden, with: " ")
    }
    return html.replacing(/<[^>]*>/, with: " ")
  }

  /// Words in letters and digits; a line may break anywhere else, and in long ones.
  private static func tokens(_ text: String) -> Set<String> {
    let plain = [("&#39;", "'"), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\"")]
      .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    return Set(
      plain.split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count < 20 })
  }
}
