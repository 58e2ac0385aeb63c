import Foundation
import Testing

@testable import Experiments
@testable import Report

@Suite struct TableTests {
  /// A table of the large study, as text.
  private func table(_ yaml: String, from: String = "lowres") throws -> [String] {
    let start = RenderingSamples.source.components(separatedBy: "```{chart #fig-acc}")[0]
    let plan = try RenderingSamples.plan(
      start.replacingOccurrences(of: "@fig-acc, @tbl-acc and @clm-lora", with: "below")
        + "```{table #tbl-x}\nfrom: \(from)\n\(yaml)\n```\n")
    let frame = ResultFrame(plan: plan, results: RenderingSamples.results(plan))
    let renderer = TableRenderer(
      experiments: plan.experiments, estimates: EstimateTable(frame),
      prose: Prose(
        frame: frame,
        references: ReferenceTable(
          plan.report.document, styles: BlockRegistry.standard.references),
        image: { _ in nil }),
      csv: "lowres.csv")
    let component = renderer.table(plan.report.blocks(TableBlock.self)[0])
    return component.grid.headerRows.map { row in
      row.map { $0.span > 1 ? "\($0.text.text) ×\($0.span)" : $0.text.text }
        .joined(separator: " | ")
    }
      + component.grid.rows.map { row in
        (row.startsGroup ? "— " : "")
          + row.cells.map { cell in
            switch cell {
            case .text(let text): text.text
            case .value(let text, let isBest, _, _): isBest ? "*\(text.text)*" : text.text
            case .lines(let lines, _): lines.map(\.text).joined(separator: " / ")
            case .published(let text, _): "‹\(text.text)›"
            case .missing(let reason): "(\(reason))"
            }
          }.joined(separator: " | ")
      } + component.notes.map(\.text)
  }

  @Test("methods by shots: mean ± sd, the best of each column, and what is missing")
  func methodsByShots() throws {
    let found = try table("y: ood.accuracy\nmethods: [zero-shot, vanilla, pbft, lora]\nbest: true")
    #expect(
      found == [
        "method | 2 | 16 | 128", "zero-shot | 48.4 | 48.4 | 48.4",
        "vanilla | *69.0 ± 0.0* | 57.7 ± 1.4 | 62.1 ± 1.7",
        "pbft | 53.1 ± 2.1 | 59.3 ± 3.0\u{202F}† <small>5/6 failed</small> | 67.8 ± 2.2",
        "lora | 53.3 ± 2.1 | *62.6 ± 1.8 <small>3/6 failed</small>* | *68.2 ± 1.8*",
        "In percent. <b>Bold</b>: the best number of its column; whether it differs is not tested "
          + "here. Mean ± standard deviation over seeds. "
          + "†: some seeds are missing, and the mean is that of the others. "
          + RunFailures.definition,
      ])
  }

  @Test("medians have no spread, and failed runs are counted beside them")
  func medians() throws {
    let found = try table(
      "y: ood.accuracy\nmethods: [vanilla, lora]\nstatistic: median\nshots: [2, 16]")
    #expect(
      found == [
        "method | 2 | 16", "vanilla | 69.0 | 57.9",
        "lora | 54.3 | 62.7 <small>3/6 failed</small>",
        "In percent. The median over seeds. " + RunFailures.definition,
      ])
  }

  @Test("seeds as rows show single runs, with the reason where there is none")
  func seeds() throws {
    let rows = try table(
      "rows: seed\ncolumns: method\ny: ood.accuracy\nshots: [16]\nmethods: [vanilla, pbft]")
    #expect(rows[0] == "seed | vanilla | pbft")
    #expect(rows[3] == "2 | 57.1 | (failed: the worker was killed by signal 9)")
    #expect(rows[5] == "4 | 58.6 | (diverged at step 41)")
    #expect(
      rows.last
        == "At 16 examples per class. In percent. —: missing; the reason is in the cell’s title.")
  }

  @Test("less memory and time are better, and the largest number of shots stands for all")
  func costs() throws {
    let rows = try table(
      "rows: method\ncolumns: metric\ny: [memory.peak, train.seconds]\nmethods: [icl, lora, pbft]"
        + "\nbest: true")
    #expect(
      rows == [
        "method | peak memory | training time",
        "icl | *546.0\u{A0}MiB* | (missing: icl at 128 shots, "
          + "seed 0: nothing is trained; icl at 128 shots, seed 1: nothing is trained; icl at 128 "
          + "shots, seed 2: nothing is trained; and 3 more)",
        "lora | 645.8\u{A0}MiB | *14.6 ± 0.6\u{A0}s*", "pbft | 2.0\u{A0}GiB | 14.9 ± 0.4\u{A0}s",
        "At 128 examples per class. <b>Bold</b>: the best number of its column; whether it differs "
          + "is not tested here. Mean ± standard deviation over "
          + "seeds. —: missing; the reason is in the cell’s title.",
      ])
  }

  @Test("what is on no axis becomes groups of rows and of columns")
  func groups() throws {
    let rows = try table(
      "rows: method\ncolumns: metric\ny: [in-domain.mcc, ood.mcc]\nmethods: [lora, pbft]\n"
        + "shots: [2, 128]\nformat: .2", from: "[lowres, inference]")
    #expect(
      Array(rows.prefix(6)) == [
        " | lowres ×2 | inference ×2",
        "method, shots | in-domain Matthews correlation | out-of-domain Matthews correlation | "
          + "in-domain Matthews correlation | out-of-domain Matthews correlation",
        "lora at 2 | 0.11 | 0.07 | 0.12 | 0.05", "pbft at 2 | 0.13 | 0.06 | 0.09 | 0.06",
        "— lora at 128 | 0.60 | 0.36 | 0.64 | 0.38", "pbft at 128 | 0.55 | 0.36 | 0.58 | 0.37",
      ])
  }

  @Test("'shots: min' is the smallest number of the experiments", arguments: ["min", "[2]"])
  func fewest(shots: String) throws {
    let rows = try table("y: ood.accuracy\nmethods: [lora, icl]\nshots: \(shots)")
    #expect(rows[0] == "method | 2")
    #expect(rows.last?.hasPrefix("At 2 examples per class.") == true)
  }

  @Test("metrics as rows are compared along the row")
  func metricRows() throws {
    let rows = try table(
      "rows: metric\ncolumns: method\ny: [ood.accuracy, memory.peak]\nshots: [128]\n"
        + "methods: [lora, pbft]\nformat: .1\nbest: true")
    #expect(rows[1].hasSuffix("| *0.7* | 0.7"))
    #expect(rows.last?.contains("best number of its row") == true)
  }
}
