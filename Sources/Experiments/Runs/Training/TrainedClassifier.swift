import Engine
package import Foundation

/// A model that `ftreport train --save` wrote, ready to label texts.
package final class TrainedClassifier {
  /// In the order of the probabilities.
  package let labels: [String]
  /// What the columns of the training file are called.
  package let columns: ExampleColumns
  /// The labels that an answer has probabilities of: all, or none where the method gives none.
  package let probabilityLabels: [String]
  /// How many texts an example has: one, or a pair.
  package let fieldCount: Int

  private let reader: Reader

  /// What reads texts.
  private enum Reader {
    case model(Evaluator, any Tokenizer, ModelFolder, Truncation)
    case texts(any TextClassifier)
  }

  /// One text's answer.
  package struct Answer: Hashable, Sendable {
    package let label: String
    /// Of each of ``TrainedClassifier/probabilityLabels``; they sum to 1.
    package let probabilities: [Float]
  }

  /// Opens a saved model.
  ///
  /// - Parameters:
  ///   - folder: As it was saved.
  ///   - base: A model to use instead of the recorded one, for what is kept beside a base; nil for
  ///     the recorded one, which must then be unchanged.
  ///   - warn: Called if the named base is not the recorded one.
  ///   - catalog: Contains the methods.
  /// - Throws: ``TrainingError``, `CheckpointError`, ``TaskError`` or ``MethodError``.
  package init(
    _ folder: URL, base: URL? = nil, warn: (TrainingError) -> Void = { _ in },
    catalog: MethodCatalog = .builtin
  ) throws {
    let place = SavedFolder(folder)
    let record = try place.readRecord()
    let task = record.task.definition
    let options: ResolvedOptions
    let objective: any Objective.Type
    do {
      options = try record.answeringOptions(catalog)
      objective = try catalog.objective(named: record.answeringObjective).get()
    } catch {
      throw TrainingError(.malformedRecord(error.message), file: place.record.path)
    }
    labels = task.labels
    columns = record.columns ?? ExampleColumns()
    fieldCount = task.fields.count
    if let objective = objective as? any TextObjective.Type {
      let sample = try record.sample()
      guard record.kind == .texts, !sample.isEmpty else {
        throw TrainingError(.malformedRecord("it has no examples"), file: place.record.path)
      }
      let fitted = objective.init(options)
        .fitted(to: sample, classes: labels.count, seed: record.seed, in: MemoryLedger())
      let hasProbabilities = !fitted.predictions(for: [sample[0]]).probabilities.isEmpty
      probabilityLabels = hasProbabilities ? labels : []
      reader = .texts(fitted)
      return
    }
    probabilityLabels = labels
    let isWhole = record.kind == .model
    guard let recorded = record.base else {
      throw TrainingError(.malformedRecord("it names no base model"), file: place.record.path)
    }
    let modelURL = isWhole ? folder : try base ?? place.base(recorded)
    if !isWhole {
      let found = try ModelSummary(modelURL, cache: nil).fingerprint
      if found != recorded.fingerprint {
        let difference = TrainingError(
          .otherBase(expected: recorded.path), file: modelURL.path)
        guard base != nil else { throw difference }
        warn(difference)
      }
    }
    let files = catalog.folder(
      try ModelFolder(modelURL), for: record.answeringObjective, options)
    let tokenizer = try files.tokenizer()
    let model = try Transformer<Float>(
      files.description, from: CheckpointWeights(files),
      quantization: isWhole ? nil : BasePrecision(options).format, in: MemoryLedger())
    var start = StartingPoint()
    if record.kind == .adapter {
      start.adapter = try AdapterFolder(folder, for: files.description).read()
    }
    if record.hasHead {
      start.head =
        try ClassificationHead.read(from: place.head, for: files.description)?
        .matrices ?? [:]
    }
    let run = try MethodRun(
      catalog, objective: record.answeringObjective, adaptation: record.answeringAdaptation,
      options: options, model: model, tokenizer: tokenizer, task: task,
      sample: try record.sample(), seed: record.seed, start: start,
      reading: EncoderReading(
        usesClassifier: record.isClassifier ?? false, pairsTexts: record.task.segments != nil),
      onlyAnswers: true)
    if record.kind == .additions { try run.readAdditions(from: place.additions) }
    model.setTrainable(false)
    for tensor in run.session.head { tensor.tensor.requiresGradient = false }
    reader = .model(run.evaluator, tokenizer, files, Truncation(options))
  }

  /// Labels texts.
  ///
  /// - Parameter texts: Of each example its ``fieldCount`` texts.
  /// - Returns: An answer an example, in their order.
  package func answers(to texts: [[String]]) -> [Answer] {
    let examples = texts.map { Example(fields: $0, label: 0) }
    let predictions =
      switch reader {
      case .model(let evaluator, _, _, _): evaluator.predictions(for: examples).predictions
      case .texts(let classifier): classifier.predictions(for: examples)
      }
    let classes = probabilityLabels.count
    return predictions.classes.enumerated().map { index, label in
      Answer(
        label: labels[Int(label)],
        probabilities: Array(predictions.probabilities[index * classes..<(index + 1) * classes]))
    }
  }

  /// How many of the texts exceed what the model reads at once, in a sentence; nil for none.
  package func cutTexts(in texts: [[String]]) -> String? {
    guard case .model(_, let tokenizer, let folder, let truncation) = reader else { return nil }
    return folder.cutTextsWords(of: texts, tokenizer, truncation)
  }

  /// The words of an example's texts that the model has no token for.
  package func unknownWords(in texts: [String]) -> [String] {
    guard case .model(_, let tokenizer, _, _) = reader else { return [] }
    return texts.flatMap { tokenizer.unknownWords(in: $0) }
  }
}

extension SavedRecord {
  /// The objective that reads answers as the trained one does, without what only training needs.
  fileprivate var answeringObjective: String {
    guard objective == DistillationObjective.name else { return objective }
    return hasHead ? HeadObjective.name : VerbalizerObjective.name
  }

  /// The options, without what happens before and between epochs, and with those of
  /// ``answeringObjective``.
  fileprivate func answeringOptions(
    _ catalog: MethodCatalog
  ) throws(MethodError) -> ResolvedOptions {
    var values = options
    values[ContinuedPretraining.epochs] = 0
    values[ModelSelection.option] = .last
    let parts = try (
      catalog.objective(named: answeringObjective).get(),
      catalog.adaptation(named: answeringAdaptation).get()
    )
    // What the answering parts do not have is left out.
    return ResolvedOptions(
      try MethodCatalog.options(of: parts.0, parts.1).values(defaults: values, asked: [:]))
  }

  fileprivate var answeringAdaptation: String {
    switch kind {
    case .model, .untouched, .texts: NoAdaptation.name
    case .adapter, .additions: adaptation
    }
  }

  fileprivate func sample() throws(TrainingError) -> [Example] {
    var examples: [Example] = []
    for shown in demonstrations {
      guard let label = task.labels.firstIndex(of: shown.label) else {
        throw TrainingError(.malformedRecord("'\(shown.label)' is not one of its labels"))
      }
      examples.append(Example(fields: shown.texts, label: label))
    }
    return examples
  }
}

extension SavedRecord.Task {
  fileprivate var definition: TaskDefinition {
    TaskDefinition(
      name: "train", labels: labels, fields: fields, files: [], evaluations: [],
      patterns: [
        PatternDefinition(
          TrainingTask.pattern, template, labelWords: labelWords, separator: separator)
      ], defaultPattern: TrainingTask.pattern)
  }
}
