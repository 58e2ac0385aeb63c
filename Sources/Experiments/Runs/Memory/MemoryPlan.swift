package import Engine
import Formats
package import Foundation

/// What a method needs for steps of one shape, predicted or measured.
///
/// The prediction runs the method's own code on a ledger that plans: every operation claims and frees
/// what a real one would, and computes nothing.
package struct MemoryPlan: Hashable, Sendable {
  /// Bytes at the moment of the peak.
  package let categories: [MemoryCategory: Int]
  /// The peak in bytes.
  package let peak: Int
  /// The part of ``peak`` that becomes resident, without untouched rows of mapped tables and with gaps
  /// between allocations counted.
  package let resident: Int

  /// The shape of a step.
  package struct Shape: Hashable, Sendable {
    /// Examples per step.
    package var batch: Int
    /// Tokens of an example's text.
    package var length: Int
    /// Demonstrations in a prompt, for methods that use them.
    package var demonstrations: Int

    package init(batch: Int, length: Int, demonstrations: Int = 16) {
      self.batch = batch
      self.length = length
      self.demonstrations = demonstrations
    }

    /// The most tokens a step is planned for.
    private static let mostTokens = 1 << 22

    /// Explains why a model cannot take such a step.
    ///
    /// - Parameter model: Whose context holds an example.
    /// - Returns: A message for the user; nil if the step can be planned.
    package func problem(for model: ModelDescription) -> String? {
      guard length <= model.maximumPositions else {
        return "--length \(length) exceeds the context of \(model.maximumPositions) tokens"
      }
      let most = Self.mostTokens / max(1, length)
      if batch > most || demonstrations > most {
        return "a step of more than \(Self.mostTokens) tokens is not supported; "
          + "use a smaller --batch"
      }
      return nil
    }
  }

  /// A method by the name of a preset, for any task.
  ///
  /// - Parameters:
  ///   - preset: Such as `lora`.
  ///   - options: `key=value` each, such as `rank=4` or `lr=1e-3`.
  ///   - catalog: Contains the presets.
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
  ///   - catalog: Contains the method's parts.
  /// - Returns: What the steps would take.
  /// - Throws: ``MethodError`` when the method does not fit the model, `CheckpointError` for the
  ///   teacher's folder.
  package static func predicted(
    _ method: Method, weights: PlannedWeights, _ description: ModelDescription, shape: Shape,
    teacher: URL? = nil, catalog: MethodCatalog = .builtin
  ) throws -> MemoryPlan {
    let ledger = MemoryLedger(planning: true)
    let description = catalog.description(description, for: method.objective, method.options)
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
        resident += weight.bytes
      }
    }
    return MemoryPlan(ledger, resident: resident)
  }

  /// Memory outside the ledger: texts, the tape's records, code on its first run.
  private static let besides = 2 << 20

  /// Tables that a run needs whole: to score every word, or because of weight decay.
  static func wholeTables(
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
  ///   - catalog: Contains the method's parts.
  /// - Returns: What the ledger counted, and by how much the process has grown.
  /// - Throws: `CheckpointError` for the folder, ``MethodError`` as above.
  package static func measured(
    _ method: Method, in folder: ModelFolder, shape: Shape, catalog: MethodCatalog = .builtin
  ) throws -> MemoryPlan {
    Warmth.prepared
    ResidentMemory.resetPeak()
    let before = ResidentMemory.peak
    let ledger = MemoryLedger()
    let folder = catalog.folder(folder, for: method.objective, method.options)
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
    // A grid's first setting is planned for all.
    var options = method.options.candidates.first ?? method.options
    // Two steps: the second has the moments that the first one leaves.
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
    let isPaired = method.objective == ContrastiveObjective.name
    let shown = method.trains ? trained(by: method, shape) : shape.demonstrations
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
      teacher: teacher, judged: Array(examples.suffix(shape.batch)), rehearses: isPaired)
    if run.train(progress: { _ in }) == nil {
      _ = run.evaluator.predictions(for: task.examples(shape.batch))
    }
    return run
  }

  /// Texts of the sample that is planned for; a batch of pairs reads few of so many twice.
  private static func trained(by method: Method, _ shape: Shape) -> Int {
    shape.batch * (method.objective == ContrastiveObjective.name ? 4 : 1)
  }

  /// What looking up rows of a mapped table makes resident: their pages, which `Tensor.claim` takes
  /// one by one.
  private static func looked(
    at table: ModelDescription.Weight, _ shape: Shape, _ method: Method,
    _ model: Transformer<Float>
  ) -> Int {
    switch table.slot {
    case .positionEmbedding: return table.bytes(readingFirst: shape.length)
    // Of an output matrix apart from the embedding, the rows of label words.
    case .output: return table.bytes(lookingUp: 2)
    default:
      let tokens =
        shape.length
        * (trained(by: method, shape) + (method.trains ? 0 : shape.demonstrations))
      return table.bytes(lookingUp: min(table.rows, tokens + (model.prompt?.rows ?? 0)))
    }
  }
}

extension ModelDescription.Weight {
  private static let page = 4096

  private var bytesPerRow: Int { columns * MemoryLayout<Float>.stride }
  /// Of all rows, as floats.
  var bytes: Int { rows * bytesPerRow }
  private var pages: Int { (bytes + Self.page - 1) / Self.page }

  /// Bytes that become resident of a mapped table when its first rows are read.
  func bytes(readingFirst count: Int) -> Int {
    min(pages, count * bytesPerRow / Self.page + 1) * Self.page
  }

  /// Bytes that become resident of a mapped table when so many rows anywhere are looked up.
  func bytes(lookingUp count: Int) -> Int {
    // Rows begin anywhere in a page; how many pages as many draws meet, on average.
    let draws = Double(count) * (1 + Double(bytesPerRow) / Double(Self.page))
    let missed = pow(1 - 1 / Double(pages), draws)
    return Int((Double(pages) * (1 - missed)).rounded(.up)) * Self.page
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
  var isLayerMatrix: Bool {
    guard case .layer(_, let part) = self else { return false }
    return !part.isNorm
  }
}
