import Engine
import Foundation

/// Trains one method on files of labelled texts, outside a report, and scores it.
///
/// ```swift
/// let training = try MethodTraining(request)
/// let outcome = try training.run { progress in … }
/// ```
package struct MethodTraining {
  package let request: TrainingRequest
  package let files: TrainingFiles
  package let method: Method
  let task: TrainingTask
  let start: StartingPoint
  /// Of the checkpoint.
  let model: URL
  let folder: ModelFolder
  let tokenizer: any Tokenizer
  let catalog: MethodCatalog
  let material: TrainingMaterial
  private let teacher: TeacherSource?

  /// Texts of each set that a prediction of memory answers where nothing trains.
  private static let textsToPlan = 256

  /// The progress of a training.
  package struct Progress: Sendable {
    package let step: Int
    package let steps: Int
    package let epoch: Int
    package let epochs: Int
    /// Of the last step, in nats.
    package let loss: Double
  }

  /// Reads everything except the weights and finds every mistake that is visible before training.
  ///
  /// - Parameters:
  ///   - request: What to train.
  ///   - catalog: Contains the methods.
  /// - Throws: ``TrainingError``, ``TaskError``, ``MethodError`` or `CheckpointError`.
  package init(_ request: TrainingRequest, catalog: MethodCatalog = .builtin) throws {
    self.request = request
    self.catalog = catalog
    if let destination = request.destination { try SavedFolder.check(destination) }
    files = try TrainingFiles(request)
    task = try TrainingTask(of: files, request)
    let settings = try TrainingSettings(request.settings)
    // A wrong method or setting is reported before the model is opened.
    _ = try Self.method(request, settings, StartingPoint(), task: task, catalog: catalog)
    guard let model = request.model else { throw TrainingError(.noModel(method: request.method)) }
    self.model = model
    var folder = try ModelFolder(model)
    try folder.checkShapes()
    tokenizer = try folder.tokenizer()
    start = try StartingPoint(
      request.start, for: folder.description, labels: task.definition.labels)
    method = try Self.method(
      request, settings, start, task: task, model: folder.description, catalog: catalog
    )
    .filled(for: folder.description, SentenceModules(model))
    try catalog.check(method, against: folder.description)
    try catalog.check(
      method, task: task.definition, tokenizer: tokenizer,
      isEncoder: folder.description.isBidirectional)
    folder = catalog.folder(folder, for: method.objective, method.options)
    self.folder = folder
    material = try TrainingMaterial(files, method: method, seed: request.seed)
    teacher = try method.teacher.map {
      try TeacherSource(BuiltinModel.folder(of: $0), name: $0)
    }
  }

  /// Whether a method reads a model, without which it is trained as a ``TextTraining``.
  ///
  /// - Throws: ``MethodError`` for an unknown method.
  package static func readsModel(
    _ method: String, catalog: MethodCatalog = .builtin
  ) throws(MethodError) -> Bool {
    let objective = try catalog.preset(named: method).objective
    return !(try catalog.objective(named: objective).get() is any TextObjective.Type)
  }

  /// What a user should know of the model, which can be used nevertheless.
  package var warnings: [String] { folder.warnings(with: tokenizer) + start.warnings }

  /// How many texts of each file exceed what the model reads at once.
  package var cutTexts: [String] {
    let files =
      [(request.training, files.training)] + files.evaluations.map { ($0.name, $0.examples) }
    return files.compactMap { name, examples in
      folder.cutTextsWords(
        of: examples.map(\.fields), tokenizer, Truncation(method.options)
      ).map { "\(name): \($0)" }
    }
  }

  /// Whether label words were given to a method that trains a head and ignores them.
  package var ignoresWords: Bool {
    request.words != nil && method.objective == HeadObjective.name
  }

  private static func method(
    _ request: TrainingRequest, _ settings: TrainingSettings, _ start: StartingPoint,
    task: TrainingTask, model: ModelDescription? = nil, catalog: MethodCatalog
  ) throws -> Method {
    func method(_ further: [String: OptionValue]) throws -> Method {
      try settings.method(
        request.method, further: further, task: task.definition, catalog: catalog)
    }
    let usual = try method([:])
    guard MethodGrid(usual.options).isEmpty else { throw TrainingError(.grid) }
    let stored = try start.options(of: usual.adaptation)
    // An adapter must not change what a preset decides.
    let promised = try catalog.preset(named: request.method).defaults
    var further = stored.filter { promised[$0.key] == nil }
    // 'dropout=0' means no dropout anywhere.
    if settings.hasNoDropout, model?.classifier != nil, usual.objective == HeadObjective.name,
      usual.adaptation != ProbeAdaptation.name
    {
      further[HeadObjective.classifierDropout] = 0
    }
    // Files have one pattern; a preset may name another task's.
    let pattern = usual.options[PatternChoice.option]
    if task.hasOwnPattern
      || request.task == nil && !task.definition.patternNames.contains(pattern)
    {
      further[PatternChoice.option] = TrainingTask.pattern
    }
    let chosen = try method(further)
    try chosen.check(against: stored)
    return chosen
  }

  /// Trains, scores and saves.
  ///
  /// - Parameter progress: Called after every step.
  /// - Returns: What came of it; a loss that is no number ends the training and saves nothing.
  /// - Throws: ``TrainingError``, ``MethodError`` or `CheckpointError`.
  package func run(progress: (Progress) -> Void) throws -> TrainingReport {
    let begin = ContinuousClock().now
    var (report, run) = try trained(progress: progress)
    if let destination = request.destination, report.training.divergedAt == nil {
      try save(run, report: report, to: destination)
      report.saved = destination.path
    }
    report.seconds = (ContinuousClock().now - begin).seconds
    return report
  }

  /// Trains and scores.
  func trained(
    progress: (Progress) -> Void
  ) throws -> (report: TrainingReport, run: MethodRun) {
    let clock = ContinuousClock()
    BLAS.setThreads(request.threads)
    ResidentMemory.resetPeak()
    let predicted = try predictedPeak()
    let ledger = MemoryLedger()
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder),
      quantization: BasePrecision(method.options).format, in: ledger)
    let trainingBegin = clock.now
    let run = try methodRun(model, options: method.options, teacher: teacher)
    var report = TrainingReport(method, files, request)
    let batches = method.trains ? TrainingOptions(method.options) : nil
    let steps = batches.map { $0.steps(for: run.trainingCount) } ?? 0
    report.training.enter(run.preparation)
    let outcome = run.train { step in
      report.training.append(step)
      progress(
        Progress(
          step: step.number, steps: steps, epoch: step.epoch, epochs: batches?.epochs ?? 0,
          loss: step.loss))
    } progress: { _ in
    }
    report.training.seconds = (clock.now - trainingBegin).seconds
    // What a trained method costs is what training it needs, as in a report's cells.
    let trainingMemory =
      outcome == nil && !run.session.solves ? nil : CellResult.Memory(ledger)
    report.training.finish(outcome, run)
    if report.training.divergedAt == nil { evaluate(run, into: &report) }
    report.memory = TrainingReport.Memory(
      trainingMemory ?? CellResult.Memory(ledger), predictedPeak: predicted)
    return (report, run)
  }

  private func evaluate(_ run: MethodRun, into report: inout TrainingReport) {
    let clock = ContinuousClock()
    report.training.accuracy =
      method.trains ? run.accuracyOnSample() : run.session.solution?.accuracy
    for set in files.evaluations {
      let begin = clock.now
      let (predictions, tokens) = run.evaluator.predictions(for: set.examples)
      report.evaluations += set.outcomes(
        of: predictions, classNames: files.labels, tokens: tokens,
        seconds: (clock.now - begin).seconds
      ).map { TrainingReport.Evaluation($0) }
    }
  }

  /// The predicted peak of the ledger, from training or the first texts.
  private func predictedPeak() throws -> Int {
    // All epochs: which texts meet in a batch decides what they share.
    var options = method.options
    options[ContinuedPretraining.epochs] = min(2, options[ContinuedPretraining.epochs])
    let ledger = MemoryLedger(planning: true)
    let model = Transformer<Float>(
      folder.description, from: PlannedWeights(folder),
      quantization: BasePrecision(method.options).format, in: ledger)
    let run = try methodRun(
      model, options: options,
      teacher: teacher.map { $0.planned(PlannedWeights($0.description)) })
    if run.train(progress: { _ in }) == nil, !run.session.solves {
      let texts = files.evaluations.flatMap { $0.examples.prefix(Self.textsToPlan) }
      _ = run.evaluator.predictions(for: texts)
    }
    return ledger.peak
  }

  private func methodRun(
    _ model: Transformer<Float>, options: ResolvedOptions, teacher: TeacherSource?
  ) throws -> MethodRun {
    try MethodRun(
      catalog, objective: method.objective, adaptation: method.adaptation, options: options,
      model: model, tokenizer: tokenizer, task: task.definition, sample: material.sample,
      seed: request.seed, order: request.order, start: start, pool: material.pool,
      teacher: teacher, judged: material.judged)
  }
}

extension TrainingOptions {
  /// Updates of a whole training; a last batch that is not full is one of them.
  fileprivate func steps(for examples: Int) -> Int {
    (examples + batchSize - 1) / batchSize * epochs
  }
}
