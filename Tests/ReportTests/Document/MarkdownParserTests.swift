import Testing

@testable import Formats
@testable import Report

@Suite("Markdown parser")
struct MarkdownParserTests {
  static let parser = MarkdownParser(kinds: ["experiment", "chart", "table", "claim"])

  static func parse(_ text: String) throws -> MarkdownParser.Result {
    parser.parse(try ReportSource(file: "s.md", text: text))
  }

  static func tree(_ text: String) throws -> String {
    TreeText(try parse(text).document).text
  }

  @Test("a document with every construct keeps its recorded tree")
  func everything() throws {
    let result = try Self.parse(DemoStudy.constructs)
    #expect(result.diagnostics.isEmpty)
    try Snapshot.check(TreeText(result.document).text, "constructs-tree.txt")
  }

  @Test(
    "CommonMark's corners parse as in GitHub",
    arguments: [
      ("", ""),
      ("\n\n", ""),
      ("Foo\nbar\n===", "h1 #sec-foo-bar @1:1\n  text \"Foo\"\n  soft break\n  text \"bar\"\n"),
      ("***", "rule\n"),
      ("    code\n", "code - \"code\\n\"\n"),
      ("````\n```{chart}\n````", "code - \"```{chart}\\n\"\n"),
      ("~~~ swift extra\nx\n~~~", "code swift \"x\\n\"\n"),
      ("a\\\nb", "paragraph\n  text \"a\"\n  line break\n  text \"b\"\n"),
      ("&lt;b&gt; &copy;", "paragraph\n  text \"<b> ©\"\n"),
      ("3) x", "list from 3 tight\n  item\n    paragraph\n      text \"x\"\n"),
      ("[a]\n\n[a]: /u 't'", "paragraph\n  link /u \"t\"\n    text \"a\"\n"),
      (
        "www.example.org",
        "paragraph\n  link http://www.example.org\n    text \"www.example.org\"\n"
      ),
      ("> [!note]\n> x", "alert note\n  paragraph\n    text \"x\"\n"),
      ("> [!NOTE]\n>\n> x", "alert note\n  paragraph\n    text \"x\"\n"),
      ("> [!NOTE] x", "quote\n  paragraph\n    text \"[!NOTE] x\"\n"),
      (
        "> [!OTHER]\n> x",
        "quote\n  paragraph\n    text \"[!OTHER]\"\n    soft break\n    text \"x\"\n"
      ),
      ("a[^1]", "paragraph\n  text \"a[^1]\"\n"),
      ("a_b_c ~~d~~", "paragraph\n  text \"a_b_c \"\n  strikethrough\n    text \"d\"\n"),
    ])
  func corners(source: String, tree: String) throws {
    #expect(try Self.tree(source) == tree)
  }

  @Test("line ends of any system and a byte order mark change nothing")
  func lineEnds() throws {
    let source = "---\ntitle: x\n---\n# A\n\n```{chart #fig-a}\nfrom: x\n\ny: z\n```\n\n- @fig-a\n"
    let expected = try Self.tree(source)
    for end in ["\r\n", "\r"] {
      #expect(try Self.tree(source.replacing("\n", with: end)) == expected)
    }
    #expect(try Self.tree("\u{FEFF}" + source) == expected)
  }

  @Test("headings get ids that never collide")
  func headingIds() throws {
    let source = """
      # Results
      # Results
      # Results {#sec-results-2}
      # §1 LoRA's `rank` & ünïcode!
      # '' a ''
      # ***
      # 结果
      """
    #expect(
      try Self.parse(source).document.headings.map(\.id) == [
        "sec-results", "sec-results-3", "sec-results-2", "sec-1-loras-rank-ünïcode", "sec-a",
        "sec-section", "sec-结果",
      ])
  }

  @Test("a heading's label is not part of its text")
  func headingLabel() throws {
    #expect(
      try Self.tree("## *Why* it works {#sec-why}") == """
        h2 #sec-why @1:1
          emphasis
            text "Why"
          text " it works"

        """)
  }

  @Test("nesting without end is rejected, not followed into a crash")
  func depth() throws {
    for unit in ["> ", "- ", "*a **b "] {
      let result = try Self.parse(String(repeating: unit, count: 5000) + "x")
      #expect(result.diagnostics.count { $0.code == .nestingTooDeep } <= 1)
    }
    let quotes = try Self.parse(String(repeating: ">", count: 200) + " x")
    #expect(quotes.diagnostics.map(\.code) == [.nestingTooDeep])
  }

  @Test("parsing on many tasks at once gives the same tree")
  func concurrent() async throws {
    let expected = try Self.tree(DemoStudy.constructs)
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try Self.tree(DemoStudy.constructs) } }
      for try await tree in group { #expect(tree == expected) }
    }
  }
}
