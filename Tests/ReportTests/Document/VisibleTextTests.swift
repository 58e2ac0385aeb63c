import Testing

@testable import Formats
@testable import Report

@Suite("Text of others")
struct VisibleTextTests {
  @Test(
    "what a reader does not see is written out",
    arguments: [
      ("a\u{1B}[31mb", "a<U+001B>[31mb"), ("a\u{202E}b", "a<U+202E>b"),
      ("\u{2066}a\u{2069}", "<U+2066>a<U+2069>"), ("a\u{200E}\u{200F}", "a<U+200E><U+200F>"),
      ("a\u{200B}b\u{200D}c", "a<U+200B>b<U+200D>c"), ("\u{9B}2J", "<U+009B>2J"),
      ("\u{7F}\u{0}\u{8}", "<U+007F><U+0000><U+0008>"), ("a\u{E0041}", "a<U+E0041>"),
      ("\u{FEFF}a\u{2028}", "<U+FEFF>a<U+2028>"), ("a\rb", "a<U+000D>b"),
      ("co\u{AD}la", "co<U+00AD>la"),
    ])
  func invisible(text: String, shown: String) {
    #expect(VisibleText.line(text).unicodeScalars.elementsEqual(shown.unicodeScalars))
    #expect(VisibleText.lines(text).unicodeScalars.elementsEqual(shown.unicodeScalars))
  }

  @Test(
    "what a reader sees stays, with what letters and emoji need",
    arguments: [
      "naïve 69.3\u{A0}% − ✓ “x”", "日本語", "e\u{301}", "می\u{200C}خواهم", "👩\u{200D}🔬",
      "❤\u{FE0F}\u{200D}🔥",
    ])
  func visible(text: String) {
    #expect(VisibleText.line(text).unicodeScalars.elementsEqual(text.unicodeScalars))
    #expect(VisibleText.prose(text).unicodeScalars.elementsEqual(text.unicodeScalars))
  }

  @Test("a name is one line, a text has lines, and prose keeps all but what controls")
  func lines() {
    #expect(VisibleText.line("a\n\tb") == "a<U+000A><U+0009>b")
    #expect(VisibleText.lines("a\n\tb") == "a\n\tb")
    #expect(
      VisibleText.prose("co\u{AD}la\u{200B}\n\u{1B}\u{202E}")
        == "co\u{AD}la\u{200B}\n<U+001B><U+202E>")
  }

  @Test("a page shows what others wrote so, and what the author wrote without controls")
  func page() {
    let name = "a\u{202E}\u{200B}<"
    #expect(("\(name)" as HTML).text == "a&lt;U+202E&gt;&lt;U+200B&gt;&lt;")
    #expect(("\(prose: name)" as HTML).text == "a&lt;U+202E&gt;\u{200B}&lt;")
    #expect(("\(address: name)" as HTML).text == "a\u{202E}\u{200B}&lt;")
    #expect(HTML(escaping: name).text == ("\(name)" as HTML).text)
  }

  @Test("a name in a message is no line of its own")
  func messages() {
    let name = "x'\nstudy.md:1:1: error[FT001]: \u{1B}[2Jforged"
    let diagnostic = Diagnostic(
      .unknownTask, at: SourcePosition(file: "a\nb.md", line: 1), "no task '\(name)'", help: name)
    #expect(
      diagnostic.description == """
        a<U+000A>b.md:1:1: error[FT030]: no task 'x'<U+000A>study.md:1:1: error[FT001]: \
        <U+001B>[2Jforged'
          help: x'<U+000A>study.md:1:1: error[FT001]: <U+001B>[2Jforged
        """)
  }
}

@Suite("ASCII syntax in any text")
struct ASCIISyntaxTests {
  @Test(
    "a mark behind a byte does not hide it",
    arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{E33}"]
  )
  func marks(mark: String) {
    let text = "key=\(mark)value,\(mark)rest"
    #expect(text.firstIndex(of: "=") == nil)
    #expect(text.firstIndex(ofByte: "=") != nil)
    #expect(text.split(atByte: ",").map(String.init) == ["key=\(mark)value", "\(mark)rest"])
    #expect(text.starts(withBytes: "key=") && !text.hasPrefix("key="))
    #expect("50%\(mark)".dropping(lastBytes: mark.utf8.count).ends(withBytes: "%"))
    #expect(text.contains(bytes: "=") && !text.contains(bytes: "=="))
  }

  @Test("line ends are two bytes, and canonical equivalents are other bytes")
  func bytes() {
    #expect("a\r\nb".split(atByte: "\n").map(String.init) == ["a\r", "b"])
    #expect("\u{212A}" == "K" && !"\u{212A}".equals(bytes: "K"))
    #expect("\u{212A}İK".lowercasedASCII.utf8.elementsEqual("\u{212A}İk".utf8))
    #expect(" \t a b\t ".trimmingBlanks == "a b")
    #expect("  ".trimmingBlanks.isEmpty && "".trimmingBlanks.isEmpty)
    #expect("aab".range(ofBytes: "ab").map { "aab"[$0] } == "ab")
    #expect("".range(ofBytes: "a") == nil)
  }
}
