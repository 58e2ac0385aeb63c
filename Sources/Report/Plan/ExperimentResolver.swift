import Engine
import Experiments
import Formats
import Foundation

/// An experiment block with what the planner needs beyond what a page shows.
struct ResolvedExperiment {
  let planned: PlannedExperiment
  let model: ModelSummary
  let modelFolder: URL
  /// Every cell by key, with its method.
  let cells: [String: (cell: Cell, method: Method)]
}

/// Looks up what experiment blocks name: tasks, data, models and methods.
struct ExperimentResolver {
  let workspace: Workspace
  let store: ResultStore
  let catalog: MethodCatalog
  let tasks: TaskCatalog
  private(set) var diagnostics: [Diagnostic] = []
  private var models: [URL: ModelSummary] = [:]

  init(
    workspace: Workspace, store: ResultStore, catalog: MethodCatalog, tasks: TaskCatalog
  ) {
    self.workspace = workspace
    self.store = store
    self.catalog = catalog
    self.tasks = tasks
  }

  /// Resolves a block, or explains in ``diagnostics`` why it cannot be.
  ///
  /// - Returns: The experiment, nil for one that cannot run, and what is known about it in any case,
  ///   against which the names that others use are checked.
  mutating func resolve(
    _ block: ExperimentBlock
  ) -> (experiment: ResolvedExperiment?, shape: ExperimentShape) {
    let source = task(of: block)
    let experiment = resolve(block, source)
    return (experiment, experiment?.planned.shape ?? Self.shape(of: block, source?.definition))
  }

  private mutating func resolve(
    _ block: ExperimentBlock, _ source: TaskSource?
  ) -> ResolvedExperiment? {
    let before = errors
    let modelFolder = folder(ofModel: block.model)
    let model =
      if let modelFolder { model(at: modelFolder, called: block.model) } else { ModelSummary?.none }
    guard let source else { return nil }
    let task = source.definition
    let methods = methods(of: block, task: task, model: model)
    let dataFolder =
      block.data.map { workspace.folder($0.value) } ?? source.folder ?? workspace.folder(".")
    let loader = TaskLoader(folder: dataFolder, cache: store)
    let sets = block.evaluation.sets.map { $0.map(\.value) }
    if sets == [] {
      diagnostics.append(
        Diagnostic(
          .invalidValue, at: block.position, "'sets' names no evaluation set",
          help: "choose from \(task.evaluations.map(\.name).joined(separator: ", "))"))
    }
    if let pattern = block.pattern, !task.patternNames.contains(pattern.value) {
      report(
        TaskError(.unknownPattern(pattern.value, known: task.patternNames)),
        at: pattern.position)
    }
    var sources: [DataSource] = []
    var fingerprints = DataFingerprints()
    var block = block
    do throws(TaskError) {
      sources = try loader.sources(of: task, sets: sets)
      fingerprints = try loader.fingerprints(of: task, sets: sets)
      if block.asksForAllShots { block = block.counted(in: try loader.load(task, sets: [])) }
    } catch {
      report(error, at: block.place(of: error))
    }
    guard errors == before, let model, let modelFolder else { return nil }
    var factory = CellFactory(
      task: task,
      taskOptions: TaskOptions(
        limit: block.evaluation.limit?.value, sets: sets,
        counting: ShotCounting(block.shotsPer.value), folds: block.validation?.folds),
      dataPath: dataFolder.path, data: fingerprints, modelPath: modelFolder.path,
      model: model, threads: block.threads?.value ?? 1)
    factory.teachers = teachers(of: methods, in: block, student: model)
    guard errors == before else { return nil }
    return experiment(
      block, factory: factory, methods: methods, folder: modelFolder,
      notes: Set(sources.compactMap(\.note)).sorted())
  }

  private mutating func experiment(
    _ block: ExperimentBlock, factory: CellFactory, methods: [Method], folder: URL, notes: [String]
  ) -> ResolvedExperiment? {
    var places: [PlannedExperiment.Place] = []
    var cells: [String: (cell: Cell, method: Method)] = [:]
    let tuning = zip(methods, block.methods).map { method, request in
      Self.decision(block.tune, method, request)
    }
    for ((method, request), decision) in zip(zip(methods, block.methods), tuning) {
      for shots in block.shots {
        for (seed, initSeed) in block.runSeeds {
          let cell: Cell
          var trials: [Cell] = []
          do {
            if case .search(let search, _) = decision {
              (cell, trials) = try factory.cells(
                method, tunedBy: search, shots: shots.value, seed: seed, initSeed: initSeed)
            } else {
              cell = try factory.cell(method, shots: shots.value, seed: seed, initSeed: initSeed)
            }
          } catch {
            explain(error, of: method, request, in: block)
            return nil
          }
          for cell in trials + [cell] { cells[cell.key] = cells[cell.key] ?? (cell, method) }
          places.append(
            PlannedExperiment.Place(
              method: method.name, shots: shots.value, seed: seed, initSeed: initSeed,
              key: cell.key, trials: trials.map(\.key)))
        }
      }
    }
    let description = factory.model.description
    return ResolvedExperiment(
      planned: PlannedExperiment(
        block: block, shape: Self.shape(of: block, factory.task),
        task: factory.task, methods: methods, places: places, tuning: tuning,
        model: ModelFacts(
          name: folder.lastPathComponent, fingerprint: factory.model.fingerprint,
          parameters: description.parameterCount, layers: description.layers,
          width: description.width, family: description.family.rawValue,
          context: description.maximumPositions),
        dataFingerprints: factory.data.digests, dataNotes: notes),
      model: factory.model, modelFolder: folder, cells: cells)
  }

  private static func decision(
    _ tune: TuneRequest?, _ method: Method, _ request: MethodRequest
  ) -> Tuning.Decision {
    let decision = Tuning.Decision(
      method, fixed: Set(request.options.keys), seeds: tune?.seeds)
    guard tune?.searches == true || decision == .untuned(.nothingToTune) else {
      return .untuned(.off)
    }
    return decision
  }

  /// Explains why a method has no cell.
  private mutating func explain(
    _ error: any Error, of method: Method, _ request: MethodRequest, in block: ExperimentBlock
  ) {
    switch error {
    case let error as MethodError: diagnostics.append(Diagnostic(error, of: request))
    case let error as TaskError: report(error, at: block.task.position)
    case let error as CheckpointError:
      diagnostics.append(Diagnostic(error, at: block.model.position))
    default:
      diagnostics.append(
        Diagnostic(
          .invalidMethodOption, at: request.preset.position,
          "method '\(method.name)' has no cell: \(error)", help: "please report it with the source")
      )
    }
  }

  /// The names in a block that others can use, as far as its task is known.
  private static func shape(of block: ExperimentBlock, _ task: TaskDefinition?) -> ExperimentShape {
    let known = task?.evaluations ?? []
    let chosen = block.evaluation.sets?.map(\.value)
    let scored = known.filter { chosen?.contains($0.name) ?? true }
    let folded = block.validation == nil ? [] : [LoadedTask.validationSet]
    var shape = block.shape(
      sets: folded + scored.flatMap { [$0.name] + $0.subsets.map(\.name) },
      metrics: task.map { Metrics.names(labels: $0.labels) } ?? [])
    // What a misspelt set would have held is not known either.
    shape.knowsMetrics = task != nil && scored.count == chosen.map { Set($0).count } ?? known.count
    return shape
  }

  private var errors: Int { diagnostics.count { $0.severity == .error } }

  private mutating func task(of block: ExperimentBlock) -> TaskSource? {
    do throws(Mistakes) {
      return try TaskSource.named(block.task, in: workspace, tasks: tasks)
    } catch {
      diagnostics += error.diagnostics
      return nil
    }
  }

  /// Where a model is that a source names: a folder, one that ships with the program, or one of the
  /// hub's.
  private mutating func folder(ofModel name: Located<String>) -> URL? {
    do throws(CheckpointError) {
      return try BuiltinModel.folder(of: name.value, at: workspace.folder(name.value))
    } catch {
      diagnostics.append(Diagnostic(error, at: name.position))
      return nil
    }
  }

  /// What a folder contains, or why it cannot be used, reported where the source names it.
  private mutating func model(at folder: URL, called name: Located<String>) -> ModelSummary? {
    if let known = models[folder] { return known }
    guard FileManager.default.fileExists(atPath: folder.path) else {
      diagnostics.append(
        Diagnostic(
          .missingModel, at: name.position, "there is no folder '\(name.value)'",
          help: Suggestion.closest(to: name.value, in: BuiltinModel.allCases.map(\.rawValue))
            .map { "did you mean '\($0)'?" }
            ?? "a model is a Hugging Face folder, named relative to the source file, or 'builtin'"))
      return nil
    }
    do {
      let model = try ModelSummary(folder, cache: store)
      models[folder] = model
      diagnostics += model.warnings.map {
        Diagnostic(.corruptModel, at: name.position, $0, severity: .warning)
      }
      return model
    } catch let error as CheckpointError {
      diagnostics.append(Diagnostic(error, at: name.position))
    } catch let error as TaskError {
      report(error, at: name.position)
    } catch {
      diagnostics.append(
        Diagnostic(.corruptModel, at: name.position, "\(folder.path): \(error)"))
    }
    return nil
  }

  private mutating func methods(
    of block: ExperimentBlock, task: TaskDefinition, model: ModelSummary?
  ) -> [Method] {
    var methods: [Method] = []
    for request in block.methods {
      do throws(MethodError) {
        var options = request.options
        if let pattern = block.pattern, options[PatternChoice.option.name] == nil,
          try catalog.readsTaskPattern(request.preset.value, overrides: options)
        {
          options[PatternChoice.option] = pattern.value
        }
        if let truncation = block.truncation, options[Truncation.option.name] == nil,
          try catalog.readsModel(request.preset.value, overrides: options)
        {
          options[Truncation.option] = truncation.value
        }
        let method = try catalog.method(
          request.preset.value, name: request.name.value, overrides: options, task: task)
        if let model, method.readsModel {
          try catalog.check(method, against: model.description)
        }
        try catalog.check(method, task: task)
        // The block's own pattern is checked once, at its position.
        for (option, pattern) in method.patterns
        where request.options[option.name] != nil || pattern != block.pattern?.value {
          do throws(TaskError) {
            _ = try task.pattern(named: pattern)
          } catch {
            report(
              error,
              at: request.optionPositions[option.name]
                ?? request.optionPositions[MethodGrid.prefix + option.name]
                ?? request.preset.position)
          }
        }
        judge(method, request, in: block, task: task)
        methods.append(method)
      } catch {
        diagnostics.append(
          Diagnostic(
            error, of: request,
            code: error.isUnknownMethod ? .unknownMethod : .invalidMethodOption))
      }
    }
    return methods
  }

  /// Warns of a choice that makes an evaluation set no longer unseen.
  private mutating func judge(
    _ method: Method, _ request: MethodRequest, in block: ExperimentBlock, task: TaskDefinition
  ) {
    guard method.selectsInDomain else { return }
    let position = request.optionPositions[ModelSelection.option.name] ?? request.preset.position
    let scored = block.evaluation.sets.map { $0.map(\.value) }
    let set = task.evaluations.first {
      $0.domain == .inDomain && scored?.contains($0.name) ?? true
    }
    guard let set else {
      diagnostics.append(
        Diagnostic(
          .invalidMethodOption, at: position,
          "method '\(method.name)' chooses epochs on an in-domain set, but none is evaluated",
          help: "write 'selection: best-held-out', or evaluate the in-domain set"))
      return
    }
    diagnostics.append(
      Diagnostic(
        .invalidMethodOption, at: position,
        "method '\(method.name)' chooses epochs on '\(set.name)', which inflates its scores there",
        help: "'selection: best-held-out' uses examples of the training pool instead",
        severity: .warning))
  }

  /// The checkpoints that methods name as teachers, by those names.
  private mutating func teachers(
    of methods: [Method], in block: ExperimentBlock, student: ModelSummary
  ) -> [String: TeacherCheckpoint] {
    var teachers: [String: TeacherCheckpoint] = [:]
    for method in methods {
      guard let name = method.teacher else { continue }
      let request = block.methods.first { $0.name.value == method.name }
      let position =
        request?.optionPositions[DistillationTeacher.option.name] ?? block.position
      let place = Located(name, at: position)
      guard let folder = folder(ofModel: place), let model = model(at: folder, called: place)
      else { continue }
      if let why = model.description.misfitAsTeacher(of: student.description) {
        let error = MethodError(
          .teacherMismatch(teacher: name, why: why), method: method.name,
          option: DistillationTeacher.option.name)
        diagnostics.append(
          Diagnostic(.invalidMethodOption, at: position, error.message, help: error.help))
        continue
      }
      teachers[name] = TeacherCheckpoint(path: folder.path, model: model)
    }
    return teachers
  }

  private mutating func report(_ error: TaskError, at position: SourcePosition) {
    diagnostics.append(Diagnostic(error, at: position))
  }
}
