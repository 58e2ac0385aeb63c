import Experiments
import Formats
import Foundation

extension CompareBlock {
  /// What the block compares: methods by a measure; nil without one of its experiments.
  private func compared(
    in shape: (String) -> ExperimentShape?
  ) -> (methods: [String], measure: JudgedMeasure)? {
    let shapes = selection.labels.compactMap(shape)
    let tasks = shapes.compactMap { shape in
      shots.value.number(in: shape.shots).map {
        JudgedMeasure.Task(experiment: shape.label, shots: $0)
      }
    }
    guard tasks.count == selection.experiments.count else { return nil }
    return (selection.comparedMethods(in: shapes), JudgedMeasure(y.value, on: tasks))
  }

  /// What its contrasts are called together.
  var familyName: String { "comparison '\(label)'" }

  static func families(
    _ blocks: [CompareBlock], among names: ContrastNames, shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily] {
    blocks.compactMap { block in
      block.compared { shapes[$0] }.map { methods, measure in
        DeclaredFamily(
          name: block.familyName, level: 1 - block.confidence,
          contrasts: JudgedMethods.forms(methods, by: measure, among: names))
      }
    }
  }

  static func evaluated(
    _ blocks: [CompareBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.compactMap { block in
      block.compared { evaluation.frame[$0]?.shape }.map { methods, measure in
        let judged = JudgedMethods(
          methods, by: measure, effect: block.effect, book: evaluation.book,
          table: evaluation.estimates.scores)
        return EvaluatedComparison(
          block: block, judged: judged, experiments: evaluation.experiments)
      }
    }
  }
}

/// A comparison with its contrasts.
struct EvaluatedComparison: EvaluatedBlock {
  let block: CompareBlock
  let judged: JudgedMethods
  let experiments: [PlannedExperiment]
  /// In the order of the pairs that were tested; empty unless asked for.
  let opinions: [SecondOpinion]

  init(block: CompareBlock, judged: JudgedMethods, experiments: [PlannedExperiment]) {
    self.block = block
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
    let tasks = judged.measure.tasks
    let place: [String: JSONText] =
      judged.measure.isOverTasks
      ? [
        "tasks": .list(
          tasks.map {
            .map(["experiment": .text($0.experiment), "shots": .integer($0.shots)])
          })
      ]
      : ["experiment": JSONText(tasks[0].experiment), "shots": .integer(tasks[0].shots)]
    let fields: [String: JSONText] = [
      "label": .text(block.label), "metric": .text(judged.measure.metric.description),
      "confidence": JSONText(block.confidence), "effect": JSONText(block.effect),
      "floor": JSONText(judged.floor), "atFloor": .flag(judged.isAtFloor),
      "setOfBest": JSONText(judged.isAtFloor ? [] : judged.best.map(\.method)),
      "methods": .list(judged.entries.map(\.json)), "pairs": .list(judged.pairs.map(\.json)),
      "secondOpinions": .list(opinions.map(\.json)),
    ]
    return .map(fields.merging(place) { own, _ in own })
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
      footer: ResultFooter(
        csv: csv, provenance: experiments.origin(of: comparison.block.selection.labels)))
  }
}

extension ComparisonRenderer {
  private func caption(_ comparison: EvaluatedComparison) -> HTML {
    // One element, which the style sheet sets apart from the number.
    if let caption = comparison.block.caption { return "<span>\(prose.html(caption))</span>" }
    let measure = comparison.judged.measure
    let over = measure.isOverTasks ? ", mean over \(measure.tasks.count) tasks" : ""
    return
      "<span>\(measure.metric.fullWords.capitalizedFirst)\(over), every method against every "
      + "other.</span>"
  }

  private func format(_ comparison: EvaluatedComparison) -> ValueFormat {
    comparison.block.format ?? ValueFormat(comparison.judged.measure.metric.defaultFormat.style)
  }

  private func grid(_ comparison: EvaluatedComparison) -> TableGrid {
    let judged = comparison.judged
    let rivals = judged.entries.dropFirst()
    let format = format(comparison)
    let floor = judged.floor.map { floor in
      TableGrid.HeaderCell("above \(format.string(floor))")
    }
    let tasks = judged.measure.isOverTasks ? judged.measure.tasks : []
    let header =
      [TableGrid.HeaderCell("method")] + tasks.map { .init("\($0.experiment)") }
      + [.init("mean")] + (tasks.isEmpty ? [] : [.init("mean rank")]) + [.init("group")]
      + [floor].compactMap(\.self)
      + rivals.map { TableGrid.HeaderCell("against \($0.method)") }
    let rows = judged.entries.enumerated().map { place, entry -> TableGrid.Row in
      func value(_ number: Double?, _ format: ValueFormat) -> TableGrid.Cell {
        number.map { .value("\(format.bare(format.string($0)))") }
          ?? .missing(reason: entry.absence ?? "no value")
      }
      var cells: [TableGrid.Cell] = [.text("\(entry.method)")]
      cells += (entry.standing?.means ?? []).map { value($0, format) }
      cells.append(value(entry.mean, format))
      if let standing = entry.standing { cells.append(value(standing.rank, Self.rankFormat)) }
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
    let format = ValueFormat(difference: comparison.judged.measure.metric.unit)
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
  /// Of a mean of ranks.
  private static let rankFormat = ValueFormat(.decimals(1))

  /// "At 64 examples", "Over 2 tasks, cola at 64 and mnli at 128 examples".
  private func place(_ comparison: EvaluatedComparison) -> String {
    let tasks = comparison.judged.measure.tasks
    let words = experiments.shotWords(of: comparison.block.selection.labels)
    let numbers = Set(tasks.map(\.shots))
    guard tasks.count > 1 else { return "At \(tasks[0].shots) \(words)" }
    if numbers.count == 1 { return "Over \(tasks.count) tasks, at \(tasks[0].shots) \(words)" }
    let list = Words.list(tasks.map { "\($0.experiment) at \($0.shots)" })
    return "Over \(tasks.count) tasks, \(list) \(words)"
  }

  private func notes(_ comparison: EvaluatedComparison) -> [HTML] {
    let judged = comparison.judged
    let difference = ValueFormat(difference: judged.measure.metric.unit)
    var how = "\(place(comparison)). "
    if format(comparison).style == .percent {
      how += "Means in percent, differences in percentage points. "
    }
    if !judged.isAtFloor { how += "Methods with no letter in common differ. " }
    how += "Each cell: row minus column, its interval"
    how += judged.familyWords(withFloors: true).map { " (\($0))" } ?? ""
    how += " and the p that goes with it; marked where the row is better by the interval."
    if let basis = judged.basisWords { how += " The intervals speak of \(basis)." }
    let precision = judged.precision(difference).map {
      "Intervals are \($0): a difference within its own shows neither that methods differ nor that "
        + "they do not."
    }
    let opinions = zip(judged.tested, comparison.opinions).compactMap { pair, opinion in
      opinion.words(difference).map { "\(pair.first) minus \(pair.second): \($0)" }
    }
    let missing = judged.pairs.contains { $0.evaluation.verdict == .missing }
    let diverged = judged.entries.reduce(0) { $0 + $1.diverged }
    let ranks =
      judged.measure.isOverTasks
      ? """
      Differences are those of the mean over tasks, each of which counts the same. The mean rank, over \
      seeds and tasks and with 1 for the best, describes and is not tested.
      """ : nil
    return [
      HTML(escaping: judged.words(format(comparison))),
      precision.map { HTML(escaping: $0) }, HTML(escaping: how), ranks.map { HTML(escaping: $0) },
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
