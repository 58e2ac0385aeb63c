import Engine
import Foundation

/// Runs cells one after another, keeping what several of them read.
package final class CellRunner {
  private let catalog: MethodCatalog
  private var tasks: [String: LoadedTask] = [:]
  private var tokenizers: [String: any Tokenizer] = [:]

  package init(catalog: MethodCatalog = .builtin) {
    self.catalog = catalog
  }

  /// Trains and evaluates one cell.
  ///
  /// - Parameters:
  ///   - cell: What to run.
  ///   - progress: Told the share done in [0, 1] and what is going on.
  /// - Returns: The result; a loss that is no number gives a `diverged` one.
  /// - Throws: ``TaskError``, ``MethodError`` or `CheckpointError` when the cell cannot run at all.
  package func run(
    _ cell: Cell, progress: (Double, String) -> Void
  ) throws -> CellResult {
    let clock = ContinuousClock()
    let begin = clock.now
    let recipe = cell.recipe
    BLAS.setThreads(recipe.threads)
    ResidentMemory.resetPeak()
    progress(0, "loading")
    let task = try task(of: cell)
    let options = ResolvedOptions(recipe.methodOptions)
    let sample = try sample(of: cell, from: task)
    let seed = UInt64(bitPattern: Int64(recipe.seed))

    let ledger = MemoryLedger()
    let folder = try ModelFolder(URL(fileURLWithPath: cell.modelPath))
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder),
      quantization: BasePrecision(options).format, in: ledger)
    let preparationBegin = clock.now
    let run = try MethodRun(
      catalog, objective: recipe.objective, adaptation: recipe.adaptation, options: options,
      model: model, tokenizer: try tokenizer(of: cell), task: task.definition, sample: sample,
      seed: seed)
    let (session, evaluator) = (run.session, run.evaluator)

    var training: CellResult.Training?
    var memory: CellResult.Memory?
    var status = CellResult.Status.succeeded
    if let outcome = run.train(progress: { progress($0 * 0.7, "training") }) {
      let trainingSeconds = (clock.now - preparationBegin).seconds
      // What a method costs is what training it needs; how many texts are then scored together is
      // this program's choice and the same for all.
      memory = CellResult.Memory(ledger)
      var accuracy: Double?
      if let step = outcome.divergedAt {
        status = .diverged(step: step)
      } else {
        let predicted = evaluator.predictions(for: sample).predictions.classes
        let correct = zip(predicted, sample).count { Int($0) == $1.label }
        accuracy = Double(correct) / Double(sample.count)
      }
      training = CellResult.Training(
        steps: outcome.steps, tokens: outcome.tokens + session.preparationTokens,
        seconds: trainingSeconds,
        losses: outcome.losses, accuracy: accuracy,
        relativeWeightChange: outcome.divergedAt == nil ? outcome.relativeWeightChange : nil,
        trainableParameters: run.groups.reduce(0) { $0 + $1.tensor.count })
    }
    var evaluations: [CellResult.Evaluation] = []
    if status == .succeeded {
      for (index, set) in task.evaluations.enumerated() {
        let setBegin = clock.now
        let (predictions, tokens) = evaluator.predictions(for: set.examples)
        guard predictions.areFinite else {
          status = .failed(
            reason: "the model scores '\(set.name)' with numbers that are not finite")
          evaluations = []
          break
        }
        evaluations += Self.outcomes(
          of: predictions, on: set, task: task.definition, tokens: tokens,
          seconds: (clock.now - setBegin).seconds)
        progress(0.7 + 0.3 * Double(index + 1) / Double(task.evaluations.count), "evaluating")
      }
    }
    return CellResult(
      key: cell.key, status: status, evaluations: evaluations, training: training,
      memory: memory ?? CellResult.Memory(ledger), seconds: (clock.now - begin).seconds,
      sampleDigest: FewShotSampler.digest(of: sample), demonstrations: session.demonstrations,
      provenance: CellResult.Provenance(
        numericsVersion: recipe.numericsVersion, blas: BLAS.name,
        processor: Processor.name, threads: recipe.threads))
  }

  private static func outcomes(
    of predictions: Predictions, on set: EvaluationSet, task: TaskDefinition, tokens: Int,
    seconds: Double
  ) -> [CellResult.Evaluation] {
    var outcomes = set.outcomes(
      of: predictions.classes, classNames: task.labels, tokens: tokens, seconds: seconds)
    guard let words = predictions.overVocabulary else { return outcomes }
    let free = set.outcomes(of: words, classNames: task.labels, tokens: 0, seconds: 0)
    for i in outcomes.indices {
      outcomes[i].metrics[Metrics.vocabularyAccuracy] = free[i].metrics[Metrics.accuracy]
      outcomes[i].metrics[Metrics.noLabel] = free[i].metrics[Metrics.noLabel]
    }
    return outcomes
  }

  private func task(of cell: Cell) throws -> LoadedTask {
    let options = TaskOptions(cell.recipe.taskOptions)
    // Two task files may give their tasks the same name.
    let definition = cell.recipe.dataFingerprints[CellFactory.definitionRole] ?? ""
    let key = "\(cell.dataPath)\n\(cell.recipe.task)\n\(definition)\n\(options)"
    if let known = tasks[key] { return known }
    let task = try cell.task ?? TaskCatalog.published.task(named: cell.recipe.task)
    let loaded = try TaskLoader(folder: URL(fileURLWithPath: cell.dataPath))
      .load(task, sets: options.sets)
      .limited(to: options.limit)
    tasks[key] = loaded
    return loaded
  }

  private func tokenizer(of cell: Cell) throws -> any Tokenizer {
    if let known = tokenizers[cell.modelPath] { return known }
    let tokenizer = try TokenizerLoader.load(from: URL(fileURLWithPath: cell.modelPath))
    tokenizers[cell.modelPath] = tokenizer
    return tokenizer
  }

  private func sample(of cell: Cell, from task: LoadedTask) throws -> [Example] {
    guard cell.recipe.shots > 0 else { return [] }
    return try FewShotSampler.draw(
      from: task.training, labels: task.definition.labels, shots: cell.recipe.shots,
      per: TaskOptions(cell.recipe.taskOptions).counting, seed: cell.recipe.seed
    ).map { task.training[$0] }
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

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
