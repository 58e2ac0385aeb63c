import Engine

/// Goes on with a model's pre-training on the task's texts, whose labels nobody reads.
///
/// Task-adaptive pre-training of Gururangan et al. 2020, "Don't stop pretraining", arXiv:2004.10964,
/// with its rate, weight decay and warm-up (table 13) and next words in place of masked ones. All
/// weights train; any method may follow.
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
    "tapt-batch-size", 1...65_536, default: 32, "its texts a step", when: isOn)
  static let texts = MethodOption(
    "tapt-texts", 0...100_000_000, default: 1000, "most texts it reads; 0 for all", when: isOn)
  static let source = MethodOption<Source>(
    "tapt-source", default: .pool, "the training pool's texts or the sample's", when: isOn)

  private static let isOn = OptionSpecification.Condition.differs(epochs, 0)

  static let options: [any DeclaredOption] = [epochs, learningRate, batchSize, texts, source]

  private let training: TrainingOptions
  private let limit: Int
  private let source: Source

  /// What the options ask for; nil for none.
  init?(_ options: ResolvedOptions) {
    guard options[Self.epochs] > 0 else { return nil }
    training = TrainingOptions(
      learningRate: options[Self.learningRate], epochs: options[Self.epochs],
      batchSize: options[Self.batchSize], warmup: 0.06, decay: .linear,
      weightDecay: 0.01, clipNorm: 1)
    limit = options[Self.texts]
    source = options[Self.source]
  }

  /// Whether any setting of a method asks for it.
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
  ///   - progress: Told the share done after every epoch.
  /// - Returns: Losses and counts.
  /// - Throws: ``TaskError`` when the task's plain pattern is broken.
  func run(
    on model: Transformer<Float>, _ context: ObjectiveContext, progress: (Double) -> Void
  ) throws -> Outcome {
    let texts = try self.texts(context)
    var outcome = Outcome(texts: texts.count)
    guard !texts.isEmpty else { return outcome }
    model.setTrainable(true)
    defer {
      for parameter in model.parameters { parameter.tensor.releaseGradient() }
      model.setTrainable(false)
    }
    let groups = model.parameters.map { AdamW<Float>.Group($0.tensor) }
    let stepsAnEpoch = (texts.count + training.batchSize - 1) / training.batchSize
    let schedule = training.schedule(steps: stepsAnEpoch * training.epochs)
    let optimizer = training.optimizer(of: groups, in: model.ledger)
    for epoch in 0..<training.epochs {
      var order = RandomStream(seed: context.seed, purpose: "order of pre-training epoch \(epoch)")
      let shuffled = order.permuted(texts)
      var (sum, count) = (0.0, 0)
      for first in stride(from: 0, to: shuffled.count, by: training.batchSize) {
        let batch = Array(shuffled[first..<min(first + training.batchSize, shuffled.count)])
        let tape = Tape<Float>(ledger: model.ledger)
        let losses = model.languageModelLosses(batch, on: tape)
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

  /// The texts as token sequences, without those in which no word follows another.
  private func texts(_ context: ObjectiveContext) throws -> [[Int32]] {
    let encoder = try PromptEncoder(context, pattern: TaskDefinition.plainPattern)
    let examples =
      switch source {
      case .sample: context.sample
      case .pool:
        context.pool?.unlabelled(
          limit: limit, seed: context.seed, purpose: "texts of continued pre-training")
          ?? context.sample
      }
    return (limit == 0 ? examples[...] : examples.prefix(limit))
      .map { encoder.prompt(for: $0) }.filter { $0.count > 1 }
  }
}
