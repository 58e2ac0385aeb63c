import Foundation
import Synchronization
import Testing

@testable import Experiments
@testable import Plot
@testable import Report

@Suite struct FigureTests {
  /// The figures of the large study by label, made once.
  private static let large = Result { try figures(RenderingSamples.results) }

  private static func figures(
    _ results: (ReportPlan) -> [String: CellResult]
  ) throws -> [(label: String, data: FigureData)] {
    let plan = try RenderingSamples.plan()
    let estimates = EstimateTable(ResultFrame(plan: plan, results: results(plan)))
    return plan.report.blocks(ChartBlock.self).map {
      ($0.label, FigureBuilder($0, estimates: estimates, experiments: plan.experiments).data())
    }
  }

  @Test("alternative texts and reading aids are as recorded, and short enough to listen to")
  func texts() throws {
    let figures = try Self.large.get()
    let text = figures.map { "\($0.label)\n\($0.data.alternative)\n\($0.data.reading)\n" }
    try Snapshot.check(text.joined(separator: "\n"), "figure-texts.txt")
    for figure in figures {
      #expect(figure.data.alternative.count <= 600, "\(figure.label)")
    }
  }

  @Test("charts of every kind are as recorded")
  func charts() throws {
    let styles = StyleBook(names: RenderingSamples.methods)
    let text = try Self.large.get().filter { $0.label != "fig-acc" && $0.label != "fig-crowd" }
      .map { "\($0.label)\n\($0.data.chart(styles: styles).canonicalText)" }
    try Snapshot.check(text.joined(separator: "\n"), "figure-charts.txt")
  }

  @Test("a figure without any result has gaps and says so")
  func empty() throws {
    for figure in try Self.figures({ _ in [:] }) {
      #expect(figure.data.estimates.allSatisfy { $0.mean == nil }, "\(figure.label)")
      #expect(figure.data.reading.contains("cells are missing"), "\(figure.label)")
      guard ["fig-mem", "fig-pareto"].contains(figure.label) else { continue }
      let image = try figure.data.chart(styles: StyleBook()).rendered(theme: .light, width: 350)
      #expect(!image.png.isEmpty)
    }
  }

  @Test("the reading names what intervals speak of")
  func fewSeeds() throws {
    func reading(_ seeds: String) throws -> String {
      let source = SmallStudy.source.replacingOccurrences(of: "0..2", with: seeds)
        .replacingOccurrences(of: "[zero-shot, vanilla, lora]", with: "[lora]")
        .replacingOccurrences(of: "small[vanilla,16]", with: "small[lora,2]")
      let plan = try RenderingSamples.plan(source)
      let estimates = EstimateTable(
        ResultFrame(plan: plan, results: RenderingSamples.results(plan)))
      return FigureBuilder(
        plan.report.blocks(ChartBlock.self)[0], estimates: estimates, experiments: plan.experiments
      ).data().reading
    }
    let (one, two, three) = (try reading("[0]"), try reading("0..1"), try reading("0..2"))
    #expect(
      one
        == "Markers are single runs, lines through them 95\u{A0}% intervals of each alone, for these "
        + "runs, other items, faint dots single seeds.")
    #expect(
      two
        == "Markers are means of 2 seeds, lines through them 95\u{A0}% intervals of each alone, for "
        + "other seeds, faint dots single seeds.")
    #expect(three.contains("Markers are means of 3 seeds"))
  }

  @Test("a method that reads no examples is one run, whatever the seeds")
  func shared() throws {
    let plan = try RenderingSamples.plan()
    let estimates = EstimateTable(
      ResultFrame(plan: plan, results: RenderingSamples.results(plan)))
    let metric = MetricPath.evaluation(set: "ood", metric: "accuracy")
    let zero = estimates.estimate(metric, of: "zero-shot", shots: 16, in: "lowres")
    #expect(zero.isShared)
    #expect(zero.values.count == 1)
    #expect(zero.basis == .itemsOnly)
    let lora = estimates.estimate(metric, of: "lora", shots: 16, in: "lowres")
    #expect(!lora.isShared)
    #expect(lora.values.count == 6)
    #expect(lora.basis == .seedsOnly)
    let pbft = estimates.estimate(metric, of: "pbft", shots: 16, in: "lowres")
    #expect(pbft.values.count == 4)
    #expect(pbft.absences.map(\.seed) == [2, 4])
  }

  private static func flipped(_ data: Data, at index: Int) -> Data {
    var data = data
    data[index] ^= 1
    return data
  }

  @Test("a drawn chart is kept, taken from the cache, and drawn again when its file is damaged")
  func cache() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let damaged = Mutex<[String]>([])
    let cache = FolderChartCache(folder) { file in damaged.withLock { $0.append(file.path) } }
    let memory = try Self.large.get().first { $0.label == "fig-mem" }
    let chart = try #require(memory).data.chart(styles: StyleBook())
    let painter = ChartPainter(cache: cache)
    let drawn = try painter.picture(of: chart, width: 350)
    #expect(drawn.width == 350)
    #expect(drawn.height > 100)
    #expect(drawn.light != drawn.dark)
    let key = ChartPainter.key(chart, .light, width: 350)
    #expect(cache.picture(for: key) == drawn.light)

    // What the cache holds is used unseen, so its keys must tell all differences apart.
    cache.keep(drawn.dark, for: key)
    #expect(try painter.picture(of: chart, width: 350).light == drawn.dark)
    let file = folder.appendingPathComponent("\(key).chart")
    let kept = try Data(contentsOf: file)
    for damage in [kept.dropLast(3), drawn.light, Data(), Self.flipped(kept, at: kept.count / 2)] {
      try damage.write(to: file)
      #expect(cache.picture(for: key) == nil)
      #expect(try painter.picture(of: chart, width: 350).light == drawn.light)
      #expect(cache.picture(for: key) == drawn.light)
    }
    #expect(damaged.withLock(\.self) == Array(repeating: file.path, count: 8))

    var taller = chart
    taller.plotHeight = 300
    let keys = [
      key, ChartPainter.key(chart, .dark, width: 350), ChartPainter.key(chart, .light, width: 351),
      ChartPainter.key(taller, .light, width: 350),
    ]
    #expect(Set(keys).count == 4)
  }
}
