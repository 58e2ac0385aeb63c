package import Experiments
package import Formats
import Foundation

/// What a build will do: every cell of every experiment, and which of them are known already.
package struct ReportPlan: Sendable {
  package let report: ParsedReport
  package let experiments: [PlannedExperiment]
  /// Every cell once, in the order of the source.
  package let cells: [PlannedCell]
  /// Mistakes that do not stop the build.
  package let warnings: [Diagnostic]
  /// What others published, one for each reference block, in the order of the source.
  package var published: [PublishedNumbers] = []

  /// The cells that must run.
  package var pending: [PlannedCell] { cells.filter { $0.cached == nil } }

  /// The results known when the plan was made, by key.
  package var known: [String: CellResult] {
    Dictionary(
      cells.compactMap { cell in cell.cached.map { (cell.cell.key, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

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
    var shapes: [ExperimentShape] = []
    var unreadable = reading.unreadableExperiments
    for block in report.experiments {
      diagnostics +=
        block.tune?.diagnostics(
          reported: report.experiments.filter { $0.task.value == block.task.value }) ?? []
      let (experiment, shape) = resolver.resolve(block)
      if let experiment { resolved.append(experiment) }
      shapes.append(shape)
    }
    diagnostics += resolver.diagnostics
    var published: [PublishedNumbers] = []
    for block in report.blocks(PublishedBlock.self) {
      let reading = PublishedReader(block, workspace: workspace).read()
      diagnostics += reading.diagnostics
      if let numbers = reading.numbers {
        published.append(numbers)
      } else {
        unreadable.insert(block.label)
      }
    }
    diagnostics += report.diagnostics(
      against: ExperimentCatalog(shapes, published: published, unreadable: unreadable))
    diagnostics += report.unsafeAddresses + report.pictureDiagnostics(in: workspace)
    diagnostics += report.linkDiagnostics(in: workspace)
    diagnostics += ReferenceCheck.diagnostics(report)
    diagnostics += report.blocks.flatMap {
      $0.warnings(among: resolved.map(\.planned), published: published)
    }
    diagnostics = Self.inOrder(diagnostics)
    // Whatever else is wrong, what the data of the others holds is looked at too.
    var cells = try cells(of: resolved, refreshing: refreshing)
    let damage = StoreDamage.lines(store.takeDamage()).map {
      Diagnostic(
        .damagedState, at: SourcePosition(file: workspace.shownPath(workspace.database), line: 1),
        $0, severity: .warning)
    }
    var material = MaterialCheck(catalog: catalog)
    material.check(
      resolved, pending: Set(cells.filter { $0.cached == nil }.map(\.cell.key)))
    let all = Self.inOrder(diagnostics + material.diagnostics)
    guard !all.contains(where: { $0.severity == .error }) else {
      return Planning(plan: nil, diagnostics: all + damage)
    }
    try predictMemory(of: &cells, in: resolved, material.materials)
    return Planning(
      plan: ReportPlan(
        report: report, experiments: resolved.map(\.planned), cells: cells, warnings: diagnostics,
        published: published),
      diagnostics: all + damage)
  }

  /// Each once, in the order of the source.
  private static func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return diagnostics.filter { seen.insert($0).inserted }
      .sorted { ($0.position, $0.message) < ($1.position, $1.message) }
  }

  private func cells(
    of experiments: [ResolvedExperiment],
    refreshing: (PlannedExperiment.Place, _ experiment: String) -> Bool
  ) throws -> [PlannedCell] {
    let keys = experiments.flatMap { $0.planned.places.flatMap { [$0.key] + $0.trials } }
    let known = try store.latest(for: keys)
    let damaged = store.damagedKeys
    // Every stored result is read for them, which a plan with nothing to run does not need.
    var timings: [TimingKey: Timing]?
    var refreshed: Set<String> = []
    for experiment in experiments {
      for place in experiment.planned.places where refreshing(place, experiment.planned.block.label)
      {
        refreshed.formUnion([place.key] + place.trials)
      }
    }
    var cells: [PlannedCell] = []
    var seen: Set<String> = []
    for experiment in experiments {
      for place in experiment.planned.places {
        // A result that is there has the record of its trials, which then need not run.
        let isKnown = known[place.key] != nil && !refreshed.contains(place.key)
        let trials = place.trials.filter { !isKnown || known[$0] != nil }
        for key in trials + [place.key] where seen.insert(key).inserted {
          guard let (cell, _) = experiment.cells[key] else { continue }
          let stored = known[key]
          let isRefreshed = refreshed.contains(key)
          let cached = isRefreshed ? nil : stored
          if cached == nil { timings = try timings ?? store.timings() }
          cells.append(
            PlannedCell(
              cell: cell, method: place.method, experiment: experiment.planned.block.label,
              cached: cached,
              reason: cached == nil
                ? try reason(
                  cell, method: place.method, isRefreshed: isRefreshed && stored != nil,
                  isDamaged: damaged.contains(cell.key))
                : nil,
              predictedSeconds: cached == nil ? timings?[TimingKey(cell.recipe)]?.seconds : nil))
        }
      }
    }
    return cells
  }

  /// Predicts what the cells that must run need, once for all seeds of a method and number of shots.
  private func predictMemory(
    of cells: inout [PlannedCell], in experiments: [ResolvedExperiment],
    _ materials: [String: ExperimentMaterial]
  ) throws {
    struct Kind: Hashable {
      let experiment: String
      let method: String
      let shots: Int
    }
    let methods = experiments.reduce(into: [String: Method]()) { methods, experiment in
      for (key, value) in experiment.cells { methods[key] = methods[key] ?? value.method }
    }
    var groups: [Kind: [Int]] = [:]
    for (index, cell) in cells.enumerated() where cell.cached == nil {
      let kind = Kind(
        experiment: cell.experiment, method: cell.method, shots: cell.cell.recipe.shots)
      groups[kind, default: []].append(index)
    }
    var forecasts: [ExperimentMaterial.Name: MemoryForecast] = [:]
    for material in materials.values where forecasts[material.name] == nil {
      forecasts[material.name] = try MemoryForecast(
        task: material.task, options: material.name.options, model: material.name.model,
        tokenizers: material.tokenizers, catalog: catalog)
    }
    // A worker keeps what it has loaded for cells of other experiments.
    let kept = forecasts.values.reduce(0) { $0 + $1.keptBytes }
    for (kind, indices) in groups {
      guard let material = materials[kind.experiment], let forecast = forecasts[material.name],
        let method = indices.first.flatMap({ methods[cells[$0].cell.key] })
      else { continue }
      do {
        var estimate = try forecast.estimate(method, indices.map { cells[$0].cell })
        estimate.resident += kept - forecast.keptBytes
        for index in indices { cells[index].memory = estimate }
      } catch is MethodError, is TaskError {
        // The worker fails for the same reason as soon as it binds the method, and reports it.
        continue
      }
    }
  }

  private func reason(
    _ cell: Cell, method: String, isRefreshed: Bool, isDamaged: Bool
  ) throws -> PendingReason {
    if isRefreshed { return .requestedAgain }
    if isDamaged { return .unusable }
    if case .failed(let reason)? = try store.history(of: cell.key).last?.status {
      return .failed(reason)
    }
    guard let nearest = try store.nearestRecipe(to: cell.recipe, method: method) else {
      return .neverRun
    }
    let differences = RecipeDifference.between(nearest, cell.recipe).map(\.description)
    return differences.isEmpty ? .neverRun : .changed(differences.joined(separator: ", "))
  }
}

extension ParsedReport {
  /// Looks up every name that charts, tables, claims and inline values use.
  fileprivate func diagnostics(against shapes: ExperimentCatalog) -> [Diagnostic] {
    blocks.flatMap { $0.check(against: shapes) }
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
