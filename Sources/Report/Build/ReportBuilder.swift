package import Experiments
import Formats
import Foundation
import Synchronization

/// Runs what is missing, stores each result as it arrives, and writes the page.
package struct ReportBuilder: Sendable {
  private let workspace: Workspace
  private let store: ResultStore
  private let executor: any Executor
  private let workers: Int
  private let version: String

  package init(
    workspace: Workspace, store: ResultStore, executor: any Executor, workers: Int,
    version: String
  ) {
    self.workspace = workspace
    self.store = store
    self.executor = executor
    self.workers = workers
    self.version = version
  }

  /// Executes and renders a plan.
  ///
  /// - Parameters:
  ///   - plan: From ``ReportPlanner``.
  ///   - options: Of the command line.
  ///   - watch: Receives what happens, one event at a time.
  /// - Returns: How it went; the page is written in any case.
  /// - Throws: When no worker can start, or an output file cannot be written.
  package func build(
    _ plan: ReportPlan, options: BuildOptions, watch: @escaping @Sendable (BuildEvent) -> Void
  ) async throws -> BuildOutcome {
    var outcome = BuildOutcome()
    outcome.cells = plan.cells.count
    var results = plan.known
    outcome.cached = results.count
    let jobs = options.executes ? jobs(of: plan, options: options) : []
    if !options.executes { outcome.stale = plan.pending.count }
    watch(
      .planned(
        cells: outcome.cells, cached: outcome.cached, running: jobs.count, workers: workers,
        predictedSeconds: Forecast(jobs).seconds(workers: workers)))
    let stored =
      options.filter == nil ? [:] : try store.latest(for: jobs.map(\.cell.key))
    if !jobs.isEmpty {
      let build = try store.beginBuild(
        of: plan.report.source.file, planned: outcome.cells, cached: outcome.cached, at: now)
      let ran = try await run(
        jobs, known: results, build: build, failsFast: options.failsFast, watch: watch)
      outcome.ran = ran.count
      outcome.wasCancelled = Task.isCancelled
      for result in ran { results[result.key] = result }
      try store.finishBuild(
        build, outcome: outcome.wasCancelled ? "interrupted" : "finished", at: now)
    }
    if options.filter != nil {
      let ran = Set(jobs.map(\.cell.key))
      let wanted = plan.wantedKeys(options)
      let shown = plan.cells.filter { !$0.isTrial && wanted.contains($0.cell.key) }
      outcome.comparisons = shown.compactMap { cell in
        results[cell.cell.key].map { [stored] result in
          CellComparison(
            cell, result: result, stored: stored[cell.cell.key], hasRun: ran.contains(result.key))
        }
      }
    }
    try render(plan, results: results, options: options, into: &outcome)
    return outcome
  }

  private func jobs(of plan: ReportPlan, options: BuildOptions) -> [PlannedCell] {
    let wanted = plan.wantedKeys(options)
    let jobs = plan.pending.filter { wanted.contains($0.cell.key) }
    // The longest first, so that no worker is left with one at the end; equals keep their order.
    return jobs.enumerated().sorted {
      let (a, b) = ($0.element.expectedCost, $1.element.expectedCost)
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
  }

  private func run(
    _ jobs: [PlannedCell], known: [String: CellResult], build: Int, failsFast: Bool,
    watch: @escaping @Sendable (BuildEvent) -> Void
  ) async throws -> [CellResult] {
    let planned = Dictionary(
      jobs.map { ($0.cell.key, $0) }, uniquingKeysWith: { first, _ in first })
    let finished = Mutex<[CellResult]>([])
    let (failures, failed) = AsyncStream<Void>.makeStream()
    let execution = Task { [store, executor, planned] in
      defer { failed.finish() }
      return try await executor.run(
        jobs.map { job in
          CellJob(
            job.cell, predictedBytes: job.memory?.resident ?? 0,
            known: (job.cell.recipe.inputs ?? []).compactMap { known[$0] })
        }
      ) { event in
        let method = planned[event.cell.key]?.method ?? ""
        if case .finished(let cell, _, var result) = event {
          result.memory.predictedPeak = planned[cell.key]?.memory?.peak
          finished.withLock { [result] in $0.append(result) }
          do throws(StoreError) {
            try store.append(
              result, cell: cell, method: method, build: build,
              recorded: Date().timeIntervalSince1970)
          } catch {
            watch(.notStored("\(error)"))
          }
        }
        watch(.execution(event, method: method))
        if failsFast, case .finished(_, _, let result) = event, result.isFailure { failed.yield() }
      }
    }
    let stopper = Task { for await _ in failures { execution.cancel() } }
    defer { stopper.cancel() }
    _ = try await withTaskCancellationHandler {
      try await execution.value
    } onCancel: {
      execution.cancel()
    }
    return finished.withLock(\.self)
  }

  private func render(
    _ plan: ReportPlan, results: [String: CellResult], options: BuildOptions,
    into outcome: inout BuildOutcome
  ) throws {
    let product = try ReportMaker(workspace: workspace, version: version)
      .product(of: plan, results: results, command: options.command)
    let rendered = product.report
    outcome.failed = rendered.failedCells
    outcome.diverged = rendered.divergedCells
    outcome.missing = rendered.missingCells
    outcome.advice = rendered.advice
    outcome.refutedClaims = rendered.refutedClaims
    outcome.failedChecks = rendered.failedChecks
    outcome.warnedChecks = rendered.warnedChecks
    outcome.warnings = product.warnings
    guard let output = options.output else { return }
    outcome.page = output.appendingPathComponent("\(product.name).html").path
    outcome.linkedPages = product.pages.map { output.appendingPathComponent("\($0).html").path }
    if options.filter != nil, let lost = Self.lostResults(in: output, product, results: results) {
      outcome.keptResults = lost
    } else {
      try product.write(to: output)
    }
  }

  /// How many results of the page that is there would become gaps, as the source or its data has
  /// changed since; nil for none.
  private static func lostResults(
    in folder: URL, _ product: ReportMaker.Product, results: [String: CellResult]
  ) -> Int? {
    struct Page: Decodable {
      struct Cell: Decodable {
        let key: String
        let status: String
      }
      let cells: [Cell]
    }
    let file = folder.appendingPathComponent("\(product.name).json")
    guard let data = try? Data(contentsOf: file),
      let page = try? JSONCoding.value(Page.self, from: data)
    else { return nil }
    let shown = page.cells.filter { $0.status != "missing" }.map(\.key)
    let lost = Set(shown).subtracting(results.keys).count
    return lost > 0 ? lost : nil
  }

  private var now: Double { Date().timeIntervalSince1970 }
}

extension CellResult {
  /// Whether the cell could not be run; a diverged one was.
  var isFailure: Bool {
    if case .failed = status { return true }
    return false
  }
}

extension ExecutionEvent {
  /// The cell something happened to.
  package var cell: Cell {
    switch self {
    case .started(let cell, _), .progress(let cell, _, _, _), .retried(let cell, _, _),
      .finished(let cell, _, _):
      cell
    }
  }
}

extension PlannedCell {
  /// Seconds, or a guess that orders cells by how much they read if none are known.
  var expectedCost: Double {
    predictedSeconds ?? Double(1 + cell.recipe.shots) * (cell.recipe.adaptation == "none" ? 0.1 : 1)
  }
}

extension ReportPlan {
  /// Keys of the cells that the options let run, and of those that they read.
  func wantedKeys(_ options: BuildOptions) -> Set<String> {
    var keys: Set<String> = []
    for experiment in experiments {
      let label = experiment.block.label
      guard options.only.isEmpty || options.only.contains(label) else { continue }
      for place in experiment.places where options.filter?.matches(place, of: label) ?? true {
        keys.formUnion([place.key] + place.trials)
      }
    }
    return keys
  }
}

/// How long cells will take together.
struct Forecast {
  private let known: [Double]
  private let unknown: Int

  init(_ cells: [PlannedCell]) {
    known = cells.compactMap(\.predictedSeconds)
    unknown = cells.count - known.count
  }

  /// Wall-clock seconds on this many workers; nil if nothing is known.
  func seconds(workers: Int) -> Double? {
    guard !known.isEmpty else { return nil }
    let mean = known.reduce(0, +) / Double(known.count)
    return (known.reduce(0, +) + Double(unknown) * mean) / Double(max(1, workers))
  }
}
