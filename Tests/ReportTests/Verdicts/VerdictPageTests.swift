import Foundation
import Testing

@testable import Experiments
@testable import Plot
@testable import Report

@Suite struct VerdictPageTests {
  private static let rendered = Result {
    let plan = try RenderingSamples.plan(VerdictStudy.source)
    return try RenderingSamples.rendered(
      plan, RenderingSamples.results(plan), cache: BlankPictures())
  }

  @Test("comparisons, references and recommendations are set as recorded")
  func fragments() throws {
    let html = try Self.rendered.get().html
    let start = try #require(html.components(separatedBy: ">Verdicts<").last)
    let text = start.components(separatedBy: "<section class=\"provenance\"")[0]
    let pictures = /data:image\/png;base64,[A-Za-z0-9+\/=]+/
    try Snapshot.check(text.replacing(pictures, with: "data:…"), "verdict-fragments.html")
  }

  @Test("the JSON file carries them with every number")
  func json() throws {
    let text = try Self.rendered.get().json
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let comparisons = try #require(value["comparisons"] as? [[String: Any]])
    #expect(comparisons.map { $0["label"] as? String } == ["cmp-ood", "cmp-joint"])
    let pairs = try #require(comparisons[0]["pairs"] as? [[String: Any]])
    #expect(pairs.count == 3)
    #expect(pairs.allSatisfy { $0["verdict"] is String && $0["contrast"] is [String: Any] })
    let references = try #require(value["references"] as? [[String: Any]])
    #expect((references[0]["numbers"] as? [Any])?.count == 4)
    let recommendations = try #require(value["recommendations"] as? [[String: Any]])
    let choices = try #require(recommendations[0]["choices"] as? [[String: Any]])
    #expect(choices.count == 4)
    #expect(choices.last?["outcome"] as? String == "not above the floor")
  }

  @Test("a report of which nothing has run has them as gaps")
  func nothingRan() throws {
    let plan = try RenderingSamples.plan(VerdictStudy.source)
    let html = try RenderingSamples.rendered(plan, [:], cache: BlankPictures()).html
    #expect(html.contains("No method has all of its runs."))
    #expect(html.contains("nothing is recommended: icl missing: icl at 128 shots, seed 0: not run"))
    // Published numbers are there whatever ran.
    #expect(html.contains("61.5 ± 1.2"))
  }

  @Test("published series of a chart are distinguished in picture, words and data")
  func chart() throws {
    let plan = try RenderingSamples.plan(VerdictStudy.source)
    let frame = ResultFrame(plan: plan, results: RenderingSamples.results(plan))
    let block = try #require(plan.report.blocks(ChartBlock.self).first { $0.label == "fig-ref" })
    let data = FigureBuilder(block, estimates: EstimateTable(frame), experiments: plan.experiments)
      .data()
    let series = data.panels[0].series
    #expect(series.map(\.name) == ["vanilla", "lora", "published: vanilla", "published: lora"])
    // 512 examples lie beyond what was measured.
    #expect(series.map(\.points.count) == [3, 3, 1, 2])
    let chart = data.chart(styles: .init(names: ["vanilla", "lora"]))
    #expect(chart.panels[0].series.map(\.isReference) == [false, false, true, true])
    #expect(chart.panels[0].series.map(\.styleName) == ["vanilla", "lora", "vanilla", "lora"])
    #expect(data.reading.contains("Faint dashed lines are published numbers, not measured here"))
    #expect(data.runWords == "6 seeds")
    #expect(data.grid.rows.count == 9)
  }
}
