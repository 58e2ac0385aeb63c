import Foundation
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite("Diagnostics of a source")
struct SourceDiagnosticTests {
  private static func diagnostics(_ text: String) throws -> [String] {
    try MarkdownParserTests.parse(text).diagnostics.map(\.description)
  }

  @Test(
    "a malformed block header says where and how to write it",
    arguments: [
      (
        "```{chart #fig-a\n```",
        "1:4: error[FT005]: the block header has no closing brace\n"
          + "  help: write it as ```{chart #fig-name}"
      ),
      (
        "```{}\n```",
        "1:5: error[FT005]: the block header names no kind\n"
          + "  help: write the kind before the label, as in ```{chart #fig-name}"
      ),
      (
        "```{#fig-a}\n```",
        "1:5: error[FT005]: the block header names no kind\n"
          + "  help: write the kind before the label, as in ```{chart #fig-name}"
      ),
      (
        "> ```{.swift}\n> ```",
        "1:7: error[FT005]: '.swift' is not a kind of block\n"
          + "  help: a kind is written in lower-case letters and hyphens; plain code needs no braces"
      ),
      (
        "```{chart fig-a}\n```",
        "1:11: error[FT005]: 'fig-a' in a block header is not a label\n"
          + "  help: a label starts with '#', as in #fig-a"
      ),
      (
        "```{chart from=x}\n```",
        "1:11: error[FT005]: 'from=x' in a block header is not a label\n"
          + "  help: options go into the body, one 'key: value' per line"
      ),
      (
        "```{chart #fig--ä}\n```",
        "1:11: error[FT005]: '#fig--ä' is not a label\n"
          + "  help: after '#' come ASCII letters and digits, joined by single '-' or '_'"
      ),
      (
        "```{chart #fig-a #b}\n```",
        "1:18: error[FT005]: '#b' follows the label\n"
          + "  help: a block has one label; options go into the body, one 'key: value' per line"
      ),
      (
        "```{chart #fig-a} x\n```",
        "1:18: error[FT005]: ' x' follows the block header\n"
          + "  help: remove the text after the closing brace"
      ),
      (
        "# H\n\n```{chart #fig-a}\nfrom: x\n\n# Lost",
        "3:1: error[FT005]: the chart block that opens here never ends\n"
          + "  help: close it with a line of the same fence characters"
      ),
      (
        "# H {#intro}",
        "1:7: error[FT005]: 'intro' cannot label a heading\n"
          + "  help: write {#sec-name}, in ASCII letters and digits joined by single '-' or '_'"
      ),
      (
        "---\nx: y\n---\n```{chrat #fig-a}\n```",
        "4:5: error[FT004]: there is no block of kind 'chrat'\n  help: did you mean 'chart'?"
      ),
      (
        "```{video}\n```",
        "1:5: error[FT004]: there is no block of kind 'video'\n"
          + "  help: the kinds are chart, claim, experiment, table"
      ),
      (
        "a `{val}`",
        "1:4: error[FT023]: this value has no expression\n"
          + "  help: write one after {val}, as in `{val} lowres[lora,128].ood.accuracy`"
      ),
      (
        "# A {#sec-a}\n\n## B {#sec-a}",
        "3:8: error[FT006]: the label 'sec-a' is used twice\n"
          + "  help: it was first used at s.md:1:7; references need one target"
      ),
      (
        "- ```{chart #x}\n  ```\n\n```{table #x}\n```",
        "4:11: error[FT006]: the label 'x' is used twice\n"
          + "  help: it was first used at s.md:1:13; references need one target"
      ),
      (
        "see [x](JavaScript:alert(1))",
        "1:5: warning[FT008]: an address of scheme 'javascript' is omitted from the page\n"
          + "  help: link to http, https, mailto or a relative path; a path with a colon begins "
          + "with ./"
      ),
    ])
  func message(source: String, expected: String) throws {
    #expect(try Self.diagnostics(source) == ["s.md:" + expected])
  }

  @Test("all mistakes of a source are reported, in order")
  func all() throws {
    let codes = try MarkdownParserTests.parse(
      "```{a\n```\n`{val}` [x](vbscript:y)\n\n```{chart #a}\n```\n```{chart #a}\n```\n```{cart}\n```"
    )
    .diagnostics.map(\.code.rawValue)
    #expect(codes == ["FT005", "FT023", "FT008", "FT006", "FT004"])
  }

  @Test("braces are only a header at the start of an info string")
  func plainCode() throws {
    for source in ["```swift {chart}\n```", "    ```{chart\n", "`{chart #x`", "```\n{chart\n```"] {
      #expect(try Self.diagnostics(source).isEmpty)
      #expect(try MarkdownParserTests.parse(source).document.embeddedBlocks.isEmpty)
    }
  }

  @Test("front matter is cut out with its place")
  func frontMatter() throws {
    let source = try ReportSource(file: "s.md", text: "---  \ntitle: x\n\nb: y\n...\n# A\n")
    #expect(
      source.frontMatter
        == FrontMatterText(
          yaml: "title: x\n\nb: y\n", position: SourcePosition(file: "s.md", line: 2)))
    #expect(source.bodyLine == 6)
    #expect(source.body == "# A\n")
    for plain in ["", "----\n", " ---\na\n---\n", "text\n---\n"] {
      #expect(try ReportSource(file: "s.md", text: plain).frontMatter == nil)
    }
    let empty = try ReportSource(file: "s.md", text: "---\n---")
    #expect(empty.frontMatter?.yaml == "")
    #expect(empty.body == "")
  }

  @Test(
    "a file that is no text is rejected with the place of the first wrong byte",
    arguments: [
      ([0x61, 0x0A, 0xC3, 0xA4, 0xFF], "2:3", "byte 0xFF is not UTF-8 text"),
      ([0x61, 0x00], "1:2", "byte 0x00 is not UTF-8 text"),
      ([0xE2, 0x82], "1:1", "byte 0xE2 is not UTF-8 text"),
    ] as [([UInt8], String, String)])
  func bytes(bytes: [UInt8], place: String, message: String) {
    let error = #expect(throws: Diagnostic.self) {
      try ReportSource(file: "s.md", bytes: Data(bytes))
    }
    #expect(
      error?.description
        == "s.md:\(place): error[FT001]: \(message)\n  help: save the file as UTF-8")
  }

  @Test("files that cannot be read say why")
  func unreadable() throws {
    let missing = #expect(throws: Diagnostic.self) {
      try ReportSource(contentsOf: URL(fileURLWithPath: "/nowhere/s.md"), file: "s.md")
    }
    #expect(
      missing?.description
        == "s.md:1:1: error[FT001]: there is no such file\n  help: check the path")
    let folder = #expect(throws: Diagnostic.self) {
      try ReportSource(contentsOf: FileManager.default.temporaryDirectory, file: "s")
    }
    #expect(
      folder?.description
        == "s:1:1: error[FT001]: this is a folder\n  help: name a Markdown file in it")
    let open = #expect(throws: Diagnostic.self) {
      try ReportSource(file: "s.md", text: "---\ntitle: x\n\n# A\n")
    }
    #expect(open?.code == .malformedFrontMatter)
  }
}
