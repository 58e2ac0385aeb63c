import Dispatch
package import Experiments
package import Formats
import Synchronization

/// Turns a plan and its results into the files of a report.
///
/// Equal plans, results and versions give equal bytes: no clock, no order of a dictionary and not
/// which cells were cached reaches a file.
package struct ReportRenderer {
  private let plan: ReportPlan
  private let results: [String: CellResult]
  private let facts: [String: TaskFacts]
  private let texts: [String: LoadedTask]
  private let name: String
  private let generatorVersion: String
  private let command: ReproductionCommand
  private let chartCache: (any ChartCache)?
  private let image: (String) -> String?
  private let link: (String) -> String
  private let paths: LocalPaths
  private let exceptions: [String]

  /// Prepares to render.
  ///
  /// - Parameters:
  ///   - plan: What was to be run.
  ///   - results: By key; a cell without one is shown as missing.
  ///   - facts: What is known of the examples of an experiment, by its label.
  ///   - texts: The examples of experiments that a block needs, by their labels.
  ///   - name: Of the files, without extension; from the source's name unless given.
  ///   - generatorVersion: As in "0.1.0".
  ///   - command: The words that build the report, from `build` on, for readers who want to make it
  ///     again.
  ///   - chartCache: Keeps drawn charts between builds.
  ///   - image: The address to load a picture of the source from, a `data:` address for a
  ///     self-contained page; nil if there is no such picture.
  ///   - link: The address on the page of what a link of the source leads to.
  ///   - paths: What no file may quote.
  ///   - exceptions: Why the report is not what it should be, for the top of the page.
  package init(
    plan: ReportPlan, results: [String: CellResult], facts: [String: TaskFacts] = [:],
    texts: [String: LoadedTask] = [:], name: String? = nil, generatorVersion: String,
    command: [String],
    chartCache: (any ChartCache)? = nil,
    image: @escaping (String) -> String? = { _ in nil },
    link: @escaping (String) -> String = { $0 }, paths: LocalPaths = LocalPaths(),
    exceptions: [String] = []
  ) {
    self.plan = plan
    self.results = results
    self.facts = facts
    self.texts = texts
    self.name = name ?? Self.name(ofSource: plan.report.source.file)
    self.generatorVersion = generatorVersion
    self.command = ReproductionCommand(words: command)
    self.chartCache = chartCache
    self.image = image
    self.link = link
    self.paths = paths
    self.exceptions = exceptions
  }

  /// Evaluates the results and writes the files' texts.
  ///
  /// - Returns: The texts and counts.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  package func rendered() throws(RenderingError) -> RenderedReport {
    let evaluated = EvaluatedReport(plan: plan, results: results, facts: facts, texts: texts)
    let (experiments, frame) = (plan.experiments, evaluated.frame)
    let csv = Meanwhile { [paths] in
      paths.removed(from: ReportCSV(experiments, frame: frame).text, .csv)
    }
    let cells = Meanwhile { ReportJSON.cells(of: experiments, in: frame) }
    let prose = Prose(
      frame: frame, references: evaluated.references, image: image, link: link)
    let page = try PageRenderer(
      evaluated: evaluated, prose: prose, painter: ChartPainter(cache: chartCache),
      generatorVersion: generatorVersion, command: command, csv: Address.ofFile("\(name).csv"),
      exceptions: exceptions
    ).page()
    // Last, with every aggregate that the page has asked for.
    let document = ReportJSON(
      evaluated, cells: cells.value, generatorVersion: generatorVersion
    ).document
    let json = Meanwhile { [paths] in paths.removed(from: document.text + "\n", .json) }
    var record = ReportRecord(
      evaluated, name: name, source: paths.removed(from: plan.report.source.file, .csv),
      generatorVersion: generatorVersion)
    record.exceptions = exceptions
    return RenderedReport(
      html: paths.removed(from: page.html.text, .html),
      json: json.value, csv: csv.value, record: record,
      refutedClaims: evaluated.kinds.flatMap(\.blocks).count(where: \.isRefuted),
      failedChecks: evaluated.checks.count { $0.status == .fail },
      warnedChecks: evaluated.checks.count { $0.status == .warn },
      failedCells: evaluated.counts.failed, divergedCells: evaluated.counts.diverged,
      missingCells: evaluated.counts.missing,
      advice: evaluated.kinds.flatMap(\.blocks).compactMap(Advice.init),
      diagnostics: warnings(evaluated, prose))
  }

  /// The name of a source's files: `reports/lowres.md` becomes `lowres`.
  package static func name(ofSource file: String) -> String {
    let last = file.split(atByte: "/").last.map(String.init) ?? file
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
    let blocks = evaluated.kinds.flatMap(\.blocks).flatMap(\.warnings)
    return (values + blocks).sorted { $0.position < $1.position }
  }
}

/// A value that another thread computes while this one goes on.
private final class Meanwhile<Value: Sendable>: Sendable {
  private let result = Mutex<Value?>(nil)
  private let group = DispatchGroup()

  init(_ work: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: group) { [result = self] in
      let value = work()
      result.result.withLock { $0 = value }
    }
  }

  /// Waits for it.
  var value: Value {
    group.wait()
    guard let value = result.withLock(\.self) else {
      preconditionFailure("the work has ended without a value")
    }
    return value
  }
}

/// The files a report becomes, and what a build has to say about them.
package struct RenderedReport: Hashable, Sendable {
  /// `NAME.html`, self-contained.
  package let html: String
  /// `NAME.json`, schema `ftreport.report/2`.
  let json: String
  /// `NAME.csv`, one row per cell × evaluation set × metric.
  package let csv: String
  /// The report in brief, for lists of reports.
  let record: ReportRecord
  let refutedClaims: Int
  /// Failed validity checks: numbers do not mean what they seem to.
  let failedChecks: Int
  /// Validity checks that found something a reader should know.
  let warnedChecks: Int
  let failedCells: Int
  let divergedCells: Int
  /// Cells without a result.
  let missingCells: Int
  let advice: [Advice]
  /// Warnings about values and claims that have no results, in the order of the source.
  package let diagnostics: [Diagnostic]
}

/// A recommendation for a terminal.
package struct Advice: Hashable, Sendable {
  package let statement: String
  package let command: TrainCommand

  /// What a block recommends; nil for nothing.
  init?(_ block: any EvaluatedBlock) {
    guard let headline = block.headline, let command = block.command else { return nil }
    statement = headline.plainText
    self.command = command
  }
}

/// A report's results with everything that is computed from them, before any of it is set.
struct EvaluatedReport {
  /// One cell of the plan with what came of it.
  struct CellState {
    let planned: PlannedCell
    let result: CellResult?

    /// "lora at 16 shots, seed 3".
    var name: String {
      let recipe = planned.cell.recipe
      // A method that reads no examples has one cell for all of them.
      guard recipe.shots > 0 else { return planned.method }
      return "\(planned.method) at \(recipe.shots) shots, seed \(recipe.seed)"
        + (recipe.initSeed.map { ", initialization \($0)" } ?? "")
    }
  }

  /// The blocks of one kind, with what the results make of them.
  struct Kind {
    let type: any ReportBlock.Type
    let blocks: [any EvaluatedBlock]
  }

  /// How the cells ended.
  struct Counts: Hashable {
    let failed: Int
    let diverged: Int
    let missing: Int
  }

  let plan: ReportPlan
  let frame: ResultFrame
  let estimates: EstimateTable
  /// Every contrast of the page with its one interval.
  let book: ContrastBook
  let references: ReferenceTable
  let cells: [CellState]
  let counts: Counts
  /// Every kind of block there is.
  let kinds: [Kind]
  let checks: [ValidityCheck]

  init(
    plan: ReportPlan, results: [String: CellResult], facts: [String: TaskFacts] = [:],
    texts: [String: LoadedTask] = [:]
  ) {
    self.plan = plan
    let frame = ResultFrame(plan: plan, results: results, facts: facts)
    self.frame = frame
    let table = EstimateTable(frame)
    estimates = table
    let book = ContrastBook(plan.families, table: table.scores, names: plan.contrastNames)
    self.book = book
    references = ReferenceTable(plan.report.document, styles: BlockRegistry.standard.references)
    // A trial is no result of the page; one that failed has a cell that could not read it.
    cells = plan.cells.filter { !$0.isTrial }
      .map { CellState(planned: $0, result: results[$0.cell.key]) }
    counts = Counts(
      failed: cells.count { $0.result?.hasFailed == true },
      diverged: cells.count { $0.result?.hasDiverged == true },
      missing: cells.count { $0.result == nil })
    let evaluation = EvaluatedResults(
      experiments: plan.experiments, published: plan.published, frame: frame, estimates: table,
      book: book, facts: facts, texts: texts)
    kinds = BlockRegistry.standard.types.map { type in
      Kind(type: type, blocks: Self.evaluated(type, of: plan.report, on: evaluation))
    }
    checks = ValidityCheck.all(plan.experiments, frame: frame, facts: facts, book: book)
  }

  private static func evaluated<Block: ReportBlock>(
    _ kind: Block.Type, of report: ParsedReport, on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    Block.evaluated(report.blocks(kind), on: evaluation)
  }

  /// What the results make of the blocks of one kind.
  func blocks<Block: EvaluatedBlock>(_ kind: Block.Type) -> [Block] {
    kinds.flatMap(\.blocks).compactMap { $0 as? Block }
  }
}

extension ResultFrame {
  /// The results of a plan by the names its source uses.
  ///
  /// - Parameters:
  ///   - plan: Maps methods, numbers of shots and seeds to cells.
  ///   - results: By key; a cell without one has not run.
  ///   - facts: What is known of the examples of an experiment, by its label.
  package init(
    plan: ReportPlan, results: [String: CellResult], facts: [String: TaskFacts] = [:]
  ) {
    self.init(
      plan.experiments.map { experiment in
        ExperimentResults(
          shape: experiment.shape,
          entries: experiment.places.map { place in
            ExperimentResults.Entry(
              method: place.method, shots: place.shots, seed: place.seed,
              initSeed: place.initSeed, result: results[place.key])
          })
      }, published: plan.published,
      answers: Dictionary(
        plan.experiments.compactMap { experiment in
          facts[experiment.block.label].map { facts in
            (
              experiment.block.label,
              AnswerKey(
                task: experiment.task.name, classNames: experiment.task.labels,
                labels: facts.labels, groups: facts.groups)
            )
          }
        }, uniquingKeysWith: { first, _ in first }))
  }
}
