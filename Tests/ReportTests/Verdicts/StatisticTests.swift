import Foundation
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Runs that came to nothing, and statistics that they move less than the mean.
@Suite("Failed runs and statistics") struct StatisticTests {
  /// Six seeds, of which two are at the majority class and one diverged.
  private static func entries() -> [ExperimentResults.Entry] {
    [0.7, 0.8, 0.6, 0.55, 0.9, 0.9].enumerated().map { seed, accuracy in
      var result = ResultSamples.result(
        accuracy: accuracy, status: seed == 5 ? .diverged(step: 3) : .succeeded)
      result.key = "\(seed)"
      result.evaluations[0].metrics["majority"] = 0.6
      result.evaluations[0].metrics["chance"] = 0.5
      return ExperimentResults.Entry(method: "a", shots: 128, seed: seed, result: result)
    }
  }

  private static let frame = ResultSamples.frame(
    methods: ["a"], shots: [128], seeds: Array(0..<6), entries())

  @Test("a run has failed if it has no result, or trained and is at the commonest class or below")
  func failures() throws {
    let results = Self.entries().compactMap(\.result)
    let all = try #require(RunFailures(results, on: "ood"))
    #expect(all.failed == 3 && all.runs == 6)
    #expect(all.words == "3 of 6 runs failed")
    #expect(RunFailures(Array(results.prefix(2)), on: "ood")?.words == nil)
    #expect(RunFailures([], on: "ood") == nil)
    // A run that trains nothing cannot fail to learn.
    var prompted = results[3]
    prompted.training = nil
    #expect(RunFailures([prompted], on: "ood")?.failed == 0)
    // Where all are low, no single run is at fault.
    let low = try #require(RunFailures([results[2], results[3]], on: "ood"))
    #expect(low.failed == 2 && low.words == nil)
    // What counts is what it learned, not how far that carries.
    var near = results[0].evaluations[0]
    near.set = "in-domain"
    var far = results[3]
    far.evaluations.append(near)
    #expect(RunFailures([far], on: "ood")?.failed == 0)
    // One run that counts for several seeds counts once.
    #expect(RunFailures([results[0], results[0]], on: "ood")?.runs == 1)
  }

  @Test(
    "median and interquartile mean are functions of expressions",
    arguments: [
      ("median(e.ood.accuracy)", 0.7), ("iqm(e.ood.accuracy)", 0.7),
      ("iqm(e.ood.accuracy) - mean(e.ood.accuracy)", 0.7 - 0.71),
    ])
  func expressions(written: String, value: Double) throws {
    let evaluated = try ResultSamples.value(written).expression.evaluated(in: Self.frame)
    guard case .number(let found?) = evaluated.value else {
      Issue.record("\(written) has no value")
      return
    }
    #expect(abs(found - value) < 1e-15)
  }

  @Test("the tooltip of a mean says how many runs failed")
  func tooltip() throws {
    let rendered = try ResultSamples.value("e.ood.accuracy").rendered(in: Self.frame)
    #expect(rendered.tooltip.contains(", 3 of 6 runs failed; missing: a at 128 shots, seed 5"))
    let single = try ResultSamples.value("e[seed=0].ood.accuracy").rendered(in: Self.frame)
    #expect(!single.tooltip.contains("failed"))
  }

  @Test("estimates by another statistic have its value and no interval")
  func estimates() throws {
    let table = EstimateTable(Self.frame)
    let metric = try #require(MetricPath("ood.accuracy"))
    let mean = table.estimate(metric, of: "a", shots: 128, in: "e")
    #expect(mean.center == mean.mean)
    let median = table.estimate(metric, of: "a", shots: 128, in: "e", by: .median)
    #expect(median.center == 0.7 && median.interval == nil)
    #expect(median.mean == mean.mean && median.failures == mean.failures)
    #expect(table.asked.count == 1)
  }

  @Test("a spread goes with the mean only", arguments: ["table", "chart"])
  func spread(kind: String) throws {
    let text = RenderingSamples.source.components(separatedBy: "```{chart #fig-acc}")[0]
      .replacingOccurrences(of: "@fig-acc, @tbl-acc and @clm-lora", with: "below")
    let label = kind == "table" ? "tbl-x" : "fig-x"
    let block =
      "```{\(kind) #\(label)}\nfrom: lowres\ny: ood.accuracy\ncaption: X.\nstatistic: iqm\n"
      + "format: pct±\n```\n"
    let reading = ReportReader(overrides: ParameterOverrides())
      .read(try ReportSource(file: "study.md", text: text + block))
    #expect(
      reading.diagnostics.map(\.message) == [
        "a standard deviation is one around the mean, not around the interquartile mean"
      ])
  }
}
