import Foundation
import Testing

@testable import Formats
@testable import Report

@Suite("Addresses")
struct AddressTests {
  /// Addresses that no page may link to, in every way a browser reads them.
  private static let hostile = [
    "javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "tel:1", ":x",
    "javascript%3Aalert(1)", "%6Aavascript:alert(1)", "//host/x", #"\\host\x"#, #"/\host"#,
    #"\/host"#,
  ]
  /// What joins the character before it, or shows nothing at all.
  private static let joined = [
    "\u{301}", "\u{E33}", "\u{200D}", "\u{200B}", "\u{200C}", "\u{FE0F}", "\u{20DD}", "\u{1F3FB}",
    "\u{2060}", "\u{202E}", "\u{338}",
  ]

  /// The text with something put before each of its scalars and behind the last.
  private static func insertions(of piece: String, into text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    return (0...scalars.count).map { index in
      var result = String.UnicodeScalarView()
      result.append(contentsOf: scalars[..<index])
      result.append(contentsOf: piece.unicodeScalars)
      result.append(contentsOf: scalars[index...])
      return String(result)
    }
  }

  private static func render(_ text: String) throws -> String {
    let document = try MarkdownParserTests.parse(text).document
    let context = RenderContext(
      embedded: { _ in "" }, value: { _, _ in "" }, reference: { _, _ in nil })
    return HTMLRenderer(for: document, in: context).html(of: document).text
  }

  @Test("tabs and line ends count nowhere, controls and spaces not at the ends", arguments: hostile)
  func dropped(address: String) {
    for piece in ["\t", "\n", "\r", "\r\n", "\t\n\t"] {
      for text in Self.insertions(of: piece, into: address) {
        #expect(!Address(text).isLink, "\(text.debugDescription)")
      }
    }
    for piece in (0...0x20).compactMap(Unicode.Scalar.init).map(String.init) {
      #expect(!Address(piece + address).isLink, "\((piece + address).debugDescription)")
      #expect(!Address(address + piece).isLink)
    }
  }

  @Test("a scheme is one in any case", arguments: hostile)
  func cases(address: String) {
    for index in address.indices {
      let text =
        address[..<index] + address[index].uppercased() + address[address.index(after: index)...]
      #expect(!Address(String(text)).isLink, "\(text)")
    }
    #expect(!Address(address.uppercased()).isLink)
  }

  @Test(
    "no character hides a colon or a slash before it",
    arguments: hostile.filter { !$0.contains("%3A") })
  func hidden(address: String) throws {
    for piece in Self.joined {
      for (index, text) in Self.insertions(of: piece, into: address).enumerated() {
        // Before the second slash, a path of this host is what is left.
        let isPath = #"/\"#.contains(address.first ?? " ") && index < 2
        #expect(Address(text).isLink == isPath, "\(text.debugDescription)")
        let html = try Self.render("[x](\(text.replacing("\\", with: "\\\\")))")
        #expect(isPath || !html.contains("<a "), "\(html)")
      }
    }
  }

  @Test("what a browser drops is not written into the page")
  func written() throws {
    #expect(Address(" ht\ntp://a.b/\t ").text == "http://a.b/")
    #expect(Address("\u{1}a b\u{2}").text == "a b")
    #expect(try Self.render("[x](<a\tb>)") == "<p><a href=\"ab\">x</a></p>\n")
  }

  @Test(
    "what is left out is a warning at its place",
    arguments: [
      ("javascript:\u{E33}x", "of scheme 'javascript'"),
      ("//host", "of another host without a scheme"),
      ("data:text/html,x", "of scheme 'data'"), ("java%3Ax", "of scheme 'java'"),
    ])
  func warned(address: String, words: String) throws {
    let diagnostics = try MarkdownParserTests.parse("a [x](\(address))").diagnostics
    #expect(
      diagnostics.map(\.description) == [
        """
        s.md:1:3: warning[FT008]: an address \(words) is omitted from the page
          help: link to http, https, mailto or a relative path; a path with a colon begins with ./
        """
      ])
  }

  @Test("pictures are named by a path, or are data")
  func pictures() {
    for address in [
      "a.png", "data:image/png;base64,x", " DATA:image/svg+xml,x", "https://a.b/c.png",
    ] {
      #expect(Address(address).isPicture)
    }
    for address in [
      "data:text/html,x", "data:,x", "javascript:x", "//a.b/c.png", "mailto:a@b.c", "file:a.png",
    ] {
      #expect(!Address(address).isPicture)
    }
  }

  @Test("the address of a file beside the page is a path, whatever the file is called")
  func files() {
    for name in ["a b.csv", "a:b.csv", "//x.csv", "ü%41.csv", "a?b#c.csv", "\u{202E}.csv"] {
      let address = Address.ofFile(name)
      #expect(Address(address).kind == .relative)
      let path = address.hasPrefix("./") ? String(address.dropFirst(2)) : address
      #expect(path.removingPercentEncoding == name)
      #expect(address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
    #expect(Address.ofFile("small-report.csv") == "small-report.csv")
  }
}
