import Experiments
import Formats
import Foundation

extension CompareBlock {
  /// What the block compares: methods and the number of examples; nil without its experiment.
  private func place(in shape: ExperimentShape?) -> (methods: [String], shots: Int)? {
    guard let shape, let shots = shots.value.number(in: shape.shots) else { return nil }
    return (selection.methods?.map(\.value) ?? shape.methods, shots)
  }

  /// What its contrasts are called together.
  var familyName: String { "comparison '\(label)'" }

  private var experiment: String { selection.experiments.first?.value ?? "" }

  static func families(
    _ blocks: [CompareBlock], among names: ContrastNames, shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily] {
    blocks.compactMap { block in
      block.place(in: shapes[block.experiment]).map { place in
        DeclaredFamily(
          name: block.familyName, level: 1 - block.confidence,
          contrasts: JudgedMethods.forms(
            place.methods, on: block.y.value, shots: place.shots, in: block.experiment,
            among: names))
      }
    }
  }

  static func evaluated(
    _ blocks: [CompareBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.compactMap { block in
      block.place(in: evaluation.frame[block.experiment]?.shape).map { place in
        let judged = JudgedMethods(
          place.methods, on: block.y.value, shots: place.shots, in: block.experiment,
          effect: block.effect, book: evaluation.book, table: evaluation.estimates.scores)
        return EvaluatedComparison(
          block: block, experiment: block.experiment, judged: judged,
          experiments: evaluation.experiments)
      }
    }
  }
}

/// A comparison with its contrasts.
struct EvaluatedComparison: EvaluatedBlock {
  let block: CompareBlock
  let experiment: String
  let judged: JudgedMethods
  let experiments: [PlannedExperiment]
  /// In the order of the pairs that were tested; empty unless asked for.
  let opinions: [SecondOpinion]

  init(
    block: CompareBlock, experiment: String, judged: JudgedMethods,
    experiments: [PlannedExperiment]
  ) {
    self.block = block
    self.experiment = experiment
    self.judged = judged
    self.experiments = experiments
    opinions =
      block.asksSecondOpinion
      ? SecondOpinion.all(
        judged.tested.map { $0.evaluation.contrast?.differences ?? [] },
        confidence: block.confidence)
      : []
  }

  var label: String { block.label }

  func html(in setting: PageSetting) -> HTML {
    ComparisonRenderer(experiments: experiments, prose: setting.prose, csv: setting.csv)
      .table(self).html
  }

  var json: JSONText {
    .map([
      "label": .text(block.label), "experiment": .text(experiment),
      "metric": .text(judged.metric.description), "shots": .integer(judged.shots),
      "confidence": JSONText(block.confidence), "effect": JSONText(block.effect),
      "floor": JSONText(judged.floor), "atFloor": .flag(judged.isAtFloor),
      "setOfBest": JSONText(judged.isAtFloor ? [] : judged.best.map(\.method)),
      "methods": .list(judged.entries.map(\.json)), "pairs": .list(judged.pairs.map(\.json)),
      "secondOpinions": .list(opinions.map(\.json)),
    ])
  }
}

extension JudgedMethods {
  /// Pairs with a p.
  var tested: [Pair] { pairs.filter { $0.evaluation.pValue != nil } }
}

/// Sets a comparison as a table: the best method first, and each against every one below it.
struct ComparisonRenderer {
  let experiments: [PlannedExperiment]
  let prose: Prose
  /// Address of the report's CSV file, relative to the page.
  let csv: String

  func table(_ comparison: EvaluatedComparison) -> TableComponent {
    let entry = prose.references.entry(ofBlock: comparison.label)
    return TableComponent(
      anchor: entry?.anchor ?? comparison.label, noun: "Comparison", number: entry?.number ?? 0,
      caption: caption(comparison), grid: grid(comparison), notes: notes(comparison),
      footer: ResultFooter(csv: csv, provenance: experiments.origin(of: [comparison.experiment])))
  }
}

extension ComparisonRenderer {
  private func caption(_ comparison: EvaluatedComparison) -> HTML {
    // One element, which the style sheet sets apart from the number.
    if let caption = comparison.block.caption { return "<span>\(prose.html(caption))</span>" }
    return
      "<span>\(comparison.judged.metric.fullWords.capitalizedFirst), every method against every "
      + "other.</span>"
  }

  private func format(_ comparison: EvaluatedComparison) -> ValueFormat {
    comparison.block.format ?? ValueFormat(comparison.judged.metric.defaultFormat.style)
  }

  private func grid(_ comparison: EvaluatedComparison) -> TableGrid {
    let judged = comparison.judged
    let rivals = judged.entries.dropFirst()
    let format = format(comparison)
    let floor = judged.floor.map { floor in
      TableGrid.HeaderCell("above \(format.string(floor))")
    }
    let header =
      [TableGrid.HeaderCell("method"), .init("mean"), .init("group")]
      + [floor].compactMap(\.self)
      + rivals.map { TableGrid.HeaderCell("against \($0.method)") }
    let rows = judged.entries.enumerated().map { place, entry -> TableGrid.Row in
      var cells: [TableGrid.Cell] = [.text("\(entry.method)")]
      cells.append(
        entry.mean.map { .value("\(format.bare(format.string($0)))") }
          ?? .missing(reason: entry.absence ?? "no value"))
      cells.append(
        entry.mean == nil || judged.isAtFloor
          ? .missing(reason: entry.absence ?? "not tested: all at the floor")
          : .value("\(entry.letters)"))
      if floor != nil {
        cells.append(entry.aboveFloor.map { cell($0, comparison) } ?? .text(""))
      }
      for (other, rival) in rivals.enumerated() {
        guard other >= place, let pair = judged.pair(entry.method, rival.method) else {
          cells.append(.text(""))
          continue
        }
        cells.append(cell(pair.evaluation, comparison))
      }
      return TableGrid.Row(cells)
    }
    return TableGrid(
      alignments: [.text] + Array(repeating: .number, count: header.count - 1),
      headerRows: [header], rows: rows)
  }

  private func cell(
    _ evaluation: EvaluatedStatement, _ comparison: EvaluatedComparison
  ) -> TableGrid.Cell {
    guard evaluation.verdict != .missing, let estimate = evaluation.estimate else {
      return .missing(reason: evaluation.absence)
    }
    let format = ValueFormat(difference: comparison.judged.metric.unit)
    var lines: [HTML] = ["\(format.bare(format.signed(estimate)))"]
    if let interval = evaluation.interval {
      lines.append("\(format.bare(format.string(from: interval.lower, to: interval.upper)))")
    }
    if let p = evaluation.pValue { lines.append("p \(Words.probability(p))") }
    switch evaluation.verdict {
    case .equivalent: lines.append("equivalent")
    case .atFloor: lines.append("both at the floor")
    default: break
    }
    return .lines(lines, isMarked: evaluation.verdict == .supported)
  }
}

extension EvaluatedStatement {
  /// Why there is no number.
  var absence: String {
    contrast.flatMap { ValueExpression.words(for: $0.absences) } ?? "no value"
  }
}

extension ComparisonRenderer {
  private func notes(_ comparison: EvaluatedComparison) -> [HTML] {
    let judged = comparison.judged
    let block = comparison.block
    let difference = ValueFormat(difference: judged.metric.unit)
    let sample = judged.pairs.lazy.compactMap { $0.evaluation.contrast }.first {
      $0.contrast != nil
    }
    var how = "At \(judged.shots) \(experiments.shotWords(of: block.selection.labels)). "
    if format(comparison).style == .percent {
      how += "Means in percent, differences in percentage points. "
    }
    how += "Methods with no letter in common differ. Each cell: row minus column, its interval"
    how += sample.map { " (\($0.family.words))" } ?? ""
    how += " and the p that goes with it; marked where the interval excludes 0."
    if let basis = sample?.contrast?.basis { how += " The intervals speak of \(basis.rawValue)." }
    let precision = judged.precision(difference).map {
      "Intervals are \($0) wide: smaller differences show nothing here."
    }
    let opinions = zip(judged.tested, comparison.opinions).compactMap { pair, opinion in
      opinion.words(difference).map { "\(pair.first) minus \(pair.second): \($0)" }
    }
    let missing = judged.pairs.contains { $0.evaluation.verdict == .missing }
    let diverged = judged.entries.reduce(0) { $0 + $1.diverged }
    return [
      HTML(escaping: judged.words(format(comparison))),
      precision.map { HTML(escaping: $0) }, HTML(escaping: how),
      diverged > 0
        ? HTML(
          escaping: "Diverged runs (\(diverged)) count as always answering the commonest class.")
        : nil,
      opinions.isEmpty
        ? nil : HTML(escaping: "Second opinion. \(opinions.joined(separator: "; "))."),
      missing
        ? "—: a run is missing, so the pair is not tested; the reason is in the title." : nil,
    ].compactMap(\.self)
  }
}

extension ContrastBook.Family {
  /// "99.67 %, since 15 contrasts are judged together".
  var words: String {
    let percent = Words.confidence(correction.confidence)
    return correction.members == 1
      ? percent
      : "\(percent), since \(correction.members) contrasts are judged together"
  }
}
