import Engine
import Foundation

/// What a cell's method works with: data, and where its model comes from.
struct CellMaterial {
  /// Of the method, with its grid.
  let options: ResolvedOptions
  let task: LoadedTask
  let sample: [Example]
  /// Which examples of the sample belong together; nil where the task does not say.
  var groups: [Int]?
  let pool: TrainingPool
  let tokenizer: any Tokenizer
  let folder: ModelFolder
  let teacher: TeacherSource?
  /// Where states of frozen models are kept; nil keeps none.
  var states: (any KeptStates)?

  /// The task with the sample as its training pool.
  var sampledTask: LoadedTask {
    var task = LoadedTask(
      definition: task.definition, training: sample, evaluations: [], sources: [])
    task.groups = groups
    return task
  }

  /// Every file that was opened for it.
  var files: [URL] {
    task.sources.compactMap(\.url) + folder.definingFiles + (teacher?.files ?? [])
  }

  /// Loads the model again, on a ledger of its own.
  ///
  /// - Parameter options: Say how frozen matrices are stored.
  /// - Returns: The model as its checkpoint has it.
  /// - Throws: `CheckpointError` for a broken checkpoint.
  func model(_ options: ResolvedOptions) throws -> Transformer<Float> {
    try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder),
      quantization: BasePrecision(options).format, in: MemoryLedger())
  }

  /// Binds a method with one setting to a model.
  ///
  /// - Parameters:
  ///   - model: Fresh from its checkpoint.
  ///   - catalog: Contains the method's parts.
  ///   - recipe: Of the cell.
  ///   - options: Without a grid.
  ///   - progress: Receives the share of a preparation that is done.
  /// - Returns: The method, ready to train.
  /// - Throws: ``MethodError`` or ``TaskError`` when something does not fit, `CheckpointError` for a
  ///   broken teacher.
  func bind(
    _ model: Transformer<Float>, _ catalog: MethodCatalog, _ recipe: CellRecipe,
    _ options: ResolvedOptions,
    progress: (Double) -> Void
  ) throws -> MethodRun {
    try MethodRun(
      catalog, objective: recipe.objective, adaptation: recipe.adaptation, options: options,
      model: model, tokenizer: tokenizer, task: task.definition, sample: sample,
      seed: recipe.trainingSeed, sampleSeed: recipe.sampleSeed, pool: pool, teacher: teacher,
      judged: judged(options), frozen: frozen(recipe, options), progress: progress)
  }

  /// What determines the states of the model as its checkpoint has it.
  private func frozen(_ recipe: CellRecipe, _ options: ResolvedOptions) -> FrozenIdentity? {
    states.map { kept in
      let parts: [Any] = [
        recipe.numericsVersion, recipe.modelFingerprint, BasePrecision(options).rawValue,
        recipe.threads, BLAS.name, Processor.name,
      ]
      return FrozenIdentity(
        identity: parts.map { "\($0)" }.joined(separator: "\n"), kept: kept)
    }
  }

  /// The examples that the options have epochs chosen on.
  private func judged(_ options: ResolvedOptions) -> [Example] {
    switch ModelSelection(options) {
    case .last: []
    case .bestHeldOut: pool.heldOut
    case .bestInDomain: inDomain?.examples ?? []
    }
  }

  private var inDomain: EvaluationSet? { task.evaluations.first { $0.domain == .inDomain } }

  /// A result's record of the choice of an epoch, and of a setting before it.
  func choice(
    _ earlier: CellResult.Choice?, of epoch: Int, _ accuracies: [Double], options: ResolvedOptions
  ) -> CellResult.Choice {
    var choice = earlier ?? CellResult.Choice()
    choice.epoch = epoch
    choice.epochAccuracies = accuracies
    switch ModelSelection(options) {
    case .last: break
    case .bestHeldOut: choice.heldOut = pool.heldOut.count
    case .bestInDomain: choice.evaluationSet = inDomain?.name
    }
    return choice
  }
}

extension MethodRun {
  /// Tokens that continued pre-training read.
  var preparationTokens: Int { preparation?.tokens ?? 0 }
}

extension CellResult.Training {
  /// A classifier that was solved for; its time is added later.
  init(_ solution: Solution) {
    self.init(
      steps: solution.evaluations, tokens: solution.tokens, seconds: 0, losses: [solution.loss],
      accuracy: solution.accuracy, relativeWeightChange: nil,
      trainableParameters: solution.parameters)
  }

  /// The outcome of training a method; its time is added later.
  init(_ outcome: Trainer.Outcome, accuracy: Double?, parameters: [Tensor<Float>]) {
    self.init(
      steps: outcome.steps, tokens: outcome.tokens, seconds: 0, losses: outcome.losses,
      accuracy: accuracy,
      relativeWeightChange: outcome.divergedAt == nil ? outcome.relativeWeightChange : nil,
      trainableParameters: parameters.reduce(0) { $0 + $1.count })
  }

  /// The outcome of continued pre-training, for a method that trains nothing after it.
  init(_ preparation: ContinuedPretraining.Outcome, parameters: [Tensor<Float>]) {
    self.init(
      steps: preparation.steps, tokens: preparation.tokens, seconds: 0, losses: preparation.losses,
      accuracy: nil, relativeWeightChange: nil,
      trainableParameters: parameters.reduce(0) { $0 + $1.count })
  }
}

extension CellResult.Preparation {
  init(_ outcome: ContinuedPretraining.Outcome) {
    self.init(
      texts: outcome.texts, steps: outcome.steps, tokens: outcome.tokens, losses: outcome.losses)
  }
}
