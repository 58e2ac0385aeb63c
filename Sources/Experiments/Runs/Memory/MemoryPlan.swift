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

    /// The most tokens a step is planned for.
    private static let mostTokens = 1 << 22

    /// Says what keeps a model from such a step.
    ///
    /// - Parameter model: Whose context holds an example.
    /// - Returns: What to tell the user; nil where the step can be planned.
    package func problem(for model: ModelDescription) -> String? {
      guard length <= model.maximumPositions else {
        return "--length \(length) exceeds the context of \(model.maximumPositions) tokens"
      }
      let most = Self.mostTokens / max(1, length)
      if batch > most || demonstrations > most {
        return "a step of more than \(Self.mostTokens) tokens is not planned; "
          + "take a smaller --batch"
      }
      return nil
    }
  }

  /// A method by the name of a preset, for any task.
  ///
  /// - Parameters:
  ///   - preset: Such as `lora`.
  ///   - options: `key=value` each, such as `rank=4` or `lr=1e-3`.
  ///   - catalog: Knows the presets.
  /// - Returns: The method with every option decided.
  /// - Throws: ``MethodError`` for a malformed setting, an unknown name, option or value.
  package static func method(
    _ preset: String, options: [String] = [], catalog: MethodCatalog = .builtin
  ) throws(MethodError) -> Method {
    let overrides = try [String: OptionValue](parsing: options)
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
    let whole = wholeTables(run, method, description)
    var resident = ledger.reach + besides
    for weight in description.weights where weights.isMapped(weight) {
      if isQuantized, weight.slot.isLayerMatrix { continue }
      if weight.slot.isTable, !whole.contains(weight.slot) {
        resident += looked(at: weight, shape, method, model)
      } else {
        resident += weight.rows * weight.columns * MemoryLayout<Float>.stride
      }
    }
    return MemoryPlan(ledger, resident: resident)
  }

  /// What a run takes that no ledger knows: texts, what the tape remembers, code as it is first run.
  private static let besides = 2 << 20

  /// Tables of which a run needs all rows: to score every word, or because they decay.
  private static func wholeTables(
    _ run: MethodRun, _ method: Method, _ description: ModelDescription
  ) -> Set<WeightSlot> {
    var whole: Set<WeightSlot> = []
    if run.session.readsWholeVocabulary || run.preparation != nil {
      whole.insert(description.tiesEmbeddings ? .tokenEmbedding : .output)
    }
    if run.preparation != nil { whole.formUnion([.tokenEmbedding, .positionEmbedding]) }
    if method.trains, TrainingOptions(method.options).weightDecay > 0 {
      let trained = Set(run.groups.map { ObjectIdentifier($0.tensor) })
      for (slot, tensor) in run.model.weights where trained.contains(ObjectIdentifier(tensor)) {
        if slot != .output { whole.insert(slot) }
      }
    }
    return whole
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
      tokenizer: SyntheticTokenizer(
        vocabularySize: description.vocabularySize, isScattered: true)
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
    var options = method.options.candidates.first ?? method.options
    // Two steps: the second holds the moments that the first one leaves.
    if method.trains {
      options[TrainingOptions.epochs] = 2
      options[TrainingOptions.batchSize] = shape.batch
    }
    if ContinuedPretraining(options) != nil {
      options[ContinuedPretraining.epochs] = 2
      options[ContinuedPretraining.batchSize] = shape.batch
    }
    for (option, pattern) in method.patterns where pattern != TaskDefinition.plainPattern {
      options[option] = task.definition.defaultPattern
    }
    let shown = method.trains ? shape.batch : shape.demonstrations
    let examples = task.examples(shown + 2 * shape.batch)
    let pool = TrainingPool(
      examples, sample: Array(0..<shown),
      heldOut: Array(shown..<(shown + (HeldOutExamples.isRead(method.options) ? shape.batch : 0))))
    let run = try MethodRun(
      catalog, objective: method.objective, adaptation: method.adaptation,
      options: options, model: model,
      tokenizer: SyntheticTokenizer(
        vocabularySize: model.description.vocabularySize, isScattered: true),
      task: task.definition, sample: Array(examples.prefix(shown)), seed: 0, pool: pool,
      teacher: teacher, judged: Array(examples.suffix(shape.batch)))
    if run.train(progress: { _ in }) == nil {
      _ = run.evaluator.predictions(for: task.examples(shape.batch))
    }
    return run
  }

  /// What looking up rows of a mapped table makes resident: their pages, which `Tensor.claim` takes
  /// one by one.
  private static func looked(
    at table: ModelDescription.Weight, _ shape: Shape, _ method: Method,
    _ model: Transformer<Float>
  ) -> Int {
    let page = 4096
    let row = table.columns * MemoryLayout<Float>.stride
    let pages = (table.rows * row + page - 1) / page
    let touched: Double
    switch table.slot {
    case .positionEmbedding: return min(pages, shape.length * row / page + 1) * page
    // Of words apart from the embedding, those that stand for classes.
    case .output: touched = 2
    default:
      let tokens = shape.length * (shape.batch + (method.trains ? 0 : shape.demonstrations))
      touched = Double(min(table.rows, tokens + (model.prompt?.rows ?? 0)))
    }
    // Rows begin anywhere in a page; how many pages as many draws meet, on average.
    let draws = touched * (1 + Double(row) / Double(page))
    let missed = pow(1 - 1 / Double(pages), draws)
    return Int((Double(pages) * (1 - missed)).rounded(.up)) * page
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
  /// Whether it is a matrix of a layer, which a quantized base stores in its own format.
  fileprivate var isLayerMatrix: Bool {
    guard case .layer(_, let part) = self else { return false }
    return part != .attentionNorm && part != .feedForwardNorm
  }
}
