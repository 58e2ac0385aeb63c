import Experiments
import Foundation
import TestSupport
import Testing

@testable import Report

@Suite("Paths of this machine")
struct LocalPathTests {
  private let paths = LocalPaths(
    folders: ["/home/ada/study/reports", "/home/ada/study/"],
    paths: ["/data/opt-125m", "/mnt/a \"b\" & c", "/home/ada", "relative/path", "/"])

  @Test(
    "a path is shown relative to the source's or the current folder, another by its last component",
    arguments: [
      ("model=/home/ada/study/models/opt", "model=models/opt"),
      ("/home/ada/study/reports/low.md", "low.md"),
      ("'/data/opt-125m/config.json'", "'opt-125m/config.json'"),
      ("in /home/ada/study, below", "in study, below"), ("/home/ada/other", "ada/other"),
      ("/data/opt-125m-large", "/data/opt-125m-large"), ("x/data/opt-125m", "x/data/opt-125m"),
      ("https://a.org/data/opt-125m", "https://a.org/data/opt-125m"),
      ("<b>x</b> a/b /usr/bin", "<b>x</b> a/b /usr/bin"),
    ])
  func shown(text: String, expected: String) {
    #expect(paths.removed(from: text, .csv) == expected)
  }

  @Test("paths are found as each kind of file writes them")
  func notations() {
    #expect(paths.removed(from: "/mnt/a &quot;b&quot; &amp; c", .html) == "a &quot;b&quot; &amp; c")
    #expect(paths.removed(from: "\"/mnt/a \\\"b\\\" & c\"", .json) == "\"a \\\"b\\\" & c\"")
    #expect(paths.removed(from: "\"/mnt/a \"\"b\"\" & c\"", .csv) == "\"a \"\"b\"\" & c\"")
  }

  @Test("base 64 and closing tags are left alone")
  func pictures() {
    let paths = LocalPaths(folders: ["/code"], paths: ["/ab"])
    let text = "<code>x</code><img src=\"data:image/png;base64,aa/ab/ab==\">"
    #expect(paths.removed(from: text, .html) == text)
  }

  @Test("no parameter, prose or reason puts a path into a page, its JSON or its CSV")
  func files() throws {
    let folder = try PlanningFolder()
    let model = folder.files.file("model").path
    let plan = try folder.plan(
      """
      ---
      title: A study
      params: {model: model, place: data}
      defaults: {model: "{{params.model}}", data: "{{params.place}}"}
      ---

      The model is {{params.model}}.

      \(PlanningSamples.block.replacing("\"{{params.rate}}\"", with: "1.0e-3"))
      """, parameters: ["model=\(model)", "place=\(folder.files.file("data").path)"])
    let key = try #require(plan.cells.last?.cell.key)
    let reason = "\(model)/model.safetensors changed after the build was planned"
    let workspace = Workspace(
      source: folder.files.file("study.md"), currentFolder: folder.files.url)
    let report = try ReportMaker(workspace: workspace, version: "1").product(
      of: plan, results: [key: CellResult(key: key, status: .failed(reason: reason))],
      command: ["build", folder.files.file("study.md").path, "-P", "model=\(model)"]
    ).report
    for text in [report.html, report.json, report.csv] {
      #expect(!text.contains(folder.files.url.path))
    }
    #expect(report.html.contains("The model is model."))
    #expect(report.html.contains("scripts/ftreport build study.md -P model=model"))
    #expect(report.html.contains("model/model.safetensors changed after"))
    #expect(report.json.contains("\"place\": \"data\""))
  }
}
