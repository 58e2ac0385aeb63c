package import Experiments
package import Formats
import Foundation

/// Looks up everything a report names and decides what must run.
package struct ReportPlanner {
  /// A plan, or the mistakes that prevent one.
  package struct Planning: Sendable {
    package var plan: ReportPlan?
    /// In the order of the source; with a plan, only warnings.
    package var diagnostics: [Diagnostic]
  }

  private let workspace: Workspace
  private let store: ResultStore
  private let catalog: MethodCatalog
  private let tasks: TaskCatalog

  package init(
    workspace: Workspace, store: ResultStore, catalog: MethodCatalog = .builtin,
    tasks: TaskCatalog = .published
  ) {
    self.workspace = workspace
    self.store = store
    self.catalog = catalog
    self.tasks = tasks
  }

  /// Plans a report; nothing is run.
  ///
  /// - Parameters:
  ///   - reading: From ``ReportReader``.
  ///   - refreshing: Keys that count as unknown for which this returns true.
  /// - Returns: The plan, unless the source has an error.
  /// - Throws: ``StoreError`` when the results database cannot be read.
  package func plan(
    _ reading: ReportReader.Reading,
    refreshing: (PlannedExperiment.Place, _ experiment: String) -> Bool = { _, _ in false }
  ) throws -> Planning {
    guard let report = reading.report else {
      return Planning(plan: nil, diagnostics: reading.diagnostics)
    }
    var diagnostics = reading.diagnostics
    var resolver = ExperimentResolver(
      workspace: workspace, store: store, catalog: catalog, tasks: tasks)
    var resolved: [ResolvedExperiment] = []
    var unreadable = reading.unreadableExperiments
    for block in report.experiments {
      if let experiment = resolver.resolve(block) {
        resolved.append(experiment)
      } else {
        unreadable.insert(block.label)
      }
    }
    diagnostics += resolver.diagnostics
    var published: [PublishedNumbers] = []
    for block in report.references {
      let reading = PublishedReader(block, workspace: workspace).read()
      diagnostics += reading.diagnostics
      if let numbers = reading.numbers {
        published.append(numbers)
      } else {
        unreadable.insert(block.label)
      }
    }
    let shapes = ExperimentCatalog(
      resolved.map(\.planned.shape), published: published, unreadable: unreadable)
    diagnostics += report.diagnostics(against: shapes)
    diagnostics += report.pictureDiagnostics(folder: workspace.sourceFolder)
    diagnostics += ReferenceCheck.diagnostics(report)
    diagnostics += report.claims.compactMap { claim in
      claim.unequalShots(in: resolved.map(\.planned), published: published).map { words in
        Diagnostic(
          .unequalShots, at: claim.assertion.comparisonPosition, "the claim compares \(words)",
          help: "compare equal numbers of examples, or write 'across-shots: true' if this is meant",
          severity: .warning)
      }
    }
    var seen: Set<Diagnostic> = []
    diagnostics = diagnostics.filter { seen.insert($0).inserted }
      .sorted { ($0.position, $0.message) < ($1.position, $1.message) }
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      return Planning(plan: nil, diagnostics: diagnostics)
    }
    let cells = try cells(of: resolved, refreshing: refreshing)
    let late = resolver.checkBeforeRunning(
      resolved, pending: Set(cells.filter { $0.cached == nil }.map(\.cell.key)))
    guard !late.contains(where: { $0.severity == .error }) else {
      return Planning(plan: nil, diagnostics: diagnostics + late)
    }
    return Planning(
      plan: ReportPlan(
        report: report, experiments: resolved.map(\.planned), cells: cells, warnings: diagnostics,
        published: published),
      diagnostics: diagnostics + late)
  }

  private func cells(
    of experiments: [ResolvedExperiment],
    refreshing: (PlannedExperiment.Place, _ experiment: String) -> Bool
  ) throws -> [PlannedCell] {
    let keys = experiments.flatMap { $0.planned.places.map(\.key) }
    let known = try store.latest(for: keys)
    let timings = try store.timings()
    var refreshed: Set<String> = []
    for experiment in experiments {
      for place in experiment.planned.places where refreshing(place, experiment.planned.block.label)
      {
        refreshed.insert(place.key)
      }
    }
    var cells: [PlannedCell] = []
    var seen: Set<String> = []
    var memory = MemoryEstimate()
    for experiment in experiments {
      for place in experiment.planned.places where seen.insert(place.key).inserted {
        guard let (cell, method) = experiment.cells[place.key] else { continue }
        let stored = known[place.key]
        let isRefreshed = refreshed.contains(place.key)
        let cached = isRefreshed ? nil : stored
        cells.append(
          PlannedCell(
            cell: cell, method: place.method, experiment: experiment.planned.block.label,
            cached: cached,
            reason: cached == nil
              ? try reason(cell, method: place.method, isRefreshed: isRefreshed && stored != nil)
              : nil,
            predictedSeconds: timings[TimingKey(cell.recipe)]?.seconds,
            predictedBytes: cached == nil
              ? try memory.bytes(
                method, model: experiment.model.description, shots: place.shots,
                teacher: cell.teacherPath.map { URL(fileURLWithPath: $0, isDirectory: true) })
              : nil))
      }
    }
    return cells
  }

  private func reason(
    _ cell: Cell, method: String, isRefreshed: Bool
  ) throws -> String {
    if isRefreshed { return "asked for afresh" }
    if case .failed(let reason)? = try store.history(of: cell.key).last?.status {
      return "failed before: \(reason)"
    }
    guard let nearest = try store.nearestRecipe(to: cell.recipe, method: method) else {
      return "never run"
    }
    let differences = RecipeDifference.between(nearest, cell.recipe).map(\.description)
    return differences.isEmpty ? "never run" : differences.joined(separator: ", ")
  }
}

extension ParsedReport {
  /// Looks up every name that charts, tables, claims and inline values use.
  fileprivate func diagnostics(against shapes: ExperimentCatalog) -> [Diagnostic] {
    let blocks: [any ReportBlock] =
      charts + tables + claims + comparisons + references + recommendations
    return blocks.flatMap { $0.check(against: shapes) }
      + document.inlineValues.flatMap { expression, position -> [Diagnostic] in
        do throws(Diagnostic) {
          return try ValueExpression(parsing: SourceText(expression, at: position))
            .check(against: shapes)
        } catch {
          return [error]
        }
      }
  }
}
