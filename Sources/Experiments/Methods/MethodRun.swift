import Engine

/// A method bound to a model and a sample: what a cell, a prediction of memory and a measurement share.
struct MethodRun {
  let model: Transformer<Float>
  let session: any ObjectiveSession
  let reading: EncoderReading
  let groups: [AdamW<Float>.Group]
  /// The outcome of continued pre-training, if the method includes it.
  let preparation: ContinuedPretraining.Outcome?
  private let trainer: Trainer?
  private let sample: [Example]
  /// Prompts of the training examples, those of the sample first.
  private let prompts: [TokenSequence]

  /// Prepares the model, binds the objective to it, and then adapts it.
  ///
  /// - Parameters:
  ///   - catalog: Contains the parts by name.
  ///   - objective: By registry name.
  ///   - adaptation: By registry name.
  ///   - options: Of the method, with every default filled in and no grid.
  ///   - model: Fresh from its checkpoint.
  ///   - tokenizer: The model's.
  ///   - task: Gives patterns and labels.
  ///   - sample: The examples to train on or to show.
  ///   - seed: Of fresh weights, order and dropout.
  ///   - sampleSeed: Of what is drawn from the pool; `seed` if nil.
  ///   - order: In which an epoch takes the examples.
  ///   - start: A head and additions to start from; missing parts start fresh.
  ///   - pool: The rest of the training pool; nil if there is none.
  ///   - teacher: The checkpoint that the options name as teacher.
  ///   - judged: Examples to choose an epoch on, if the options require it.
  ///   - reading: How an encoder reads texts; nil for the method's own way.
  ///   - frozen: Where states of the model as it is are kept; nil keeps none.
  ///   - onlyAnswers: Whether the sample is only shown, since `start` has what was fitted.
  ///   - rehearses: Whether to take only the steps that decide the peak of memory, for a plan of it.
  ///   - progress: Receives the share of a preparation that is done.
  /// - Throws: ``MethodError`` or ``TaskError`` when the parts do not fit.
  init(
    _ catalog: MethodCatalog, objective: String, adaptation: String, options: ResolvedOptions,
    model: Transformer<Float>, tokenizer: any Tokenizer, task: TaskDefinition, sample: [Example],
    seed: UInt64, sampleSeed: UInt64? = nil, order: TrainingOrder = .shuffled,
    start: StartingPoint = StartingPoint(),
    pool: TrainingPool? = nil, teacher: TeacherSource? = nil, judged: [Example] = [],
    reading: EncoderReading? = nil, frozen: FrozenIdentity? = nil, onlyAnswers: Bool = false,
    rehearses: Bool = false, progress: (Double) -> Void = { _ in }
  ) throws {
    guard MethodGrid(options).isEmpty else {
      throw MethodError(.needsPool(MethodGrid.key), option: MethodGrid.key)
    }
    let selection = ModelSelection(options)
    guard selection == .last || !judged.isEmpty else {
      throw MethodError(.needsPool(ModelSelection.option.name), option: ModelSelection.option.name)
    }
    let adaptationType = try catalog.adaptation(named: adaptation).get()
    let change = adaptationType.init(options)
    var context = ObjectiveContext(
      model: model, tokenizer: tokenizer, task: task, sample: sample, seed: seed,
      sampleSeed: sampleSeed ?? seed,
      reading: reading
        ?? EncoderReading(
          model.description, objective: objective, adaptation: adaptation, options: options,
          task: task),
      truncation: Truncation(options), reservedPositions: change.reservedPositions, pool: pool,
      teacher: teacher)
    preparation = try ContinuedPretraining(options)?.run(
      on: model, context, rehearses: rehearses, progress: progress)
    if preparation == nil { context.frozen = frozen }
    context.onlyAnswers = onlyAnswers
    let session = try catalog.objective(named: objective).get().init(options)
      .session(context)
    if !start.head.isEmpty { try session.setHead(start.head) }
    let added = start.adapter.map { change.resume(model, from: $0) }
    groups = (added ?? change.prepare(model, seed: seed)) + session.trainable
    self.model = model
    self.reading = context.reading
    self.session = session
    self.sample = sample
    guard adaptationType.trains else {
      (trainer, prompts) = (nil, [])
      return
    }
    let prompts = (session.trainingExamples ?? sample).map(session.prompt(for:))
    self.prompts = prompts
    let evaluator = Evaluator(model: model, session: session)
    trainer = Trainer(
      model: model, session: session, groups: groups, options: TrainingOptions(options),
      seed: seed, order: order,
      states: adaptationType.changesModel ? nil : FrozenStates(prompts, model: model),
      score: selection == .last ? nil : { evaluator.accuracy(on: judged) }, rehearses: rehearses)
  }

  /// Trains on the sample; nil for a method that trains nothing.
  func train(
    observe: (Trainer.Step) -> Void = { _ in }, progress: (Double) -> Void
  ) -> Trainer.Outcome? {
    if trainer != nil, let step = preparation?.divergedAt {
      return Trainer.Outcome(steps: step, divergedAt: step)
    }
    return trainer?.run(prompts, observe: observe, progress: progress)
  }

  /// How many examples of the sample are shown with every text; all where nothing is fitted to them.
  var shownCount: Int { session.solves ? session.demonstrations ?? 0 : sample.count }

  /// How many examples are read before any is answered.
  var readCount: Int { session.solves ? sample.count : prompts.count }

  /// How many examples, or pairs of them, an epoch of training takes.
  var trainingCount: Int { session.pairs?.anEpoch ?? prompts.count }

  var evaluator: Evaluator { Evaluator(model: model, session: session) }

  /// Accuracy on the sample, in [0, 1].
  func accuracyOnSample() -> Double {
    guard let states = trainer?.states else { return evaluator.accuracy(on: sample) }
    let tape = Tape<Float>(ledger: model.ledger)
    let rows = tape.gathered(states.values, rows: Array(sample.indices))
    let predicted = session.predictions(
      rows, of: model.packed(Array(prompts.prefix(sample.count))), on: tape)
    return Evaluator.accuracy(of: predicted.classes, on: sample)
  }
}

extension Evaluator {
  /// Accuracy on the examples, in [0, 1].
  func accuracy(on examples: [Example]) -> Double {
    Self.accuracy(of: predictions(for: examples).predictions.classes, on: examples)
  }

  static func accuracy(of classes: [UInt8], on examples: [Example]) -> Double {
    let right = zip(classes, examples).count { Int($0) == $1.label }
    return examples.isEmpty ? 0 : Double(right) / Double(examples.count)
  }
}

/// What a training starts from instead of fresh numbers.
struct StartingPoint: Hashable, Sendable {
  /// The head's tensors by the names of ``ObjectiveSession/head``; empty for a fresh one.
  var head: [String: Adapter.Matrix] = [:]
  /// Additions beside the frozen model; nil for fresh ones.
  var adapter: Adapter?
  /// What a user should know of it.
  var warnings: [String] = []

  init(head: [String: Adapter.Matrix] = [:], adapter: Adapter? = nil) {
    self.head = head
    self.adapter = adapter
  }
}
