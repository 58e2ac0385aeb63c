import Engine
import Foundation

extension MethodTraining {
  /// Saves what was trained so that this program, and where it can Hugging Face, loads it.
  ///
  /// - Parameters:
  ///   - run: After training.
  ///   - report: Of the training.
  ///   - destination: The folder to write.
  /// - Throws: ``TrainingError`` or `CheckpointError` when it cannot be written.
  func save(_ run: MethodRun, report: TrainingReport, to destination: URL) throws {
    let head = run.session.head
    let saved = ClassificationHead(
      head.map { name, tensor in
        .init(
          name: name,
          matrix: .init(rows: tensor.rows, columns: tensor.columns, values: tensor.values))
      })
    let kind = run.savedKind
    try SavedFolder.write(to: destination) { place in
      let base = try base(of: run, kind, in: place)
      switch kind {
      case .model: try writeModel(run, saved, to: place)
      case .adapter:
        // PEFT does not look beside the adapter for a relative path.
        let path = base.path == SavedFolder.baseName ? place.finalPath(of: base.path) : base.path
        try writeAdapter(run, saved, to: place, basePath: path)
      case .additions: try run.writeAdditions(to: place.additions)
      case .untouched, .texts: break
      }
      if !head.isEmpty { try saved.write(to: place.head) }
      try place.write(record(run, kind, hasHead: !head.isEmpty, base: base, report))
    }
  }

  /// The base model of what is saved.
  ///
  /// It is the one that training began with, or, where its own pre-training went on first, a folder of
  /// its own below the saved one.
  private func base(
    of run: MethodRun, _ kind: SavedRecord.Kind, in place: SavedFolder
  ) throws -> SavedRecord.Base {
    var (url, path) = (model, model.standardizedFileURL.path)
    if kind != .model, run.hasChangedBase(method.options) {
      (url, path) = (place.base, SavedFolder.baseName)
      try run.model.save(with: ModelWriter(like: folder), to: url)
    }
    return SavedRecord.Base(
      name: request.modelName ?? path, path: path,
      fingerprint: try ModelSummary(url, cache: nil).fingerprint)
  }

  /// The whole model; with the head of one it becomes a `…ForSequenceClassification`.
  private func writeModel(
    _ run: MethodRun, _ head: ClassificationHead, to place: SavedFolder
  ) throws {
    let isClassifier = isStandard(head, of: run)
    let classifier =
      isClassifier
      ? ModelClassifier(
        head: head, labels: files.labels, padToken: try folder.padToken(tokenizer)) : nil
    try run.model.save(
      with: ModelWriter(like: folder, classifier: classifier, dropsHead: !head.tensors.isEmpty),
      to: place.url)
  }

  private func writeAdapter(
    _ run: MethodRun, _ head: ClassificationHead, to place: SavedFolder, basePath: String
  ) throws {
    // Adapters without low-rank products have neither option.
    let options = method.options
    guard
      let adapter = run.model.adapter(
        dropout: options.value(of: LoRAAdaptation.dropout) ?? 0,
        usesRankStabilization: options.value(of: LoRAAdaptation.scaling) == .rslora)
    else { preconditionFailure("a model without an adapter was to be saved as one") }
    // PEFT has an encoder sum up its text at the first virtual token, not at the text's own first.
    let isElsewhere = isEncoder && run.model.prompt != nil
    try run.model.save(
      adapter, to: place.url, baseModel: basePath,
      head: isStandard(head, of: run) && !isElsewhere ? head : nil)
    for file in ModelFolder.tokenizerFiles(in: model) {
      do {
        try FileManager.default.copyItem(
          at: file, to: place.url.appendingPathComponent(file.lastPathComponent))
      } catch {
        throw TrainingError(.unwritableFolder(error.localizedDescription), file: place.url.path)
      }
    }
  }

  /// Whether a class of Transformers has this head and reads the states that it reads.
  private func isStandard(_ head: ClassificationHead, of run: MethodRun) -> Bool {
    head.isStandard(for: folder.description) && (run.reading.usesClassifier || !isEncoder)
  }

  private var isEncoder: Bool { folder.description.isBidirectional }

  private func record(
    _ run: MethodRun, _ kind: SavedRecord.Kind, hasHead: Bool, base: SavedRecord.Base,
    _ report: TrainingReport
  ) throws -> SavedRecord {
    let definition = task.definition
    let texts = definition.fields.map { "{\($0)}" }
    let name = method.options[PatternChoice.option]
    let isPlain = name == TaskDefinition.plainPattern
    // A task without patterns has methods that read the texts alone.
    let pattern =
      definition.patterns.first { $0.name == name } ?? definition.patterns.first
      ?? PatternDefinition(
        TrainingTask.pattern, texts.joined(separator: " "), labelWords: definition.labels)
    // What is shown to an untrained model is part of it; a trained one needs no example any more.
    let isFitted = method.trains || !method.usesSample
    let shown = isFitted ? [] : Array(files.training.prefix(run.shownCount))
    // What answers reads the layer that was chosen, without choosing again.
    var options = method.options.values
    if let layer = run.session.chosenLayer { options[FeatureReading.layer] = .number(layer) }
    // The record has one pattern, under one name.
    if !isPlain, options[PatternChoice.option] != nil {
      options[PatternChoice.option] = TrainingTask.pattern
    }
    return SavedRecord(
      version: request.version, kind: kind, preset: method.preset, objective: method.objective,
      adaptation: method.adaptation, options: options, seed: request.seed,
      threads: request.threads,
      task: SavedRecord.Task(
        fields: definition.fields, labels: definition.labels,
        template: isPlain ? texts.joined(separator: " ") : pattern.template,
        segments: run.reading.pairsTexts ? texts : nil, labelWords: pattern.labelWords,
        separator: pattern.separator),
      base: base, hasHead: hasHead, isClassifier: run.reading.usesClassifier ? true : nil,
      demonstrations: shown.map {
        SavedRecord.Demonstration(texts: $0.fields, label: files.labels[$0.label])
      },
      columns: files.columns,
      training: SavedRecord.Training(files, request, report),
      evaluations: report.evaluations)
  }
}

extension MethodRun {
  /// How the trained model is stored.
  fileprivate var savedKind: SavedRecord.Kind {
    if model.adapter() != nil { return .adapter }
    let hasNetworks = model.layers.contains {
      $0.attentionAdapter != nil || $0.feedForwardAdapter != nil
    }
    if hasNetworks { return .additions }
    guard !groups.isEmpty else { return .untouched }
    guard model.layers.contains(where: { $0.query.weight == nil }) else { return .model }
    // A folder of weights cannot hold a quantised matrix, but what trained beside it can be kept.
    return trained.isEmpty ? .untouched : .additions
  }

  /// Whether training on the texts themselves changed the model before anything was added.
  fileprivate func hasChangedBase(_ options: ResolvedOptions) -> Bool {
    ContinuedPretraining.isAsked(options)
  }

  /// The tensors of the model that were trained, without those of a head.
  private var trained: [Parameter<Float>] {
    model.parameters.filter { parameter in groups.contains { $0.tensor === parameter.tensor } }
  }

  /// Writes every trained tensor of the model under its name here.
  fileprivate func writeAdditions(to url: URL) throws {
    let trained = trained
    var writer = try SafetensorsWriter(
      url,
      tensors: trained.map { .init(name: $0.name, shape: [$0.tensor.rows, $0.tensor.columns]) })
    for parameter in trained {
      try writer.append(UnsafeBufferPointer(parameter.tensor.elements))
    }
    try writer.finish()
  }

  /// Gives the tensors that an adaptation added, or trains, the values of a file.
  ///
  /// - Parameter url: From ``writeAdditions(to:)``.
  /// - Throws: `CheckpointError` for a file that does not fit.
  func readAdditions(from url: URL) throws {
    let file = try TensorFile(url)
    for parameter in model.parameters
    where groups.contains(where: { $0.tensor === parameter.tensor }) {
      guard let record = file[parameter.name], record.count == parameter.tensor.count else {
        throw CheckpointError(
          .mismatched, file: url.path, "has no tensor '\(parameter.name)' of the right size",
          help: "the folder was changed after it was written; train again")
      }
      try file.checkFinite(record)
      let values = try file.floats(record)
      for i in values.indices { parameter.tensor.elements[i] = values[i] }
    }
  }
}
