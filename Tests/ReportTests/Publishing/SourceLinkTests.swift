import Experiments
import Formats
import Foundation
import TestSupport
import Testing

@testable import Report

@Suite("Links of a source")
struct SourceLinkTests {
  private let folder: PlanningFolder

  init() throws {
    folder = try PlanningFolder()
    try folder.files.write(
      "---\ntitle: Other\n---\n# Two words {#sec-here}\n\n# Plain one\n", to: "other.md")
    try folder.files.write("---\ntitle: Deep\n---\n", to: "sub/deep one.md")
    try folder.files.write("no front matter", to: "notes.md")
    try folder.files.write("a,b\n", to: "extra/my table.csv")
    try folder.files.write("secret", to: ".env")
  }

  private func report(_ link: String) throws -> ReportPlan? {
    try folder.planning(Self.source(link)).plan
  }

  private static func source(_ link: String) -> String {
    "---\ntitle: T\n---\n# First heading\n\nSee [this](\(link)) here.\n"
  }

  @Test(
    "a link becomes one that works beside the page, wherever the page is",
    arguments: [
      ("other.md", "other.html"), ("./other.md", "other.html"),
      ("other.md#sec-here", "other.html#sec-here"),
      ("other.md#plain-one", "other.html#sec-plain-one"),
      ("sub/deep%20one.md", "deep%20one.html"),
      ("study.md#first-heading", "study.html#sec-first-heading"),
      ("#first-heading", "#sec-first-heading"), ("#sec-first-heading", "#sec-first-heading"),
      ("notes.md", "notes.md"), ("extra/my%20table.csv", "extra/my%20table.csv"),
      ("sub/../extra/my%20table.csv?raw=1#row", "extra/my%20table.csv?raw=1#row"),
      ("study.csv", "study.csv"), ("study.json#cells", "study.json#cells"),
      ("https://example.org/x.md", "https://example.org/x.md"), ("#", "#"),
    ])
  func address(written: String, expected: String) throws {
    let plan = try #require(try report(written))
    let workspace = Workspace(
      source: folder.files.file("study.md"), currentFolder: folder.files.url)
    let links = SourceLinks(of: plan.report, in: workspace)
    #expect(links.address(of: written) == expected)
    let page = try ReportRenderer(
      plan: plan, results: [:], generatorVersion: "1", command: [], link: links.address(of:)
    ).rendered().html
    #expect(page.contains(" href=\"\(HTML(escaping: expected).text)\">this</a>"))
  }

  @Test("linked files go along, other sources do not")
  func files() throws {
    let text =
      "---\ntitle: T\n---\n[a](notes.md) [b](other.md) [c](extra/my%20table.csv) [d](notes.md)\n"
    let plan = try folder.plan(text)
    let workspace = Workspace(
      source: folder.files.file("study.md"), currentFolder: folder.files.url)
    let links = SourceLinks(of: plan.report, in: workspace)
    #expect(links.files.map(\.path) == ["extra/my table.csv", "notes.md"])
    #expect(links.pages == ["other"])
  }

  @Test(
    "a link that leads nowhere is a mistake at its place",
    arguments: [
      ("othr.md", "the link 'othr.md' leads to no file", "did you mean 'other.md'?"),
      (
        "extra/my%20tabel.csv", "the link 'extra/my%20tabel.csv' leads to no file",
        "did you mean 'extra/my table.csv'?"
      ),
      (
        "other.md#sec-her", "nothing of 'other.md' is labelled 'sec-her'",
        "did you mean '#sec-here'?"
      ),
      (
        "#sec-frist-heading", "nothing of this page is labelled 'sec-frist-heading'",
        "did you mean '#sec-first-heading'?"
      ),
      ("../elsewhere.csv", "the link '../elsewhere.csv' leads to no file", nil),
      ("extra", "the link 'extra' leads to a folder", "link to a file in it"),
      (".env", "the link '.env' leads to a hidden file, which is never published", nil),
      (
        "/data/x.csv",
        "the link '/data/x.csv' begins at the root, which is another place on every site", nil
      ),
    ] as [(String, String, String?)])
  func mistakes(written: String, message: String, help: String?) throws {
    let planning = try folder.planning(Self.source(written))
    #expect(planning.plan == nil)
    let found = try #require(planning.diagnostics.first)
    #expect(found.code == .deadLink)
    #expect("\(found.position)" == "study.md:6:5")
    #expect(found.message == message)
    if let help { #expect(found.help == help) }
  }

  @Test("a symbolic link and a path with '..' do not lead out of the source's folder")
  func outside() throws {
    let outside = try TemporaryFolder()
    try outside.write("x", to: "x.csv")
    try FileManager.default.createSymbolicLink(
      at: folder.files.file("link.csv"), withDestinationURL: outside.file("x.csv"))
    for link in ["link.csv", "../\(outside.url.lastPathComponent)/x.csv"] {
      let found = try folder.planning(Self.source(link)).diagnostics
      #expect(found.map(\.code) == [.deadLink])
      #expect(found.first?.message.contains("leads out of the source's folder") == true)
    }
  }

  @Test("links of captions are checked too")
  func captions() throws {
    let found = try folder.planning(
      PlanningSamples.study + """
        ```{chart #fig-a}
        from: first
        y: ood.accuracy
        caption: Made of [these](lost.csv).
        ```

        """
    ).diagnostics
    #expect(found.map(\.code) == [.deadLink])
    #expect(found.first.map { "\($0.position)" } == "study.md:21:10")
  }
}
