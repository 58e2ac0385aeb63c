import Engine
import Foundation

/// Fits a method that reads the texts alone, outside a report, and scores it.
///
/// What is saved are the examples, to which the method is fitted again when it answers: that takes less
/// than a second, and gives the same bits.
package struct TextTraining {
  package let request: TrainingRequest
  package let files: TrainingFiles
  package let method: Method
  private let objective: any TextObjective.Type

  /// Reads the examples and finds every mistake that is visible before training.
  ///
  /// - Parameters:
  ///   - request: What to train.
  ///   - catalog: Contains the methods.
  /// - Throws: ``TrainingError``, ``TaskError`` or ``MethodError``.
  package init(_ request: TrainingRequest, catalog: MethodCatalog = .builtin) throws {
    self.request = request
    let unused = [
      ("--model", request.modelName != nil), ("--init", !request.start.isEmpty),
      ("--pattern", request.pattern != nil), ("--words", request.words != nil),
      ("--order", request.order != .shuffled),
    ]
    if let option = unused.first(where: \.1)?.0 {
      throw TrainingError(.unusedWithoutModel(option: option, method: request.method))
    }
    if let destination = request.destination { try SavedFolder.check(destination) }
    files = try TrainingFiles(request)
    let task = try TrainingTask(of: files, request)
    method = try TrainingSettings(request.settings)
      .method(request.method, further: [:], task: task.definition, catalog: catalog)
    guard
      let objective = try catalog.objective(named: method.objective).get()
        as? any TextObjective.Type
    else { preconditionFailure("method '\(method.name)' reads a model") }
    self.objective = objective
  }

  /// Fits, scores and saves.
  ///
  /// - Returns: What came of it.
  /// - Throws: ``TrainingError`` where it cannot be saved.
  package func run() throws -> TrainingReport {
    let clock = ContinuousClock()
    let begin = clock.now
    let ledger = MemoryLedger()
    let fitted = objective.init(method.options)
    let classifier = fitted.fitted(
      to: files.training, classes: files.labels.count, seed: request.seed, in: ledger)
    let solution = classifier.solution
    var report = TrainingReport(method, files, request)
    report.training.seconds = (clock.now - begin).seconds
    report.training.steps = solution.evaluations
    report.training.losses = [solution.loss]
    report.training.accuracy = solution.accuracy
    report.training.trainableParameters = solution.parameters
    report.memory = TrainingReport.Memory(
      CellResult.Memory(ledger),
      predictedPeak: fitted.bytes(for: files.training, classes: files.labels.count))
    for set in files.evaluations {
      let setBegin = clock.now
      let predictions = classifier.predictions(for: set.examples)
      report.evaluations += set.outcomes(
        of: predictions, classNames: files.labels, tokens: 0,
        seconds: (clock.now - setBegin).seconds
      ).map { TrainingReport.Evaluation($0) }
    }
    if let destination = request.destination {
      try SavedFolder.write(to: destination) { try $0.write(record(report)) }
      report.saved = destination.path
    }
    report.seconds = (clock.now - begin).seconds
    return report
  }

  private func record(_ report: TrainingReport) -> SavedRecord {
    let texts = files.fields.map { "{\($0)}" }.joined(separator: " ")
    return SavedRecord(
      version: request.version, kind: .texts, preset: method.preset, objective: method.objective,
      adaptation: method.adaptation, options: method.options.values, seed: request.seed,
      threads: request.threads,
      task: SavedRecord.Task(
        fields: files.fields, labels: files.labels, template: texts, segments: nil,
        labelWords: files.labels, separator: "\n\n"),
      base: nil, hasHead: false, isClassifier: nil,
      demonstrations: files.training.map {
        SavedRecord.Demonstration(texts: $0.fields, label: files.labels[$0.label])
      },
      columns: files.columns, training: SavedRecord.Training(files, request, report),
      evaluations: report.evaluations)
  }
}
