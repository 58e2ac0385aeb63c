package import Engine
package import Foundation

/// What a worker's process needs at most while it runs a cell.
package struct MemoryEstimate: Hashable, Sendable {
  /// The most bytes that the engine's ledger counts, as ``CellResult/Memory/peak`` has it.
  package var peak: Int
  /// The most bytes of the process that are resident, evaluation included.
  package var resident: Int

  package init(peak: Int, resident: Int) {
    self.peak = peak
    self.resident = resident
  }

  /// What is needed for either of two.
  func union(_ other: MemoryEstimate) -> MemoryEstimate {
    MemoryEstimate(peak: max(peak, other.peak), resident: max(resident, other.resident))
  }
}

/// Predicts the memory of cells of one task and model before any is run.
///
/// A cell's own method runs on a ledger that plans, with the cell's sample and the model's tokenizer:
/// the batch with most tokens is trained on twice, and those examples are evaluated that need most.
/// Resident on top of that are mapped weights, the task's texts, the tokenizer and the program.
package final class MemoryForecast {
  private let task: LoadedTask
  private let counting: ShotCounting
  private let folder: ModelFolder
  private let weights: PlannedWeights
  private let modules: SentenceModules?
  private let tokenizer: any Tokenizer
  private let teacherTokenizers: [String: any Tokenizer]
  private let catalog: MethodCatalog
  /// Bytes of the texts of each training example.
  private let sizes: [Int]
  private lazy var vocabulary = VocabularyGrowth(task, tokenizer: tokenizer)
  private var samples: [SampleName: [Int]] = [:]

  private struct SampleName: Hashable {
    let shots, seed: Int
  }

  /// Prepares to predict.
  ///
  /// - Parameters:
  ///   - task: With all of its examples.
  ///   - options: Of the experiment, which all cells share.
  ///   - model: The checkpoint's folder.
  ///   - tokenizers: The model's, and those of teachers, by the paths of their folders.
  ///   - catalog: Knows the methods' parts.
  /// - Throws: `CheckpointError` for a broken folder.
  package init(
    task: LoadedTask, options: TaskOptions, model: URL, tokenizers: [String: any Tokenizer],
    catalog: MethodCatalog = .builtin
  ) throws {
    let limited = task.limited(to: options.limit)
    // A fold is a part of the pool, and no heavier than all of it.
    self.task = options.folds == nil ? limited : limited.validatingAll()
    counting = options.counting
    folder = try ModelFolder(model)
    weights = PlannedWeights(folder)
    modules = try SentenceModules(model)
    tokenizer = try tokenizers[model.path] ?? folder.tokenizer()
    teacherTokenizers = tokenizers
    self.catalog = catalog
    sizes = task.training.map(\.size)
  }

  /// Bytes of what a worker keeps for the next cell: the task's texts and the tokenizer.
  package private(set) lazy var keptBytes = ProcessMemory.kept(task, tokenizer: tokenizer)

  /// Predicts what cells need that differ in their seeds alone.
  ///
  /// - Parameters:
  ///   - method: Theirs, with all options decided.
  ///   - cells: At least one.
  /// - Returns: What the one with the heaviest sample needs.
  /// - Throws: ``MethodError`` or ``TaskError`` where method, model and task do not fit, and
  ///   `CheckpointError` for the teacher's folder.
  package func estimate(_ method: Method, _ cells: [Cell]) throws -> MemoryEstimate {
    precondition(!cells.isEmpty, "memory of no cells")
    if !method.readsModel { return try estimateWithoutModel(method, cells) }
    let threads = cells[0].recipe.threads
    if threads > 1 { BLAS.setThreads(threads) }
    defer { if threads > 1 { BLAS.setThreads(1) } }
    var estimate = MemoryEstimate(peak: 0, resident: 0)
    let method = try method.filled(for: folder.description, modules)
    for options in Self.distinct(method.options.candidates) {
      let cell = try cells.count == 1 ? cells[0] : heaviest(of: cells, options, method)
      estimate = estimate.union(try planned(method, options, cell))
    }
    return estimate
  }

  /// The same for a method that learns from the texts alone, whose bytes follow from its sample.
  private func estimateWithoutModel(_ method: Method, _ cells: [Cell]) throws -> MemoryEstimate {
    let type = try catalog.objective(named: method.objective).said(of: method.name)
    guard let objective = type.init(method.options) as? any TextObjective else {
      preconditionFailure("objective '\(method.objective)' reads a model")
    }
    let classes = task.definition.labels.count
    let peak =
      try cells.map { cell in
        objective.bytes(for: try sample(cell).map { task.training[$0] }, classes: classes)
      }.max() ?? 0
    return MemoryEstimate(
      peak: peak,
      // Terms as text, once more in the rows they are made of.
      resident: ProcessMemory.program(threads: 1) + keptBytes + 8 * peak)
  }

  /// Options of a grid that change values but not memory.
  private static let weightless: Set = [
    TrainingOptions.learningRate.name, TrainingOptions.warmup.name, TrainingOptions.schedule.name,
    TrainingOptions.clipNorm.name, ContinuedPretraining.learningRate.name,
    DistillationObjective.lambda.name, DistillationObjective.temperature.name,
  ]

  /// One of each kind of setting as far as memory goes.
  private static func distinct(_ candidates: [ResolvedOptions]) -> [ResolvedOptions] {
    var seen: Set<ResolvedOptions> = []
    return candidates.filter { options in
      seen.insert(ResolvedOptions(options.values.filter { !weightless.contains($0.key) })).inserted
    }
  }

  private func sample(_ cell: Cell) throws -> [Int] {
    let recipe = cell.recipe
    guard recipe.shots > 0 else { return [] }
    let name = SampleName(shots: recipe.shots, seed: recipe.seed)
    if let known = samples[name] { return known }
    let drawn = try FewShotSampler.draw(
      from: task.training, labels: task.definition.labels, shots: recipe.shots, per: counting,
      seed: recipe.seed)
    samples[name] = drawn
    return drawn
  }

  /// The cell with the heaviest batch of texts, or the most text where nothing trains.
  private func heaviest(
    of cells: [Cell], _ options: ResolvedOptions, _ method: Method
  ) throws -> Cell {
    let weights = try cells.map { cell -> Int in
      let sizes = try sample(cell).map { self.sizes[$0] }
      // Texts that are read one by one.
      if method.objective == FeatureObjective.name { return sizes.max() ?? 0 }
      guard options.value(of: TrainingOptions.epochs) != nil else { return sizes.reduce(0, +) }
      let training = TrainingOptions(options)
      // Any texts can meet in a batch of pairs.
      if method.objective == ContrastiveObjective.name {
        return sizes.sorted(by: >).prefix(2 * training.batchSize).reduce(0, +)
      }
      let batches = TrainingBatches(count: sizes.count, size: training.batchSize) {
        TrainingOrder.shuffled.examples(
          of: $0, count: sizes.count, seed: cell.recipe.trainingSeed)
      }
      let bytes = { (batch: [Int]) in batch.reduce(0) { $0 + sizes[$1] } }
      return bytes(batches.heaviest(epochs: training.epochs, bytes))
    }
    let index = weights.indices.max { weights[$0] < weights[$1] }
    return cells[index ?? 0]
  }
}

extension MemoryForecast {
  /// Most texts of the training pool that a plan reads; more of them change the peak little.
  private static let textsOfPool = 2048

  private func planned(
    _ method: Method, _ options: ResolvedOptions, _ cell: Cell
  ) throws -> MemoryEstimate {
    let seed = cell.recipe.seed
    let sample = try sample(cell)
    let heldOut = try FewShotSampler.heldOut(
      method.heldOut, from: task.training, labels: task.definition.labels, outside: sample,
      per: counting, seed: seed)
    let pool = TrainingPool(task.training, sample: sample, heldOut: heldOut)
    let ledger = MemoryLedger(planning: true)
    let format = BasePrecision(options).format
    let description = catalog.description(folder.description, for: method.objective, options)
    let model = Transformer<Float>(
      description, from: weights, quantization: format, in: ledger)
    let judged: [Example] =
      switch ModelSelection(options) {
      case .last: []
      case .bestHeldOut: pool.heldOut
      case .bestInDomain:
        task.evaluations.first { $0.domain == .inDomain }?.examples ?? []
      }
    let teacher = try teacher(of: method, cell)
    let run = try MethodRun(
      catalog, objective: method.objective, adaptation: method.adaptation,
      options: Self.bounded(options), model: model, tokenizer: tokenizer, task: task.definition,
      sample: sample.map { task.training[$0] }, seed: cell.recipe.trainingSeed,
      sampleSeed: cell.recipe.sampleSeed, pool: pool, teacher: teacher?.source,
      judged: Array(judged.sorted { $0.size > $1.size }.prefix(Self.judgedExamples)),
      rehearses: true)
    let prepared = ledger.reach
    let isTrained = run.train { _ in } != nil || run.session.solves
    // As a cell's result has it: what a trained method costs is its training.
    let trainingPeak = ledger.peak
    let evaluator = run.evaluator
    var widest = 0
    for examples in task.evaluations.map(\.examples) + [pool.heldOut] {
      let heavy = HeavyBatches(examples, session: run.session)
      for group in heavy.groups { _ = evaluator.predictions(for: group) }
      widest = max(widest, heavy.mostSequences)
    }
    if isTrained, !run.session.solves { _ = run.accuracyOnSample() }
    let answers = answers(of: method, options, count: run.trainingCount)
    let words = wordScores(of: run, sequences: widest)
    let tables = resident(run, method, options, isQuantized: format != nil)
    let reach = Self.largePages(ledger.reach)
    return MemoryEstimate(
      peak: isTrained ? trainingPeak : ledger.peak,
      resident: ProcessMemory.program(threads: cell.recipe.threads) + keptBytes + tables
        + max(
          Self.largePages(prepared) + 3 * answers + (teacher?.resident ?? 0),
          reach + answers + words))
  }

  /// Held-out examples to judge epochs on that a plan reads: those with the longest texts.
  private static let judgedExamples = 64

  /// Options under which a plan reads no more of the pool than needed.
  private static func bounded(_ options: ResolvedOptions) -> ResolvedOptions {
    var bounded = options
    for option in [DistillationObjective.poolLimit, ContinuedPretraining.texts] {
      if let limit = options.value(of: option), limit == 0 || limit > textsOfPool {
        bounded[option] = textsOfPool
      }
    }
    return bounded
  }

  /// The arena becomes resident by large pages where the system has them.
  private static func largePages(_ bytes: Int) -> Int {
    let size = 1 << 21
    return (bytes + size - 1) / size * size
  }

  /// The checkpoint that teaches, and what is resident of it while it does.
  private func teacher(
    of method: Method, _ cell: Cell
  ) throws -> (source: TeacherSource, resident: Int)? {
    guard let name = method.teacher, let path = cell.teacherPath else { return nil }
    let folder = try ModelFolder(URL(fileURLWithPath: path, isDirectory: true))
    let weights = PlannedWeights(folder)
    let description = folder.description
    let source = TeacherSource(
      name: name, description: description,
      tokenizer: try teacherTokenizers[path] ?? folder.tokenizer()
    ) { Transformer<Float>(description, from: weights, in: $0) }
    let mapped = description.weights.filter(weights.isMapped).reduce(0) { $0 + $1.bytes }
    return (source, mapped)
  }

  /// Bytes of what a teacher has answered, which no ledger counts.
  private func answers(of method: Method, _ options: ResolvedOptions, count: Int) -> Int {
    guard method.objective == DistillationObjective.name else { return 0 }
    let columns =
      options[DistillationScope.option] == .vocabulary
      ? folder.description.vocabularySize : task.definition.labels.count
    return count * (columns * MemoryLayout<Float>.stride + 32)
  }

  /// Bytes of the copies that are made of scores over the vocabulary to find label words in them.
  private func wordScores(of run: MethodRun, sequences: Int) -> Int {
    let selection = run.session.selection
    guard run.session.head.isEmpty, selection?.isMasked ?? true else { return 0 }
    let masks = task.evaluations.first?.examples.first.map {
      run.session.prompt(for: $0).masks.count
    }
    return 2 * sequences * max(1, masks ?? 1) * folder.description.vocabularySize
      * MemoryLayout<Float>.stride
  }

  /// Bytes of mapped weights that a cell makes resident.
  private func resident(
    _ run: MethodRun, _ method: Method, _ options: ResolvedOptions, isQuantized: Bool
  ) -> Int {
    let description = run.model.description
    var whole = MemoryPlan.wholeTables(run, method, description)
    // Evaluation looks for label words in the whole vocabulary, whatever training scored.
    if run.session.head.isEmpty {
      whole.insert(description.tiesEmbeddings ? .tokenEmbedding : .output)
    }
    let read = task.evaluations.reduce(run.readCount) { $0 + $1.examples.count }
    return description.weights.filter(weights.isMapped).reduce(0) { sum, weight in
      if isQuantized, weight.slot.isLayerMatrix { return sum }
      guard weight.slot.isTable, !whole.contains(weight.slot) else { return sum + weight.bytes }
      let rows =
        switch weight.slot {
        case .tokenEmbedding: vocabulary.distinct(in: read)
        case .output: task.definition.labels.count
        default: weight.rows
        }
      return sum + weight.bytes(lookingUp: min(rows, weight.rows))
    }
  }
}

/// The examples among which evaluation has its peak.
struct HeavyBatches {
  /// Examples that are evaluated together, or nearly so.
  private(set) var groups: [[Example]] = []
  /// The most sequences in a batch.
  private(set) var mostSequences = 0

  /// Examples that are tokenized to measure tokens per byte of text.
  private static let measured = 32
  private static let longest = 3
  /// Examples on either side of a batch, since where it begins is only known nearly.
  private static let margin = 2

  /// Looks for the batches with most tokens and most examples, and for the longest examples.
  init(_ examples: [Example], session: any ObjectiveSession) {
    guard !examples.isEmpty else { return }
    let sizes = examples.map(\.size)
    let step = max(1, examples.count / Self.measured)
    var fit = LineFit()
    var sequences = 1
    for index in stride(from: 0, to: examples.count, by: step) {
      let read = session.sequences(for: examples[index])
      sequences = max(sequences, read.count)
      fit.add(Double(sizes[index]), Double(read.reduce(0) { $0 + $1.count }))
    }
    let lengths = sizes.map { max(1, Int(fit.value(at: Double($0)).rounded())) }
    var (heavy, crowded) = (0..<0, 0..<0)
    var (most, start, sum) = (0, 0, 0)
    func close(at end: Int) {
      if sum > most { (heavy, most) = (start..<end, sum) }
      if end - start > crowded.count { crowded = start..<end }
      (start, sum) = (end, 0)
    }
    for (index, length) in lengths.enumerated() {
      if sum + length > Evaluator.tokensAtOnce, index > start { close(at: index) }
      sum += length
    }
    close(at: lengths.count)
    mostSequences = (crowded.count + Self.margin) * sequences
    groups = [heavy, crowded].map { range in
      Array(
        examples[
          max(
            0, range.lowerBound - Self.margin)..<min(
              examples.count, range.upperBound + Self.margin)])
    }
    groups += sizes.indices.sorted { sizes[$0] > sizes[$1] }.prefix(Self.longest).map {
      [examples[$0]]
    }
  }
}

/// A line through points, by least squares.
private struct LineFit {
  private var (n, x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)

  mutating func add(_ a: Double, _ b: Double) {
    (n, x, y, xx, xy) = (n + 1, x + a, y + b, xx + a * a, xy + a * b)
  }

  func value(at a: Double) -> Double {
    let spread = n * xx - x * x
    let slope = spread > 0 ? max(0, (n * xy - x * y) / spread) : 0
    return (y - slope * x) / n + slope * a
  }
}

/// How many different tokens there are among so many of a task's texts.
private struct VocabularyGrowth {
  private let few: Int
  private let fewTexts: Int
  /// Different tokens grow as this power of the number of texts: Heaps' law.
  private let exponent: Double
  private let limit: Int

  private static let texts = 256

  init(_ task: LoadedTask, tokenizer: any Tokenizer) {
    let all = task.evaluations.flatMap { $0.examples.map(\.fields) }
    let step = max(1, all.count / Self.texts)
    let chosen = stride(from: 0, to: all.count, by: step).map { all[$0] }
    var seen: Set<Int32> = []
    var halfway = 1
    for (index, fields) in chosen.enumerated() {
      for field in fields { seen.formUnion(tokenizer.encode(field, addingSpecialTokens: true)) }
      if index == chosen.count / 2 { halfway = max(1, seen.count) }
    }
    (few, fewTexts) = (max(1, seen.count), max(1, chosen.count))
    exponent = min(1, log2(Double(few) / Double(halfway)))
    limit = tokenizer.vocabularySize
  }

  func distinct(in texts: Int) -> Int {
    let growth = pow(max(1, Double(texts) / Double(fewTexts)), exponent)
    return min(limit, Int((Double(few) * growth * 1.1).rounded(.up)))
  }
}

extension Example {
  /// Bytes of its texts.
  var size: Int { fields.reduce(0) { $0 + $1.utf8.count } }
}
