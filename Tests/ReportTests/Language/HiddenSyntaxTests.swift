import Formats
import Foundation
import Testing

@testable import Experiments
@testable import Report

/// A mark that joins the byte before it, for each place where that byte decides something.
@Suite("Marks hide no syntax")
struct HiddenSyntaxTests {
  private static let mark = "\u{301}"

  private static func inlines(_ text: String) throws -> [DocumentInline] {
    guard case .paragraph(let content) = try MarkdownParserTests.parse(text).document.blocks.first
    else { return [] }
    return content
  }

  @Test("in a CSV file")
  func csv() {
    #expect(
      CSVLines.fields(["a\"\(Self.mark)b", "c,\(Self.mark)d", "e"]).elementsEqual(
        "\"a\"\"\(Self.mark)b\",\"c,\(Self.mark)d\",e".utf8))
  }

  @Test("in a command for a shell")
  func shell() {
    let command = ReproductionCommand(words: ["build", "a'\(Self.mark);rm"])
    #expect(command.build.utf8.elementsEqual("scripts/ftreport build 'a'\\''\(Self.mark);rm'".utf8))
    #expect(ReproductionCommand(words: ["build", "-\(Self.mark)x"]).run("a") == nil)
  }

  @Test("in running text")
  func prose() throws {
    guard
      case .reference(let label, _) = try Self.inlines("See @fig-a\(Self.mark).").dropFirst().first
    else {
      Issue.record("no reference")
      return
    }
    #expect(label == "fig-a")
    #expect(
      try Self.inlines("See @\(Self.mark)fig-a.").allSatisfy {
        if case .text = $0 { true } else { false }
      })
    guard case .value(let expression, _) = try Self.inlines("`{val} \(Self.mark)x`").first else {
      Issue.record("no value")
      return
    }
    #expect(expression.utf8.elementsEqual("\(Self.mark)x".utf8))
    let headings = try MarkdownParserTests.parse("# a \(Self.mark){#sec-b}").document.headings
    #expect(headings.map(\.id) == ["sec-b"])
    let comment = try MarkdownParserTests.parse("<!--\(Self.mark) x -->").document
    let context = RenderContext(
      embedded: { _ in "" }, value: { _, _ in "" }, reference: { _, _ in nil })
    #expect(HTMLRenderer(for: comment, in: context).html(of: comment).text == "\n")
  }

  @Test("in parameters")
  func parameters() throws {
    let held = try LanguageSamples.frontMatter("title: a\nparams: {x: 'a {{\(Self.mark)b'}", [])
    #expect(held.diagnostics.first?.contains("the parameter 'x' cannot contain '{{'") == true)
    var overrides = ParameterOverrides()
    try overrides.add(assignment: "x=\(Self.mark)y")
    #expect(overrides.all.map(\.name) == ["x"])
  }

  @Test("in amounts, metrics and numbers")
  func numbers() {
    #expect(Quantity.read("1 KiB\(Self.mark)", units: Quantity.byteUnits) == nil)
    #expect(Quantity.read("1 \u{212A}iB", units: Quantity.byteUnits) == nil)
    #expect(Quantity.read("1\u{A0}KiB", units: Quantity.byteUnits) == 1024)
    #expect(MetricPath("ood.\(Self.mark)accuracy") == nil)
    #expect(PublishedFigure("61%\(Self.mark)") == nil)
    #expect(ValueFormat(".2\(Self.mark)") == nil)
    #expect(ValueFormat("pct±")?.showsSpread == true)
  }

  @Test("in a task's pattern")
  func patterns() throws {
    let task = try TaskFile.read(
      """
      labels: [bad, good]
      fields: [text]
      files: {train: train.csv, ood: train.csv}
      patterns: {ask: "{text}\(Self.mark) ?"}
      """, file: "mine.yml")
    #expect(try task.pattern().text(for: ["x"]).utf8.elementsEqual("x\(Self.mark) ?".utf8))
  }
}
