import Engine

/// Continues a model's pre-training on the task's texts, without their labels.
///
/// Task-adaptive pre-training of Gururangan et al. 2020, "Don't stop pretraining", arXiv:2004.10964,
/// with its rate, weight decay and warm-up (table 13). An encoder predicts hidden tokens (see
/// ``TokenMasking``), a decoder next ones. All weights train; any method may follow.
struct ContinuedPretraining {
  /// Where the texts come from.
  enum Source: String, OptionChoice {
    /// The training pool without what the method trains on.
    case pool
    /// The method's own few examples.
    case sample
  }

  static let epochs = MethodOption(
    "tapt-epochs", 0...100_000, default: 0,
    "passes of pre-training over the task's texts before the method; 0 for none")
  static let learningRate = MethodOption(
    "tapt-learning-rate", 0...10, default: 1e-4, "its peak learning rate", when: isOn)
  static let batchSize = MethodOption(
    "tapt-batch-size", 1...65_536, default: 32, "its texts per step", when: isOn)
  static let texts = MethodOption(
    "tapt-texts", 0...100_000_000, default: 1000, "most texts it reads; 0 for all", when: isOn)
  static let source = MethodOption<Source>(
    "tapt-source", default: .pool, "the training pool's texts or the sample's", when: isOn)

  private static let isOn = OptionSpecification.Condition.differs(epochs, 0)

  static let options: [any DeclaredOption] = [epochs, learningRate, batchSize, texts, source]

  private let training: TrainingOptions
  private let limit: Int
  private let source: Source

  /// The preparation in the options; nil for none.
  init?(_ options: ResolvedOptions) {
    guard options[Self.epochs] > 0 else { return nil }
    training = TrainingOptions(
      learningRate: options[Self.learningRate], epochs: options[Self.epochs],
      batchSize: options[Self.batchSize], warmup: 0.06, decay: .linear,
      weightDecay: 0.01, clipNorm: 1)
    limit = options[Self.texts]
    source = options[Self.source]
  }

  /// Whether any setting of a method includes it.
  static func isAsked(_ options: ResolvedOptions) -> Bool {
    options.possible(epochs).contains { $0 > 0 }
  }

  /// How it went.
  struct Outcome: Hashable, Sendable {
    var texts = 0
    var steps = 0
    var tokens = 0
    /// Mean loss of a predicted token in each epoch, in nats.
    var losses: [Double] = []
    /// The step, counted from 1, at which a loss or a gradient was no finite number.
    var divergedAt: Int?
  }

  /// Trains all weights of a model.
  ///
  /// - Parameters:
  ///   - model: Fresh from its checkpoint; afterwards nothing of it trains.
  ///   - context: Gives task, texts and seed.
  ///   - rehearses: Whether to take only the steps that decide the peak of memory, for a plan of it.
  ///   - progress: Receives the share done after every epoch.
  /// - Returns: Losses and counts.
  /// - Throws: ``TaskError`` when the task's plain pattern is broken.
  func run(
    on model: Transformer<Float>, _ context: ObjectiveContext, rehearses: Bool = false,
    progress: (Double) -> Void
  ) throws -> Outcome {
    let masking =
      model.description.isBidirectional
      ? try TokenMasking(
        context.tokenizer, vocabularySize: model.description.vocabularySize, seed: context.seed)
      : nil
    let texts = try self.texts(context).filter { masking?.canHide($0) ?? ($0.count > 1) }
    var outcome = Outcome(texts: texts.count)
    guard !texts.isEmpty else { return outcome }
    model.setTrainable(true)
    defer {
      for parameter in model.parameters { parameter.tensor.releaseGradient() }
      model.setTrainable(false)
    }
    let groups = model.parameters.map { AdamW<Float>.Group($0.tensor) }
    let batches = TrainingBatches(count: texts.count, size: training.batchSize) { epoch in
      var order = RandomStream(seed: context.seed, purpose: "order of pre-training epoch \(epoch)")
      return order.permuted(Array(texts.indices))
    }
    let schedule = training.schedule(steps: batches.anEpoch * training.epochs)
    let optimizer = training.optimizer(of: groups, in: model.ledger)
    var rehearsal: [[Int]]?
    if rehearses {
      let heaviest = batches.heaviest(epochs: training.epochs) { batch in
        batch.reduce(0) { $0 + texts[$1].count }
      }
      // A vocabulary that also scores words has a gradient of all its rows at once.
      rehearsal =
        (model.description.tiesEmbeddings ? [] : batches.of(0)) + [heaviest, heaviest]
    }
    for epoch in 0..<(rehearsal == nil ? training.epochs : 1) {
      var (sum, count) = (0.0, 0)
      for chosen in rehearsal ?? batches.of(epoch) {
        let batch = chosen.map { texts[$0] }
        let tape = Tape<Float>(ledger: model.ledger)
        let losses: Tensor<Float>
        if let masking {
          let hidden = chosen.map { masking.hidden(texts[$0], index: $0, epoch: epoch) }
          losses = model.maskedLanguageModelLosses(
            hidden.map(\.sequence), targets: hidden.flatMap(\.targets), on: tape)
        } else {
          losses = model.languageModelLosses(batch, on: tape)
        }
        let loss = losses.values.reduce(0.0) { $0 + Double($1) }
        tape.backward(from: [(losses, 1 / Float(losses.rows))])
        let norm = optimizer.step(learningRate: schedule.learningRate(at: outcome.steps))
        outcome.steps += 1
        outcome.tokens += batch.reduce(0) { $0 + $1.count }
        guard loss.isFinite, norm.isFinite else {
          outcome.divergedAt = outcome.steps
          return outcome
        }
        sum += loss
        count += losses.rows
      }
      outcome.losses.append(sum / Double(count))
      progress(Double(epoch + 1) / Double(training.epochs))
    }
    return outcome
  }

  /// The texts as token sequences.
  private func texts(_ context: ObjectiveContext) throws -> [[Int32]] {
    let encoder = try PromptEncoder(context, pattern: TaskDefinition.plainPattern)
    let examples =
      switch source {
      case .sample: context.sample
      case .pool:
        context.pool?.unlabelled(
          limit: limit, seed: context.sampleSeed, purpose: "texts of continued pre-training")
          ?? context.sample
      }
    return (limit == 0 ? examples[...] : examples.prefix(limit))
      .map { encoder.prompt(for: $0) }
  }
}
