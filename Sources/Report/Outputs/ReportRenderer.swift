package import Experiments
import Formats

/// Turns a plan and its results into the files of a report.
///
/// Equal plans, results and versions give equal bytes: no clock, no order of a dictionary and not
/// which cells were cached reaches a file.
package struct ReportRenderer {
  private let plan: ReportPlan
  private let results: [String: CellResult]
  private let facts: [String: TaskFacts]
  private let name: String
  private let generatorVersion: String
  private let command: ReproductionCommand
  private let chartCache: (any ChartCache)?
  private let image: (String) -> String?

  /// Prepares to render.
  ///
  /// - Parameters:
  ///   - plan: What was to be run.
  ///   - results: By key; a cell without one is shown as missing.
  ///   - facts: What is known of the examples of an experiment, by its label.
  ///   - name: Of the files, without extension; from the source's name unless given.
  ///   - generatorVersion: As in "0.1.0".
  ///   - command: The words that build the report, from `build` on, for readers who want to make it
  ///     again.
  ///   - chartCache: Keeps drawn charts between builds.
  ///   - image: The address to load a picture of the source from, a `data:` address for a
  ///     self-contained page; nil if there is no such picture.
  package init(
    plan: ReportPlan, results: [String: CellResult], facts: [String: TaskFacts] = [:],
    name: String? = nil, generatorVersion: String, command: [String],
    chartCache: (any ChartCache)? = nil,
    image: @escaping (String) -> String? = { _ in nil }
  ) {
    self.plan = plan
    self.results = results
    self.facts = facts
    self.name = name ?? Self.name(ofSource: plan.report.source.file)
    self.generatorVersion = generatorVersion
    self.command = ReproductionCommand(words: command)
    self.chartCache = chartCache
    self.image = image
  }

  /// Evaluates the results and writes the files' texts.
  ///
  /// - Returns: The texts and counts.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  package func rendered() throws(RenderingError) -> RenderedReport {
    let evaluated = EvaluatedReport(plan: plan, results: results, facts: facts)
    let prose = Prose(frame: evaluated.frame, references: evaluated.references, image: image)
    let page = try PageRenderer(
      evaluated: evaluated, prose: prose, painter: ChartPainter(cache: chartCache),
      generatorVersion: generatorVersion, command: command, csv: "\(name).csv"
    ).page()
    return RenderedReport(
      html: page.html.text,
      json: ReportJSON(evaluated, generatorVersion: generatorVersion).text,
      csv: ReportCSV(evaluated).text,
      refutedClaims: evaluated.claims.count { $0.verdict.outcome == .refuted },
      failedChecks: evaluated.checks.count { $0.status == .fail },
      warnedChecks: evaluated.checks.count { $0.status == .warn },
      failedCells: evaluated.counts.failed, divergedCells: evaluated.counts.diverged,
      missingCells: evaluated.counts.missing, diagnostics: warnings(evaluated, prose))
  }

  /// The name of a source's files: `reports/lowres.md` becomes `lowres`.
  package static func name(ofSource file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return last }
    return String(last[..<dot])
  }

  private func warnings(_ evaluated: EvaluatedReport, _ prose: Prose) -> [Diagnostic] {
    let values = plan.report.document.inlineValues.compactMap { expression, position in
      let value = prose.rendered(SourceText(expression, at: position))
      return value.isMissing
        ? Diagnostic(
          .missingResult, at: position, "'\(expression)' has no value: \(value.tooltip)",
          severity: .warning) : nil
    }
    let claims = evaluated.claims.filter { $0.verdict.outcome == .notEvaluated }.map { claim in
      Diagnostic(
        .missingResult, at: claim.block.position,
        "claim '\(claim.block.label)' was not evaluated: "
          + claim.verdict.notes.joined(separator: " "), severity: .warning)
    }
    return (values + claims).sorted { $0.position < $1.position }
  }
}
