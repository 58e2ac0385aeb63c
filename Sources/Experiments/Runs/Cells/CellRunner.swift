import Engine
import Foundation

/// Runs cells one after another, keeping what several of them read.
package final class CellRunner {
  private let catalog: MethodCatalog
  private let inputs = InputCheck()
  /// What was read, by where it is and what it holds.
  private var tasks: [String: LoadedTask] = [:]
  private var tokenizers: [String: any Tokenizer] = [:]
  private let states: (any KeptStates)?

  /// - Parameters:
  ///   - catalog: Contains the methods' parts.
  ///   - states: Where states of frozen models are kept; nil keeps none.
  package init(catalog: MethodCatalog = .builtin, states: (any KeptStates)? = nil) {
    self.catalog = catalog
    self.states = states
  }

  /// Trains and evaluates one cell.
  ///
  /// - Parameters:
  ///   - cell: What to run.
  ///   - read: Results of the cells that it reads, in the order of its recipe.
  ///   - progress: Receives the share done in [0, 1] and the current phase.
  /// - Returns: The result; a loss that is no number gives a `diverged` one.
  /// - Throws: ``TaskError``, ``MethodError`` or `CheckpointError` when the cell cannot run at all,
  ///   ``ChangedFile`` when a file is not, or was not until the end, what the cell's key is made of.
  package func run(
    _ cell: Cell, inputs read: [CellResult] = [], progress: (Double, String) -> Void
  ) throws -> CellResult {
    let keys = cell.recipe.inputs ?? []
    precondition(keys == read.map(\.key), "\(read.count) results for \(keys.count) cells")
    try inputs.check(cell.files)
    do {
      let result = try result(of: cell, reading: read, progress: progress)
      try inputs.check(cell.files)
      return result
    } catch {
      (tasks, tokenizers) = ([:], [:])
      // A file that is being replaced may be missing or broken; the change is the cause to name.
      try inputs.check(cell.files)
      throw error
    }
  }

  private func result(
    of cell: Cell, reading read: [CellResult], progress: (Double, String) -> Void
  ) throws -> CellResult {
    let clock = ContinuousClock()
    let begin = clock.now
    let recipe = cell.recipe
    BLAS.setThreads(recipe.threads)
    ResidentMemory.resetPeak()
    progress(0, "loading")
    let task = try task(of: cell)
    if let objective = try catalog.objective(named: recipe.objective).get()
      as? any TextObjective.Type
    {
      return try result(of: cell, objective, on: task, since: begin, progress: progress)
    }
    let material = try material(of: cell, task: task)
    // What was opened stays what it is: an open file that is replaced keeps its contents.
    try inputs.check(cell.files, opened: material.files)
    let tried = read.flatMap { $0.tuning?.trials ?? [] }
    if let role = recipe.search, let trial = role.trial {
      return try SettingTrial(catalog, cell: cell, material: material, in: role.search)
        .result(of: trial, after: tried, since: begin) { progress($0, "trying settings") }
    }
    let search: GridSearch.Outcome
    let tuning: CellResult.Tuning?
    if let role = recipe.search {
      (search, tuning) = material.chosen(in: role.search, by: tried)
    } else {
      search = try GridSearch(catalog, cell: cell, material: material).run {
        progress($0, "choosing settings")
      }
      tuning = nil
    }
    let rest = { (share: Double) in search.share + (1 - search.share) * share }

    let model = try material.model(search.options)
    let preparationBegin = clock.now
    let run = try material.bind(model, catalog, recipe, search.options) {
      progress(rest(0.3 * $0), "pre-training")
    }
    let session = run.session
    var training = run.preparation.map {
      CellResult.Training($0, parameters: model.parameters.map(\.tensor))
    }
    var memory: CellResult.Memory?
    var status = run.preparation?.divergedAt.map(CellResult.Status.diverged) ?? .succeeded
    var choice = search.choice
    let trainingShare = run.preparation == nil ? 0 : 0.3
    let outcome = run.train { share in
      progress(rest(trainingShare + (0.7 - trainingShare) * share), "training")
    }
    var trainingSeconds = (clock.now - preparationBegin).seconds
    if let outcome {
      // The cost of a method is that of its training; how many texts are then scored together is
      // this program's choice and the same for all.
      memory = CellResult.Memory(model.ledger)
      if let step = outcome.divergedAt { status = .diverged(step: step) }
      training = CellResult.Training(
        outcome, accuracy: outcome.divergedAt == nil ? run.accuracyOnSample() : nil,
        parameters: run.groups.map(\.tensor))
      if let epoch = outcome.chosenEpoch {
        choice = material.choice(choice, of: epoch, outcome.scores, options: search.options)
      }
    }
    if let solution = session.solution {
      // Its price is that of its own work, not of what was scored afterwards or found already done.
      memory = CellResult.Memory(model.ledger)
      training = CellResult.Training(solution)
      trainingSeconds += solution.secondsOfStates
      choice = CellResult.Choice(solving: solution)
    }
    training?.tokens += session.preparationTokens + (outcome == nil ? 0 : run.preparationTokens)
    training?.seconds = trainingSeconds
    var evaluations: [CellResult.Evaluation] = []
    if status == .succeeded {
      do throws(NotFinite) {
        evaluations = try Self.evaluations(of: run, on: task) {
          progress(rest(0.7 + 0.3 * $0), "evaluating")
        }
      } catch {
        status = .failed(
          reason: "the model's scores on '\(error.set)' are not finite")
      }
    }
    return CellResult(
      key: cell.key, status: status, evaluations: evaluations, training: training,
      memory: memory ?? CellResult.Memory(model.ledger), seconds: (clock.now - begin).seconds,
      sampleDigest: FewShotSampler.digest(of: material.sample),
      demonstrations: session.demonstrations,
      demonstrationsOffered: session.demonstrationsOffered,
      preparation: run.preparation.map(CellResult.Preparation.init), choice: choice,
      tuning: tuning, provenance: CellResult.Provenance(recipe))
  }

  /// A result without a model.
  private func result(
    of cell: Cell, _ objective: any TextObjective.Type, on task: LoadedTask,
    since begin: ContinuousClock.Instant, progress: (Double, String) -> Void
  ) throws -> CellResult {
    let (clock, recipe, ledger) = (ContinuousClock(), cell.recipe, MemoryLedger())
    try inputs.check(cell.files, opened: task.sources.compactMap(\.url))
    let options = try catalog.options(
      recipe.methodOptions, objective: recipe.objective, adaptation: recipe.adaptation)
    let sample = try Self.sample(of: recipe, from: task).map { task.training[$0] }
    let fitBegin = clock.now
    let classifier = objective.init(options).fitted(
      to: sample, classes: task.definition.labels.count,
      seed: UInt64(bitPattern: Int64(recipe.seed)), in: ledger)
    var training = CellResult.Training(classifier.solution)
    training.seconds = (clock.now - fitBegin).seconds
    let memory = CellResult.Memory(ledger)
    var evaluations: [CellResult.Evaluation] = []
    for (index, set) in task.evaluations.enumerated() {
      let setBegin = clock.now
      let predictions = classifier.predictions(for: set.examples)
      evaluations += Self.outcomes(
        of: predictions, on: set, task: task.definition, tokens: 0,
        seconds: (clock.now - setBegin).seconds)
      progress(Double(index + 1) / Double(task.evaluations.count), "evaluating")
    }
    return CellResult(
      key: cell.key, status: .succeeded, evaluations: evaluations, training: training,
      memory: memory, seconds: (clock.now - begin).seconds,
      sampleDigest: FewShotSampler.digest(of: sample),
      choice: CellResult.Choice(solving: classifier.solution),
      provenance: CellResult.Provenance(recipe))
  }

  /// Places of a cell's sample in the training pool.
  private static func sample(
    of recipe: CellRecipe, from task: LoadedTask
  ) throws(TaskError) -> [Int] {
    guard recipe.shots > 0 else { return [] }
    return try FewShotSampler.draw(
      from: task.training, labels: task.definition.labels, shots: recipe.shots,
      per: TaskOptions(recipe.taskOptions).counting, seed: recipe.seed)
  }

  /// An evaluation set that a model scores with no numbers.
  private struct NotFinite: Error {
    let set: String
  }

  private static func evaluations(
    of run: MethodRun, on task: LoadedTask, progress: (Double) -> Void
  ) throws(NotFinite) -> [CellResult.Evaluation] {
    let (clock, evaluator) = (ContinuousClock(), run.evaluator)
    var evaluations: [CellResult.Evaluation] = []
    for (index, set) in task.evaluations.enumerated() {
      let begin = clock.now
      let (predictions, tokens) = evaluator.predictions(for: set.examples)
      guard predictions.areFinite else { throw NotFinite(set: set.name) }
      evaluations += outcomes(
        of: predictions, on: set, task: task.definition, tokens: tokens,
        seconds: (clock.now - begin).seconds)
      progress(Double(index + 1) / Double(task.evaluations.count))
    }
    return evaluations
  }

  private static func outcomes(
    of predictions: Predictions, on set: EvaluationSet, task: TaskDefinition, tokens: Int,
    seconds: Double
  ) -> [CellResult.Evaluation] {
    var outcomes = set.outcomes(
      of: predictions.classes, classNames: task.labels,
      probabilities: predictions.probabilities, tokens: tokens, seconds: seconds)
    guard let words = predictions.overVocabulary else { return outcomes }
    let free = set.outcomes(of: words, classNames: task.labels, tokens: 0, seconds: 0)
    for i in outcomes.indices {
      outcomes[i].metrics[Metrics.vocabularyAccuracy] = free[i].metrics[Metrics.accuracy]
      outcomes[i].metrics[Metrics.noLabel] = free[i].metrics[Metrics.noLabel]
      outcomes[i].vocabularyPredictions = free[i].predictions
    }
    return outcomes
  }

  private func task(of cell: Cell) throws -> LoadedTask {
    let options = TaskOptions(cell.recipe.taskOptions)
    let whole = try wholeTask(of: cell, options)
    return options.folds.map { whole.validating(folds: $0, run: cell.recipe.seed) } ?? whole
  }

  private func wholeTask(of cell: Cell, _ options: TaskOptions) throws -> LoadedTask {
    // Two task files may give their tasks the same name; fingerprints hold the definition too.
    let fingerprints = cell.recipe.dataFingerprints.sorted { $0.key < $1.key }
    let key = "\(cell.dataPath)\n\(cell.recipe.task)\n\(fingerprints)\n\(options)"
    if let known = tasks[key] { return known }
    let task = try cell.task ?? TaskCatalog.published.task(named: cell.recipe.task)
    let loaded = try TaskLoader(folder: URL(fileURLWithPath: cell.dataPath))
      .load(task, sets: options.sets)
      .limited(to: options.limit)
    tasks[key] = loaded
    return loaded
  }

  private func tokenizer(of cell: Cell) throws -> any Tokenizer {
    let key = "\(cell.modelPath)\n\(cell.recipe.modelFingerprint)"
    if let known = tokenizers[key] { return known }
    let tokenizer = try ModelFolder(URL(fileURLWithPath: cell.modelPath)).tokenizer()
    tokenizers[key] = tokenizer
    return tokenizer
  }

  private func material(of cell: Cell, task: LoadedTask) throws -> CellMaterial {
    let recipe = cell.recipe
    let options = try catalog.options(
      recipe.methodOptions, objective: recipe.objective, adaptation: recipe.adaptation)
    let counting = TaskOptions(recipe.taskOptions).counting
    let labels = task.definition.labels
    let sample = try Self.sample(of: recipe, from: task)
    let heldOut = try FewShotSampler.heldOut(
      HeldOutExamples.count(options), from: task.training, labels: labels, outside: sample,
      per: counting, seed: recipe.seed)
    return CellMaterial(
      options: options, task: task, sample: sample.map { task.training[$0] },
      pool: TrainingPool(task.training, sample: sample, heldOut: heldOut),
      tokenizer: try tokenizer(of: cell),
      folder: try ModelFolder(URL(fileURLWithPath: cell.modelPath)),
      teacher: try cell.teacherPath.map {
        try TeacherSource(
          URL(fileURLWithPath: $0), name: URL(fileURLWithPath: $0).lastPathComponent)
      }, states: states)
  }
}

extension CellResult.Choice {
  /// What a solution chose within the sample; nil where it had no choice.
  init?(solving solution: Solution) {
    guard let setting = solution.setting else { return nil }
    self.init(candidates: [Candidate(setting: setting, accuracy: nil)], chosen: 0)
  }
}

extension CellResult.Provenance {
  /// Of a cell that runs here and now.
  init(_ recipe: CellRecipe) {
    self.init(
      numericsVersion: recipe.numericsVersion, blas: BLAS.name, processor: Processor.name,
      threads: recipe.threads)
  }
}

extension CellResult.Memory {
  init(_ ledger: MemoryLedger) {
    self.init(
      weights: ledger.bytesAtPeak(.weights), gradients: ledger.bytesAtPeak(.gradients),
      optimizer: ledger.bytesAtPeak(.optimizer), activations: ledger.bytesAtPeak(.activations),
      workspace: ledger.bytesAtPeak(.workspace), keyValue: ledger.bytesAtPeak(.keyValue),
      peak: ledger.peak, residentPeak: ResidentMemory.peak)
  }
}
