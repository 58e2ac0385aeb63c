import Engine

/// A method bound to a model and a sample: what a cell, a prediction of memory and a measurement share.
struct MethodRun {
  let model: Transformer<Float>
  let session: any ObjectiveSession
  let groups: [AdamW<Float>.Group]
  private let trainer: Trainer?
  private let sample: [Example]

  /// Binds the objective first, to the model as it is, and then adapts the model.
  ///
  /// - Parameters:
  ///   - catalog: Knows the parts by name.
  ///   - objective: By registry name.
  ///   - adaptation: By registry name.
  ///   - options: Of the method, with every default filled in.
  ///   - model: Fresh from its checkpoint.
  ///   - tokenizer: The model's.
  ///   - task: Gives patterns and labels.
  ///   - sample: The examples to train on or to show.
  ///   - seed: Of everything random.
  ///   - order: In which an epoch takes the examples.
  ///   - start: A head and additions to start from; what it leaves out starts fresh.
  /// - Throws: ``MethodError`` or ``TaskError`` when the parts do not fit.
  init(
    _ catalog: MethodCatalog, objective: String, adaptation: String, options: ResolvedOptions,
    model: Transformer<Float>, tokenizer: any Tokenizer, task: TaskDefinition, sample: [Example],
    seed: UInt64, order: TrainingOrder = .shuffled, start: StartingPoint = StartingPoint()
  ) throws {
    let entry = try catalog.adaptations.adaptation(named: adaptation).get()
    let change = entry.make(options)
    let session = try catalog.objectives.objective(named: objective).get().make(options).session(
      ObjectiveContext(
        model: model, tokenizer: tokenizer, task: task, sample: sample, seed: seed,
        reservedPositions: change.reservedPositions))
    if !start.head.isEmpty { try session.setHead(start.head) }
    let added = start.adapter.map { change.resume(model, from: $0) }
    groups = (added ?? change.prepare(model, seed: seed)) + session.trainable
    self.model = model
    self.session = session
    self.sample = sample
    trainer =
      entry.trains
      ? Trainer(
        model: model, session: session, groups: groups, options: TrainingOptions(options),
        seed: seed, order: order) : nil
  }

  /// Trains on the sample; nil for a method that trains nothing.
  func train(
    observe: (Trainer.Step) -> Void = { _ in }, progress: (Double) -> Void
  ) -> Trainer.Outcome? {
    trainer?.run(sample.map(session.prompt(for:)), observe: observe, progress: progress)
  }

  var evaluator: Evaluator { Evaluator(model: model, session: session) }
}
