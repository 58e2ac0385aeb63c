import Foundation
import Testing

@testable import Formats
@testable import Report

@Suite struct ReferenceTests {
  private func problems(_ body: String) throws -> [String] {
    let report = try RenderingSamples.report(
      SmallStudy.source.replacingOccurrences(of: "See @fig-a and", with: body + " and"))
    return ReferenceCheck.diagnostics(report).map(\.description)
  }

  @Test("references that lead somewhere pass, in prose, captions and claims")
  func resolved() throws {
    let found = try problems("@fig-a @clm-a @exp-small @sec-one")
    #expect(found == [])
  }

  @Test("one that leads nowhere is found at its place, with the closest label")
  func unresolved() throws {
    let found = try problems("See @fig-b, @exp-smal and @sec-two")
    #expect(
      found == [
        "reports/lowres.md:9:5: error[FT020]: nothing is labelled 'fig-b'\n"
          + "  help: did you mean '@fig-a'?",
        "reports/lowres.md:9:13: error[FT020]: nothing is labelled 'exp-smal'\n"
          + "  help: did you mean '@exp-small'?",
        "reports/lowres.md:9:27: error[FT020]: nothing is labelled 'sec-two'\n"
          + "  help: its labels: @sec-one",
      ])
    let unknown = try problems("@tbl-whatever")
    #expect(
      unknown == [
        "reports/lowres.md:9:1: error[FT020]: nothing is labelled 'tbl-whatever'\n"
          + "  help: no label of this report begins with 'tbl-'"
      ])
  }

  @Test("captions are searched, after placeholders too")
  func captions() throws {
    let report = try RenderingSamples.report(
      SmallStudy.source.replacingOccurrences(
        of: "caption: Accuracy.",
        with: "caption: \"At {{small[lora,16].ood.accuracy:pct}}, as @clm-b says.\""))
    #expect(
      ReferenceCheck.diagnostics(report).map(\.description) == [
        "reports/lowres.md:23:54: error[FT020]: nothing is labelled 'clm-b'\n"
          + "  help: did you mean '@clm-a'?"
      ])
  }

  @Test("blocks are numbered within their kind in the order of the document")
  func numbers() throws {
    let table = ReferenceTable(
      try RenderingSamples.report().document, styles: BlockRegistry.standard.references)
    #expect(table.entry(forReference: "fig-pareto")?.text == "Figure 7")
    #expect(table.entry(forReference: "tbl-mem")?.text == "Table 3")
    #expect(table.entry(forReference: "clm-cd")?.text == "Claim 2")
    #expect(table.entry(forReference: "exp-lowres")?.text == "experiment lowres")
    #expect(table.entry(forReference: "sec-brief")?.text == "“Results in brief”")
    #expect(table.entry(forReference: "lowres") == nil)
    #expect(table.entry(ofBlock: "lowres")?.anchor == "exp-lowres")
  }

  @Test("captions keep to running text, whatever Markdown they hold")
  func inlineMarkdown() {
    func text(_ markdown: String) -> String {
      InlineMarkdown.inlines(markdown, file: "r.md").map { inline in
        if case .lineBreak = inline { "/" } else { inline.plainText }
      }.joined()
    }
    #expect(text("--- a **b**") == "--- a b")
    #expect(text("1. one\n2. two") == "one/two")
    #expect(text("# Heading\n\nText") == "Heading/Text")
  }

  @Test(
    "the command for one experiment follows from that for the report",
    arguments: [
      (["build", "r.md", "-P", "a=b"], "scripts/ftreport run r.md low -P a=b"),
      (["build", "r.md", "-P", "a=[2, 8]"], "scripts/ftreport run r.md low -P 'a=[2, 8]'"),
      (["build"], nil), (["build", "-P", "a=b", "r.md"], nil),
    ] as [([String], String?)])
  func command(build: [String], run: String?) {
    #expect(ReproductionCommand(words: build).run("low") == run)
  }
}
