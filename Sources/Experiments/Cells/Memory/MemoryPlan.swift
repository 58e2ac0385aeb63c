package import Engine
package import Foundation

/// What a method needs for steps of one shape, predicted or measured.
///
/// The prediction runs the method's own code on a ledger that plans: every operation claims and frees
/// what it would, and computes nothing.
package struct MemoryPlan: Hashable, Sendable {
  /// Bytes at the moment of the peak.
  package let categories: [MemoryCategory: Int]
  /// The most bytes ever held.
  package let peak: Int
  /// The part of ``peak`` that becomes resident, untouched rows of mapped tables left out and gaps
  /// between allocations counted.
  package let resident: Int

  /// The shape of a step.
  package struct Shape: Hashable, Sendable {
    /// Examples a step.
    package var batch: Int
    /// Tokens of an example's text.
    package var length: Int
    /// Demonstrations before a prompt, for methods that show some.
    package var demonstrations: Int

    package init(batch: Int, length: Int, demonstrations: Int = 16) {
      self.batch = batch
      self.length = length
      self.demonstrations = demonstrations
    }
  }

  /// A method by the name of a preset, for any task.
  ///
  /// - Parameters:
  ///   - preset: Such as `lora`.
  ///   - options: Such as `rank=4`; numbers, `true`, `false` and lists with commas are understood.
  ///   - catalog: Knows the presets.
  /// - Returns: The method with every option decided.
  /// - Throws: ``MethodError`` for an unknown name, option or value.
  package static func method(
    _ preset: String, options: [String] = [], catalog: MethodCatalog = .builtin
  ) throws(MethodError) -> Method {
    var overrides: [String: OptionValue] = [:]
    for option in options {
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw MethodError(
          .invalidValue(.text(option), expectation: "key=value"), method: preset, option: option)
      }
      overrides[parts[0]] = OptionValue(parsing: parts[1])
    }
    return try catalog.method(
      preset, name: preset, overrides: overrides, task: SyntheticTask(length: 1).definition)
  }

  /// Predicts a method's memory: two steps of training, or a batch of answers where nothing trains.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - weights: Of the model, or of a model yet to be fetched.
  ///   - description: Its architecture.
  ///   - shape: Of a step.
  ///   - teacher: The folder of the checkpoint that the method names as teacher; nil for the path it
  ///     names.
  ///   - catalog: Knows the method's parts.
  /// - Returns: What the steps would take.
  /// - Throws: ``MethodError`` when the method does not fit the model, `CheckpointError` for the
  ///   teacher's folder.
  package static func predicted(
    _ method: Method, weights: PlannedWeights, _ description: ModelDescription, shape: Shape,
    teacher: URL? = nil, catalog: MethodCatalog = .builtin
  ) throws -> MemoryPlan {
    let ledger = MemoryLedger(planning: true)
    let model = Transformer<Float>(
      description, from: weights, quantization: BasePrecision(method.options).format, in: ledger)
    let run = try perform(
      method, on: model, shape: shape,
      teacher: try Self.teacher(of: method, in: teacher, planned: true),
      catalog: catalog)
    let isQuantized = BasePrecision(method.options).format != nil
    var resident = ledger.reach
    for weight in description.weights where weights.isMapped(weight) {
      if isQuantized, weight.slot.isLayerMatrix { continue }
      let isWhole =
        (run.session.readsWholeVocabulary || run.preparation != nil)
        && weight.slot.isVocabulary(of: description)
      if weight.slot.isTable, !isWhole {
        let tokens = shape.length * (shape.batch + (method.trains ? 0 : shape.demonstrations))
        let rows = min(weight.rows, weight.slot == .positionEmbedding ? shape.length : tokens)
        resident += rows * pages(of: weight.columns * MemoryLayout<Float>.stride)
      } else {
        resident += weight.rows * weight.columns * MemoryLayout<Float>.stride
      }
    }
    return MemoryPlan(ledger, resident: resident)
  }

  /// Runs the same steps for real.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - folder: The model's.
  ///   - shape: Of a step.
  ///   - catalog: Knows the method's parts.
  /// - Returns: What the ledger counted, and by how much the process has grown.
  /// - Throws: `CheckpointError` for the folder, ``MethodError`` as above.
  package static func measured(
    _ method: Method, in folder: ModelFolder, shape: Shape, catalog: MethodCatalog = .builtin
  ) throws -> MemoryPlan {
    Warmth.prepared
    ResidentMemory.resetPeak()
    let before = ResidentMemory.peak
    let ledger = MemoryLedger()
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder),
      quantization: BasePrecision(method.options).format, in: ledger)
    _ = try perform(
      method, on: model, shape: shape, teacher: try teacher(of: method, in: nil, planned: false),
      catalog: catalog)
    return MemoryPlan(ledger, resident: ResidentMemory.peak - before)
  }

  private init(_ ledger: MemoryLedger, resident: Int) {
    categories = Dictionary(
      uniqueKeysWithValues: MemoryCategory.allCases.map { ($0, ledger.bytesAtPeak($0)) })
    peak = ledger.peak
    self.resident = resident
  }

  /// The checkpoint a method names as teacher, reading the texts of ``SyntheticTask``.
  private static func teacher(
    of method: Method, in place: URL?, planned: Bool
  ) throws -> TeacherSource? {
    guard let name = method.teacher else { return nil }
    let folder = try ModelFolder(place ?? BuiltinModel.folder(of: name))
    let description = folder.description
    return TeacherSource(
      name: name, description: description,
      tokenizer: SyntheticTokenizer(vocabularySize: description.vocabularySize)
    ) { ledger in
      if planned {
        return Transformer<Float>(description, from: PlannedWeights(folder), in: ledger)
      }
      return try Transformer<Float>(description, from: CheckpointWeights(folder), in: ledger)
    }
  }

  private static func perform(
    _ method: Method, on model: Transformer<Float>, shape: Shape, teacher: TeacherSource?,
    catalog: MethodCatalog
  ) throws -> MethodRun {
    let task = SyntheticTask(length: shape.length)
    // A grid's first setting stands for all.
    var values = (method.options.candidates.first ?? method.options).values
    // Two steps: the second holds the moments that the first one leaves.
    if method.trains { values["epochs"] = .integer(2) }
    if values["batch-size"] != nil { values["batch-size"] = .integer(shape.batch) }
    if ContinuedPretraining(ResolvedOptions(values)) != nil {
      values[ContinuedPretraining.epochsName] = .integer(2)
      values["tapt-batch-size"] = .integer(shape.batch)
    }
    for (option, pattern) in method.patterns where pattern != TaskDefinition.plainPattern {
      values[option] = .text(task.definition.defaultPattern)
    }
    let shown = method.trains ? shape.batch : shape.demonstrations
    let examples = task.examples(shown + 2 * shape.batch)
    let pool = TrainingPool(
      examples, sample: Array(0..<shown),
      heldOut: Array(shown..<(shown + (HeldOutExamples.isRead(method.options) ? shape.batch : 0))))
    let run = try MethodRun(
      catalog, objective: method.objective, adaptation: method.adaptation,
      options: ResolvedOptions(values), model: model,
      tokenizer: SyntheticTokenizer(vocabularySize: model.description.vocabularySize),
      task: task.definition, sample: Array(examples.prefix(shown)), seed: 0, pool: pool,
      teacher: teacher, judged: Array(examples.suffix(shape.batch)))
    if run.train(progress: { _ in }) == nil {
      _ = run.evaluator.predictions(for: task.examples(shape.batch))
    }
    return run
  }

  private static func pages(of bytes: Int) -> Int {
    let page = 4096
    return (bytes + page - 1) / page * page + (bytes % page == 0 ? 0 : page / 2)
  }
}

/// What a process takes once, for whatever model: BLAS's buffers and the threads.
private enum Warmth {
  static let prepared: Void = {
    let ledger = MemoryLedger()
    let tape = Tape<Float>(ledger: ledger)
    let a = Tensor<Float>(rows: 512, columns: 1024, in: ledger)
    let b = Tensor<Float>(rows: 1024, columns: 1024, in: ledger)
    for tensor in [a, b] { for i in 0..<tensor.count { tensor.elements[i] = 0 } }
    _ = tape.linear(a, b)
  }()
}

extension WeightSlot {
  /// Whether a run reads single rows: of a vocabulary or of the positions.
  fileprivate var isTable: Bool {
    switch self {
    case .tokenEmbedding, .positionEmbedding, .output: true
    default: false
    }
  }

  /// Whether words are scored with it.
  fileprivate func isVocabulary(of description: ModelDescription) -> Bool {
    self == .output || (self == .tokenEmbedding && description.tiesEmbeddings)
  }

  /// Whether it is a matrix of a layer, which a quantized base stores in its own format.
  fileprivate var isLayerMatrix: Bool {
    guard case .layer(_, let part) = self else { return false }
    return part != .attentionNorm && part != .feedForwardNorm
  }
}

extension OptionValue {
  /// The value a word of a command line stands for.
  init(parsing text: String) {
    if text.contains(",") {
      self = .list(text.split(separator: ",").map { OptionValue(parsing: String($0)) })
    } else if let number = Int(text) {
      self = .integer(number)
    } else if let number = Double(text) {
      self = .number(number)
    } else {
      self = text == "true" || text == "false" ? .flag(text == "true") : .text(text)
    }
  }
}
