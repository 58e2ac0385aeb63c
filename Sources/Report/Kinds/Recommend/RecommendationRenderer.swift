import Experiments
import Formats
import Foundation

extension RecommendBlock {
  static func evaluated(
    _ blocks: [RecommendBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.map { block in
      EvaluatedRecommendation(
        grid: RecommendationGrid(block, estimates: evaluation.estimates),
        experiments: evaluation.experiments)
    }
  }
}

/// A recommendation with what it rests on.
private struct EvaluatedRecommendation: EvaluatedBlock {
  let grid: RecommendationGrid
  let experiments: [PlannedExperiment]

  var label: String { grid.block.label }

  func html(in setting: PageSetting) -> HTML {
    RecommendationRenderer(experiments: experiments, prose: setting.prose, csv: setting.csv)
      .component(grid).html
  }

  var headline: HTML? {
    guard let widest = grid.widest, widest.best != nil else { return nil }
    let words = experiments.shotWords(of: grid.block.selection.labels)
    return RecommendationWords(block: grid.block, shotWords: words).statement(widest)
  }

  var json: JSONText {
    .map([
      "label": .text(grid.block.label), "experiment": .text(grid.block.experiment),
      "metric": .text(grid.block.y.value.description),
      "correction": .text(grid.block.correction.rawValue),
      "confidence": JSONText(grid.block.confidence),
      "choices": .list(
        grid.cells.joined().map { $0.json(level: 1 - grid.block.confidence) }),
    ])
  }
}

extension Recommendation {
  fileprivate func json(level: Double) -> JSONText {
    .map([
      "examples": .integer(budget.examples), "memory": JSONText(budget.memory),
      "seconds": JSONText(budget.seconds), "shots": .integer(shots),
      "verdict": .text(verdict.rawValue), "method": JSONText(best?.method),
      "tied": JSONText(tied.map(\.method)), "leanest": JSONText(leanest?.method),
      "majority": JSONText(majority), "nearMajority": .flag(isNearMajority),
      "candidates": .list(
        candidates.map { candidate in
          .map([
            "method": .text(candidate.method), "mean": JSONText(candidate.estimate.mean),
            "memory": JSONText(candidate.memory), "seconds": JSONText(candidate.seconds),
            "bestShare": JSONText(candidate.bestShare), "tied": .flag(candidate.isTied),
            "test": candidate.test.map { $0.json(level: level) } ?? .null,
          ])
        }),
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
      notes: notes(grid),
      footer: ResultFooter(csv: csv, provenance: experiments.origin(of: [block.experiment])))
  }
}

extension RecommendationRenderer {
  private func caption(_ block: RecommendBlock) -> HTML {
    if let caption = block.caption { return "<span>\(prose.html(caption))</span>" }
    return "<span>Which method, by \(block.y.value.fullWords)?</span>"
  }

  private func badge(_ choice: Recommendation?) -> HTML {
    let (style, icon, word): (HTML, Icon, String) =
      switch choice?.verdict ?? .nothingFits {
      case _ where choice?.isNearMajority == true:
        ("inconclusive", .triangle, "not above the majority class")
      case .clear: ("supported", .check, "clear choice")
      case .tied: ("inconclusive", .question, "others may be as good")
      case .undecided: ("inconclusive", .question, "the data cannot tell")
      case .onlyOne: ("unevaluated", .information, "only one fits")
      case .nothingFits: ("unevaluated", .dash, "nothing fits")
      }
    return "<span class=\"\(style)\"><span class=\"badge\">\(icon.html)\(word)</span></span>"
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
            .lines(
              words.cell(choice), isMarked: choice.verdict == .clear && !choice.isNearMajority)
          })
    }
    return TableGrid(
      alignments: header.map { _ in .text }, headerRows: [header], rows: rows)
  }

  private func candidates(_ choice: Recommendation, _ block: RecommendBlock) -> TableGrid {
    let header = [
      "method", block.y.value.fullWords, "best mean in", "against the best", "p", "peak memory",
      "time of a run", "so",
    ].map { TableGrid.HeaderCell("\($0 as String)") }
    let rows = choice.candidates.map { candidate -> TableGrid.Row in
      var cells: [TableGrid.Cell] = [.text("\(candidate.method)")]
      cells.append(mean(candidate, block))
      cells.append(
        candidate.bestShare.map { .value("\(Words.percent($0.roundedShare))") }
          ?? .missing(reason: "one seed"))
      cells += against(candidate, block)
      cells.append(.value("\(ValueFormat(.bytes).string(candidate.memory))"))
      cells.append(.value("\(ValueFormat(.seconds).string(candidate.seconds))"))
      cells.append(.text("\(Self.words(for: candidate))"))
      return TableGrid.Row(cells)
    }
    return TableGrid(
      alignments: [.text] + Array(repeating: .number, count: header.count - 2) + [.text],
      headerRows: [header], rows: rows)
  }

  /// A candidate's test result.
  private static func words(for candidate: Recommendation.Candidate) -> String {
    guard candidate.test != nil else { return "best mean" }
    if candidate.isUntested { return "not tested" }
    return candidate.isTied ? "may be as good" : "clearly worse"
  }

  private func mean(
    _ candidate: Recommendation.Candidate, _ block: RecommendBlock
  ) -> TableGrid.Cell {
    let format = ValueFormat(block.y.value.defaultFormat.style, showsSpread: true)
    guard let moments = candidate.estimate.moments else { return .missing(reason: "no value") }
    let text =
      moments.standardDeviation.map { format.string(moments.mean, spread: $0) }
      ?? format.string(moments.mean)
    return .value("\(format.bare(text))")
  }

  /// How far below the best a candidate is, and p; empty for the best itself.
  private func against(
    _ candidate: Recommendation.Candidate, _ block: RecommendBlock
  ) -> [TableGrid.Cell] {
    guard let test = candidate.test else { return [.text(""), .text("")] }
    let absence = test.absence ?? "no value"
    guard let difference = test.difference else {
      return [.missing(reason: absence), .missing(reason: absence)]
    }
    let format = ValueFormat(difference: block.y.value.unit)
    var lines: [HTML] = ["\(format.bare(format.signed(-difference.estimate)))"]
    if let interval = difference.interval, interval.method != .point {
      lines.append(
        "\(format.bare(format.string(from: -interval.upper, to: -interval.lower)))")
    }
    return [
      .lines(lines),
      test.adjustedPValue.map { .value("\(Words.probability($0))") }
        ?? .missing(reason: "not tested: \(absence)"),
    ]
  }

  private func notes(_ grid: RecommendationGrid) -> [HTML] {
    let block = grid.block
    guard let widest = grid.widest else { return [] }
    let level = 1 - block.confidence
    let tests = max(0, widest.candidates.count - 1)
    let seeds = widest.seeds
    let warning = block.correction.powerWarning(
      pairs: seeds, tests: tests, level: level, noun: "comparison")
    let unit =
      block.y.value.defaultFormat.style == .percent
      ? "In percent; differences in percentage points. " : ""
    let untested: HTML =
      widest.candidates.contains { $0.isUntested }
      ? "“Not tested”: a difference without spread over seeds, which cannot be tested. " : ""
    let how: HTML = """
      \(unit)Candidates are the methods whose peak memory (the largest over seeds) and mean \
      time per run (training and evaluation) were within the budget on the measuring machine. “May be as \
      good”: p above \(String(format: "%.2g", level)) in a sign-flip test against the best mean, \
      paired by seed and \(block.correction.words(tests: tests, "comparison")). \(untested)“Best mean in”: the \
      share of \(ValueFormat(.integer).string(Double(BestShare.resamples))) resamples of the seeds \
      in which a method’s mean is the best. The best of several means is slightly \
      optimistic, since it was chosen.
      """
    let lost = widest.exclusions.map { "\($0.method) (\($0.reason))" }
    return [
      warning.map { "<strong>\($0)</strong>" as HTML }, how,
      lost.isEmpty ? nil : HTML(escaping: "Not candidates: \(lost.joined(separator: "; "))."),
    ].compactMap(\.self)
  }
}

extension Double {
  /// To whole percents: more digits of a bootstrap share would be noise.
  var roundedShare: Double { (100 * self).rounded() / 100 }
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
  var notes: [HTML]
  var footer: ResultFooter

  var html: HTML {
    """
    <figure class="result table" id="\(anchor)">
    <figcaption><span class="number">Recommendation \(number)</span> \(caption)</figcaption>
    <p class="choice">\(badge) \(statement)</p>
    \(choices.map { "\($0.html(named: "Recommendation \(number)"))\n" as HTML })\
    \(candidates.map(evidence))\
    \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())\(footer.html)</figure>
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
