import Foundation
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite struct RenderedReportTests {
  /// The large study, rendered once.
  private static let large = Result {
    let plan = try RenderingSamples.plan()
    return try RenderingSamples.rendered(
      plan, RenderingSamples.results(plan), cache: BlankPictures())
  }

  private func small() throws -> RenderedReport {
    let plan = try RenderingSamples.plan(SmallStudy.source)
    return try RenderingSamples.rendered(plan, SmallStudy.results(plan), cache: BlankPictures())
  }

  @Test("the JSON file of a small study is as recorded, and JSON")
  func json() throws {
    let text = try small().json
    try Snapshot.check(text, "small-report.json")
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(value?["schema"] as? String == "ftreport.report/2")
    #expect((value?["cells"] as? [Any])?.count == 18)
  }

  @Test("the CSV file of a small study is as recorded, with as many fields in every row")
  func csv() throws {
    let text = try small().csv
    try Snapshot.check(text, "small-report.csv")
    let widths = Set(
      text.split(separator: "\r\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).count
      })
    #expect(widths == [ReportCSV.columns.count])
  }

  @Test("the same plan and results give the same bytes, in whatever order results come")
  func deterministic() throws {
    let plan = try RenderingSamples.plan()
    let results = RenderingSamples.results(plan)
    var other: [String: CellResult] = [:]
    other.reserveCapacity(5000)
    for key in results.keys.sorted(by: >) { other[key] = results[key] }
    let again = try RenderingSamples.rendered(plan, other, cache: BlankPictures())
    #expect(try again == Self.large.get())
  }

  @Test("cells, claims and checks are counted, and what has no result is warned of")
  func counts() throws {
    let rendered = try Self.large.get()
    #expect(rendered.failedCells == 1)
    #expect(rendered.divergedCells == 1)
    #expect(rendered.missingCells == 1)
    #expect(rendered.refutedClaims == 0)
    #expect(rendered.failedChecks == 2)
    #expect(rendered.warnedChecks == 10)
    #expect(rendered.diagnostics.map(\.code) == [.missingResult])
    #expect(
      rendered.diagnostics.first?.message.hasPrefix("claim 'clm-lost' was not tested") == true)
  }

  @Test("a report of which nothing has run is a page of gaps")
  func nothingRan() throws {
    let plan = try RenderingSamples.plan()
    let rendered = try RenderingSamples.rendered(plan, [:], cache: BlankPictures())
    #expect(rendered.missingCells == plan.cells.count)
    #expect(rendered.html.contains("Of 218 cells, 218 have not run."))
    #expect(rendered.html.contains("0 of 109 cells done, 109 not run"))
    // Three inline values and a value in a caption, which the figure itself shows, and four claims.
    #expect(rendered.diagnostics.count == 7)
    #expect(rendered.failedChecks == 0)
  }

  @Test("references, captions and inline values are filled in on the page")
  func page() throws {
    let html = try Self.large.get().html
    for part in [
      "see <a class=\"ref\" href=\"#fig-acc\">Figure 1</a>",
      "<a class=\"ref\" href=\"#exp-lowres\">experiment lowres</a>",
      "as <a class=\"ref\" href=\"#clm-lora\">Claim 1</a> says.",
      "<strong>Where the memory goes.</strong> Peak memory",
      "Built with the profile <b>quick</b>",
      "Claims: 1 supported, 2 not tested: both at the floor, 1 not tested: runs missing.",
      "ftreport run reports/lowres.md lowres -P profile=quick",
      "Ada Example (Example Institute)", "<a href=\"lowres.csv\" download>CSV</a>",
      "frozen <b>five sixths of the layers</b>",
      "p (family of 76)", "icl: 4 of 4, 32 of 32, 45 of 256 fitted in the context",
    ] {
      #expect(html.contains(part), "\(part)")
    }
    #expect(!html.contains("{{"))
    #expect(!html.contains("class=\"lost\""))
  }

  @Test(
    "files are named after the source",
    arguments: [("reports/low.res.md", "low.res"), ("a", "a"), ("x/.md", ".md")])
  func name(source: String, expected: String) {
    #expect(ReportRenderer.name(ofSource: source) == expected)
  }
}
