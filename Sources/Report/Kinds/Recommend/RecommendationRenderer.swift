import Experiments
import Formats
import Foundation

extension RecommendBlock {
  /// What its contrasts are called together.
  var familyName: String { "recommendation '\(label)'" }

  static func families(
    _ blocks: [RecommendBlock], among names: ContrastNames, shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily] {
    blocks.compactMap { block in
      shapes[block.experiment].map { shape in
        let examples = block.examples?.map(\.value) ?? shape.shots
        let shots = Set(examples.compactMap { most in shape.shots.filter { $0 <= most }.max() })
        return DeclaredFamily(
          name: block.familyName, level: 1 - block.confidence,
          contrasts: shots.sorted().flatMap { shots in
            JudgedMethods.forms(
              block.selection.methods?.map(\.value) ?? shape.methods,
              by: JudgedMeasure(block.y.value, shots: shots, in: block.experiment), among: names)
          })
      }
    }
  }

  static func evaluated(
    _ blocks: [RecommendBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.map { block in
      EvaluatedRecommendation(
        grid: RecommendationGrid(
          block, estimates: evaluation.estimates, book: evaluation.book),
        experiments: evaluation.experiments)
    }
  }
}

/// A recommendation with what it rests on.
struct EvaluatedRecommendation: EvaluatedBlock {
  let grid: RecommendationGrid
  let experiments: [PlannedExperiment]

  var label: String { grid.block.label }

  func html(in setting: PageSetting) -> HTML {
    RecommendationRenderer(experiments: experiments, prose: setting.prose, csv: setting.csv)
      .component(grid).html
  }

  var headline: HTML? {
    guard let widest = grid.widest, widest.choice ?? widest.fallback != nil else { return nil }
    let words = experiments.shotWords(of: grid.block.selection.labels)
    return RecommendationWords(block: grid.block, shotWords: words).statement(widest)
  }

  /// The command that makes the model of the choice within the widest budget.
  var command: TrainCommand? { grid.command(in: experiments) }

  var json: JSONText {
    .map([
      "train": JSONText(command?.line()), "label": .text(grid.block.label),
      "experiment": .text(grid.block.experiment),
      "metric": .text(grid.block.y.value.description),
      "confidence": JSONText(grid.block.confidence), "effect": JSONText(grid.block.effect),
      "choices": .list(grid.cells.joined().map(\.json)),
    ])
  }
}

extension Recommendation {
  fileprivate var json: JSONText {
    .map([
      "examples": .integer(budget.examples), "memory": JSONText(budget.memory),
      "seconds": JSONText(budget.seconds), "shots": .integer(shots),
      "outcome": .text(outcome.rawValue), "method": JSONText(choice?.entry.method),
      "setOfBest": JSONText(choice == nil ? [] : members.map(\.entry.method)),
      "leanest": JSONText(choice == nil ? nil : leanest?.entry.method),
      "floor": JSONText(judged.floor), "heldOut": JSONText(judged.heldOut),
      "candidates": .list(
        candidates.map { candidate in
          .map([
            "judged": candidate.entry.json, "memory": JSONText(candidate.memory),
            "seconds": JSONText(candidate.seconds),
          ])
        }),
      "pairs": .list(judged.pairs.map(\.json)),
      "excluded": .list(
        exclusions.map {
          .map(["method": .text($0.method), "reason": .text($0.reason)])
        }),
    ])
  }
}

/// Sets recommendations: the choice in words, and tables of choices and of candidates.
struct RecommendationRenderer {
  let experiments: [PlannedExperiment]
  let prose: Prose
  /// Address of the report's CSV file, relative to the page.
  let csv: String

  func component(_ grid: RecommendationGrid) -> RecommendationComponent {
    let block = grid.block
    let entry = prose.references.entry(ofBlock: block.label)
    let words = RecommendationWords(
      block: block, shotWords: experiments.shotWords(of: block.selection.labels))
    let widest = grid.widest
    return RecommendationComponent(
      anchor: entry?.anchor ?? block.label, number: entry?.number ?? 0,
      caption: caption(block), badge: badge(widest),
      statement: widest.map(words.statement) ?? "Nothing was measured.",
      choices: grid.hasChoice ? choices(grid, words) : nil,
      candidates: widest.flatMap { $0.candidates.isEmpty ? nil : candidates($0, block) },
      candidatesTitle: widest.map(words.candidatesTitle) ?? "",
      command: grid.command(in: experiments), notes: notes(grid),
      footer: ResultFooter(csv: csv, provenance: experiments.origin(of: [block.experiment])))
  }
}

extension RecommendationRenderer {
  private func caption(_ block: RecommendBlock) -> HTML {
    if let caption = block.caption { return "<span>\(prose.html(caption))</span>" }
    return "<span>Which method, by \(block.y.value.fullWords)?</span>"
  }

  private func badge(_ recommendation: Recommendation?) -> HTML {
    let outcome = recommendation?.outcome ?? .notRun
    let (style, icon): (HTML, Icon) =
      switch outcome {
      case .best: ("supported", .check)
      case .several: ("inconclusive", .question)
      case .onlyOne: ("unevaluated", .information)
      case .notRun, .nothingFits, .atFloor: ("unevaluated", .dash)
      }
    return
      "<span class=\"\(style)\"><span class=\"badge\">\(icon.html)\(outcome.rawValue)</span></span>"
  }

  private func choices(_ grid: RecommendationGrid, _ words: RecommendationWords) -> TableGrid {
    let header =
      [TableGrid.HeaderCell("budget")]
      + grid.examples.enumerated().map { index, examples -> TableGrid.HeaderCell in
        let shots = grid.cells.first?[index].shots ?? examples
        return .init(
          examples == shots
            ? "\(examples) examples" : "\(examples) examples (measured: \(shots))")
      }
    let rows = zip(grid.rows, grid.cells).map { row, cells in
      TableGrid.Row(
        [.text("\(RecommendationWords.budget(memory: row.memory, seconds: row.seconds))")]
          + cells.map { choice in
            .lines(words.cell(choice), isMarked: choice.outcome == .best)
          })
    }
    return TableGrid(
      alignments: header.map { _ in .text }, headerRows: [header], rows: rows)
  }

  private func candidates(_ choice: Recommendation, _ block: RecommendBlock) -> TableGrid {
    let judged = choice.judged
    let format = ValueFormat(block.y.value.defaultFormat.style)
    let first = choice.candidates.first?.entry.method ?? ""
    let header =
      ["method", block.y.value.fullWords, "group"]
      + (judged.floor.map { ["above \(format.string($0))"] } ?? [])
      + ["\(first) against it", "p", "peak memory", "time of a run", "so"]
    let rows = choice.candidates.map { candidate -> TableGrid.Row in
      let entry = candidate.entry
      var cells: [TableGrid.Cell] = [.text("\(entry.method)")]
      cells.append(
        entry.mean.map { .value("\(format.bare(format.string($0)))") }
          ?? .missing(reason: entry.absence ?? "no value"))
      cells.append(
        judged.isAtFloor
          ? .missing(reason: "not tested: all at the floor") : .value("\(entry.letters)"))
      if judged.floor != nil {
        cells.append(entry.aboveFloor.map { difference($0, block) } ?? .text(""))
      }
      let pair = entry.method == first ? nil : judged.pair(first, entry.method)
      cells.append(pair.map { difference($0.evaluation, block) } ?? .text(""))
      cells.append(
        pair.map { pair in
          pair.evaluation.pValue.map { .value("\(Words.probability($0))") }
            ?? .missing(reason: pair.evaluation.verdict.rawValue)
        } ?? .text(""))
      cells.append(.value("\(ValueFormat(.bytes).string(candidate.memory))"))
      cells.append(.value("\(ValueFormat(.seconds).string(candidate.seconds))"))
      cells.append(.text("\(Self.words(for: candidate, in: choice))"))
      return TableGrid.Row(cells)
    }
    return TableGrid(
      alignments: [.text] + Array(repeating: .number, count: header.count - 2) + [.text],
      headerRows: [header.map { TableGrid.HeaderCell("\($0)") }], rows: rows)
  }

  /// What the rule says of a candidate.
  private static func words(
    for candidate: Recommendation.Candidate, in choice: Recommendation
  ) -> String {
    if choice.judged.isAtFloor { return "not tested" }
    return candidate.entry.isInSet ? "in the set of the best" : "worse"
  }

  private func difference(
    _ evaluation: EvaluatedStatement, _ block: RecommendBlock
  ) -> TableGrid.Cell {
    guard evaluation.verdict != .missing, let estimate = evaluation.estimate else {
      return .missing(reason: evaluation.absence)
    }
    let format = ValueFormat(difference: block.y.value.unit)
    var lines: [HTML] = ["\(format.bare(format.signed(estimate)))"]
    if let interval = evaluation.interval {
      lines.append("\(format.bare(format.string(from: interval.lower, to: interval.upper)))")
    }
    return .lines(lines, isMarked: evaluation.verdict == .supported)
  }

  private func notes(_ grid: RecommendationGrid) -> [HTML] {
    let block = grid.block
    guard let widest = grid.widest else { return [] }
    let unit =
      block.y.value.defaultFormat.style == .percent
      ? "In percent; differences in percentage points. " : ""
    let family = widest.judged.familyWords(withFloors: false).map { " (\($0))" } ?? ""
    let basis = widest.judged.basisWords.map { " The intervals speak of \($0)." } ?? ""
    let how = """
      \(unit)Candidates are the methods whose peak memory (the largest over seeds) and mean \
      time per run (training and evaluation) were within the budget on the measuring machine. A \
      candidate leaves the set of the best if the interval\(family) of another minus it lies \
      on the better side of 0.\(basis)
      """
    let lost = widest.exclusions.map { "\($0.method) (\($0.reason))" }
    return [
      HTML(escaping: how),
      lost.isEmpty ? nil : HTML(escaping: "Not candidates: \(lost.joined(separator: "; "))."),
    ].compactMap(\.self)
  }
}

/// A numbered recommendation: the choice in a sentence, a table over budgets, and what it rests on.
struct RecommendationComponent: Hashable, Sendable {
  /// The label, as in "rec-small".
  var anchor: String
  var number: Int
  var caption: HTML
  /// Shows by icon and word how sure the choice is.
  var badge: HTML
  /// The choice within the widest budget.
  var statement: HTML
  /// Choices by budget; nil for a single budget.
  var choices: TableGrid?
  /// Every method at the widest budget.
  var candidates: TableGrid?
  /// What the candidates' table shows.
  var candidatesTitle: String
  /// What makes the model of the choice.
  var command: TrainCommand?
  var notes: [HTML]
  var footer: ResultFooter

  var html: HTML {
    """
    <figure class="result table" id="\(anchor)">
    <figcaption><span class="number">Recommendation \(number)</span> \(caption)</figcaption>
    <p class="choice">\(badge) \(statement)</p>
    \(command.map(training))\(choices.map { "\($0.html(named: "Recommendation \(number)"))\n" as HTML })\
    \(candidates.map(evidence))\
    \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())\(footer.html)</figure>
    """
  }

  private func training(_ command: TrainCommand) -> HTML {
    let why =
      command.isCell
      ? "To train it on \(command.sample) again, with the same bits"
      : "To train it on \(command.sample)"
    return """
      <p class="note">\(why), in the folder of the source:</p>
      <pre tabindex="0"><code>\(command.line())</code></pre>

      """
  }

  private func evidence(_ grid: TableGrid) -> HTML {
    let table = grid.html(named: candidatesTitle)
    guard choices != nil else { return "\(table)\n" }
    return """
      <details class="evidence"><summary>\(candidatesTitle)</summary>
      \(table)
      </details>

      """
  }
}
