import Experiments
import Formats
import Foundation

extension CompareBlock {
  static func evaluated(
    _ blocks: [CompareBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.compactMap { block in
      MethodComparison(block, in: evaluation.frame, facts: evaluation.facts).map {
        EvaluatedComparison(block: block, comparison: $0, experiments: evaluation.experiments)
      }
    }
  }
}

/// A comparison with its tests.
private struct EvaluatedComparison: EvaluatedBlock {
  let block: CompareBlock
  let comparison: MethodComparison
  let experiments: [PlannedExperiment]

  var label: String { block.label }

  func html(in setting: PageSetting) -> HTML {
    ComparisonRenderer(experiments: experiments, prose: setting.prose, csv: setting.csv)
      .table(block, comparison).html
  }

  var json: JSONText {
    .map([
      "label": .text(block.label), "experiment": .text(comparison.experiment),
      "metric": .text(comparison.metric.description), "shots": .integer(comparison.shots),
      "correction": .text(comparison.correction.rawValue),
      "confidence": JSONText(comparison.confidence),
      "tests": .integer(comparison.tests.testedCount),
      "methods": .list(
        comparison.entries.map { entry -> JSONText in
          .map([
            "method": .text(entry.method), "mean": JSONText(entry.mean),
            "averageRank": JSONText(entry.averageRank), "runs": .integer(entry.runs),
            "absence": JSONText(entry.absence),
          ])
        }),
      "pairs": .list(comparison.tests.map { $0.json(level: comparison.level) }),
    ])
  }
}

/// Sets a comparison as a table: the best method first, and each against every one below it.
struct ComparisonRenderer {
  let experiments: [PlannedExperiment]
  let prose: Prose
  /// Address of the report's CSV file, relative to the page.
  let csv: String

  func table(_ block: CompareBlock, _ comparison: MethodComparison) -> TableComponent {
    let entry = prose.references.entry(ofBlock: block.label)
    return TableComponent(
      anchor: entry?.anchor ?? block.label, noun: "Comparison", number: entry?.number ?? 0,
      caption: caption(block, comparison), grid: grid(block, comparison),
      notes: notes(block, comparison),
      footer: ResultFooter(csv: csv, provenance: experiments.origin(of: [comparison.experiment])))
  }
}

extension ComparisonRenderer {
  private func caption(_ block: CompareBlock, _ comparison: MethodComparison) -> HTML {
    // One element, which the style sheet sets apart from the number.
    if let caption = block.caption { return "<span>\(prose.html(caption))</span>" }
    return "<span>\(comparison.metric.fullWords.capitalizedFirst), every method against every "
      + "other.</span>"
  }

  private func grid(_ block: CompareBlock, _ comparison: MethodComparison) -> TableGrid {
    let rivals = comparison.entries.dropFirst()
    let format = block.format ?? ValueFormat(comparison.metric.defaultFormat.style)
    let header =
      ["method", "mean", "average rank"].map { TableGrid.HeaderCell("\($0 as String)") }
      + rivals.map { TableGrid.HeaderCell("against \($0.method)") }
    let rows = comparison.entries.enumerated().map { place, entry -> TableGrid.Row in
      var cells: [TableGrid.Cell] = [.text("\(entry.method)")]
      cells.append(
        entry.mean.map { .value("\(format.bare(format.string($0)))", title: entry.absence) }
          ?? .missing(reason: entry.absence ?? "no value"))
      cells.append(
        entry.averageRank.map { .value("\(ValueFormat(.decimals(1)).string($0))") }
          ?? .missing(reason: "ranks need a value for every method and seed"))
      for (other, rival) in rivals.enumerated() {
        guard other >= place, let test = comparison.test(entry.method, rival.method) else {
          cells.append(.text(""))
          continue
        }
        cells.append(cell(test, comparison))
      }
      return TableGrid.Row(cells)
    }
    return TableGrid(
      alignments: [.text] + Array(repeating: .number, count: header.count - 1),
      headerRows: [header], rows: rows)
  }

  private func cell(_ test: PairwiseTest, _ comparison: MethodComparison) -> TableGrid.Cell {
    guard let difference = test.difference else {
      return .missing(reason: test.absence ?? "no value")
    }
    let format = ValueFormat(difference: comparison.metric.unit)
    var lines: [HTML] = ["\(format.bare(format.signed(difference.estimate)))"]
    if let interval = difference.interval, interval.method != .point {
      lines.append(
        "\(format.bare(format.string(from: interval.lower, to: interval.upper)))")
    }
    let isClear = test.isClear(at: comparison.level)
    if let p = test.adjustedPValue {
      lines.append("p \(Words.probability(p))")
      lines.append(isClear ? "clear" : "not clear")
    } else {
      lines += ["not tested:", "\(test.absence ?? "no value")"]
    }
    return .lines(lines, isMarked: isClear)
  }
}

extension ComparisonRenderer {
  private func notes(_ block: CompareBlock, _ comparison: MethodComparison) -> [HTML] {
    let level = String(format: "%.2g", comparison.level)
    let tested = comparison.tests.testedCount
    let pairs = comparison.tests.compactMap(\.difference?.count).max() ?? 0
    var how = "At \(comparison.shots) \(experiments.shotWords(of: block.selection.labels)). "
    let format = block.format ?? comparison.metric.defaultFormat
    if format.style == .percent { how += "Means in percent, differences in percentage points. " }
    how +=
      "Each cell: row minus column over \(pairs) \(pairs == 1 ? "seed" : "seeds"), paired "
      + "by their examples; the \(Words.percent(comparison.confidence)) \(Self.methods(comparison)) "
      + "interval; p of a sign-flip test, \(comparison.correction.words(tests: tested, "pair")). "
      + "Clear: p of at most \(level)."
    if comparison.entries.contains(where: { $0.averageRank != nil }) {
      how += " Average rank: the method’s rank on each seed (1 is best), averaged over the seeds."
    }
    let warning = comparison.correction.powerWarning(
      pairs: pairs, tests: tested, level: comparison.level, noun: "pair")
    let missing = comparison.tests.contains { $0.difference == nil }
    return [
      HTML(escaping: findings(comparison)), overItems(comparison).map { HTML(escaping: $0) },
      warning.map { "<strong>\($0)</strong>" as HTML }, HTML(escaping: how),
      missing
        ? "—: a cell is missing, so the pair is not tested; the reason is in the title." : nil,
    ].compactMap(\.self)
  }

  /// What differs, as in "Clear differences, 3 of 10 pairs: lora over icl and vanilla; …".
  private func findings(_ comparison: MethodComparison) -> String {
    let tested = comparison.tests.testedCount
    let clear = comparison.tests.filter { $0.isClear(at: comparison.level) }
    guard tested > 0 else { return "No pair could be tested." }
    guard !clear.isEmpty else {
      return tested == 1
        ? "The data cannot tell the two apart."
        : "The data cannot tell any of the \(tested) pairs apart."
    }
    let words = comparison.entries.compactMap { entry -> String? in
      let worse = clear.filter { $0.first == entry.method }.map(\.second)
      return worse.isEmpty ? nil : "\(entry.method) over \(Words.list(worse))"
    }
    let rest = tested - clear.count
    let untold = rest == 1 ? "other pair" : "other \(rest) pairs"
    let others = rest == 0 ? "" : " The data cannot tell the \(untold) apart."
    return "Clear differences, \(clear.count) of \(tested) \(tested == 1 ? "pair" : "pairs"): "
      + "\(words.joined(separator: "; ")).\(others)"
  }

  /// Whether the clear differences would hold on other items too; nil where that was not asked.
  private func overItems(_ comparison: MethodComparison) -> String? {
    let clear = comparison.tests.filter { $0.items != nil }
    let items = clear.compactMap(\.items)
    guard let count = items.first?.bootstrap.items else { return nil }
    let lost = clear.filter { $0.items?.isClear == false }.map { "\($0.first) over \($0.second)" }
    let runs = items.reduce(0) { $0 + $1.runs.count }
    let differing = items.reduce(0) { $0 + $1.differingRuns(at: comparison.level) }
    let held =
      lost.isEmpty
      ? (items.count == 1 ? "it holds" : "all \(items.count) of them hold")
      : "\(items.count - lost.count) of \(items.count) hold (not \(lost.joined(separator: "; ")))"
    return "By items: with the \(count) items resampled as well as the seeds, \(held); "
      + "McNemar’s test of two single runs, on the same items, separates \(differing) of "
      + "\(runs) pairs of runs."
  }

  private static func methods(_ comparison: MethodComparison) -> String {
    let used = Set(comparison.tests.compactMap(\.difference?.interval?.method))
    return used == [.studentT] ? "Student t" : "BCa bootstrap"
  }

}
