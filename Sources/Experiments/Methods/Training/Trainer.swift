import Engine

/// Trains what an adaptation and an objective let train, on the examples of one cell.
struct Trainer {
  let model: Transformer<Float>
  let session: any ObjectiveSession
  let groups: [AdamW<Float>.Group]
  let options: TrainingOptions
  let seed: UInt64
  var order = TrainingOrder.shuffled
  /// Where the model does not change, its states; else nil, and every step computes its own.
  var states: FrozenStates?
  /// Scores the weights after an epoch, so that the best are kept; nil keeps the last.
  var score: (() -> Double)?
  /// Whether to take only the steps that decide the peak of memory, for a plan of it.
  var rehearses = false

  /// One update of the weights.
  struct Step {
    /// Counted from 1.
    let number: Int
    /// Counted from 0.
    let epoch: Int
    /// Mean over the batch's examples before the update, in nats.
    let loss: Double
    let learningRate: Double
    /// Of the whole gradient before clipping.
    let gradientNorm: Double
  }

  /// How the training went.
  struct Outcome {
    var steps = 0
    var tokens = 0
    var losses: [Double] = []
    /// The step, counted from 1, at which a loss or a gradient was no finite number.
    var divergedAt: Int?
    var relativeWeightChange = 0.0
    /// The value of ``Trainer/score`` after every epoch.
    var scores: [Double] = []
    /// The epoch whose weights were kept, counted from 1, where one was chosen.
    var chosenEpoch: Int?
  }

  /// Runs all epochs, or stops at the first step that diverges.
  ///
  /// A last batch that is not full counts as one step with the mean of the examples it has.
  /// Afterwards nothing trains any more, so that evaluation keeps no activations for a backward pass.
  ///
  /// - Parameters:
  ///   - prompts: Tokens of each training example.
  ///   - observe: Called after every step.
  ///   - progress: Receives the share of steps done after every epoch.
  /// - Returns: Losses, counts and what became of the weights.
  func run(
    _ prompts: [TokenSequence], observe: (Step) -> Void = { _ in }, progress: (Double) -> Void
  ) -> Outcome {
    let pairs = session.pairs
    let count = pairs?.anEpoch ?? prompts.count
    let batches = TrainingBatches(count: count, size: options.batchSize) { epoch in
      let places = order.examples(of: epoch, count: count, seed: seed)
      guard let pairs else { return places }
      let first = pairs.numbers(of: epoch).lowerBound
      return places.map { first + $0 }
    }
    let rehearsal = rehearses ? rehearsal(of: batches, prompts) : nil
    let schedule = options.schedule(steps: batches.anEpoch * options.epochs)
    let optimizer = options.optimizer(of: groups, in: model.ledger)
    defer {
      for group in groups { group.tensor.releaseGradient() }
      setTrainable(false)
    }
    let start = WeightProbe(groups, of: model)
    let best = score.map { _ in WeightSnapshot(groups, in: model.ledger) }
    var outcome = Outcome()
    // A probe reads its texts once, whatever the number of epochs.
    if states != nil { outcome.tokens = prompts.reduce(0) { $0 + $1.count } }
    for epoch in 0..<(rehearsal == nil ? options.epochs : 1) {
      var sum = 0.0
      for batch in rehearsal ?? batches.of(epoch) {
        let loss = gradients(batch, prompts, step: outcome.steps)
        let rate = schedule.learningRate(at: outcome.steps)
        let norm = optimizer.step(learningRate: rate)
        outcome.steps += 1
        if states == nil { outcome.tokens += tokens(of: batch, prompts) }
        observe(
          Step(
            number: outcome.steps, epoch: epoch, loss: loss, learningRate: rate, gradientNorm: norm)
        )
        guard loss.isFinite, norm.isFinite else {
          outcome.divergedAt = outcome.steps
          return outcome
        }
        sum += loss * Double(batch.count)
      }
      outcome.losses.append(sum / Double(count))
      if let best { keep(best, of: &outcome) }
      progress(Double(epoch + 1) / Double(options.epochs))
    }
    best?.restore()
    outcome.relativeWeightChange = start.relativeChange(groups, decays: options.weightDecay > 0)
    setTrainable(false)
    session.finishTraining()
    return outcome
  }

  /// The steps of an epoch where rows of the vocabulary train, of which each brings some to what is
  /// kept, and then the batch with most tokens, twice: the second time with moments.
  private func rehearsal(of batches: TrainingBatches, _ prompts: [TokenSequence]) -> [[Int]] {
    let heaviest = batches.heaviest(epochs: options.epochs) { tokens(of: $0, prompts) }
    let table = model.weights.first { $0.slot == .tokenEmbedding }?.tensor
    let trainsRows = groups.contains { $0.tensor === table }
    return (trainsRows ? batches.of(0) : []) + [heaviest, heaviest]
  }

  /// Scores the weights as they are and remembers them unless others scored higher.
  private func keep(_ best: WeightSnapshot, of outcome: inout Outcome) {
    setTrainable(false)
    session.finishTraining()
    let value = score?() ?? 0
    setTrainable(true)
    // Of equals the last, which has learned more of the sample.
    if value >= outcome.scores.max() ?? value {
      best.store()
      outcome.chosenEpoch = outcome.scores.count + 1
    }
    outcome.scores.append(value)
  }

  private func setTrainable(_ trains: Bool) {
    for group in groups { group.tensor.requiresGradient = trains }
  }

  /// The prompts that a batch reads.
  private func texts(of batch: [Int]) -> [Int] { session.pairs?.texts(of: batch) ?? batch }

  private func tokens(of batch: [Int], _ prompts: [TokenSequence]) -> Int {
    texts(of: batch).reduce(0) { $0 + prompts[$1].count }
  }

  /// Computes one batch's gradients and returns its mean loss in nats.
  private func gradients(_ batch: [Int], _ prompts: [TokenSequence], step: Int) -> Double {
    let tape = Tape<Float>(ledger: model.ledger)
    let headStream = RandomStream(seed: seed, purpose: "head dropout of step \(step)")
    let hidden =
      states.map { tape.gathered($0.values, rows: batch) }
      ?? computed(texts(of: batch).map { prompts[$0] }, step: step, headStream, on: tape)
    let losses = session.losses(hidden, examples: batch, dropoutStream: headStream, on: tape)
    let mean = losses.reduce(0.0) { sum, part in
      sum + Double(part.weight) * part.loss.values.reduce(0) { $0 + Double($1) }
    }
    tape.backward(from: losses.map { ($0.loss, $0.weight / Float(batch.count)) })
    return mean / Double(batch.count)
  }

  /// What the session reads of the states that the model has for prompts.
  private func computed(
    _ prompts: [TokenSequence], step: Int, _ headStream: RandomStream, on tape: Tape<Float>
  ) -> Tensor<Float> {
    let packed = model.packed(prompts)
    let hidden = model.hiddenStates(
      packed, session.selection ?? model.summarySelection,
      dropoutStream: RandomStream(seed: seed, purpose: "dropout of step \(step)"), on: tape)
    return session.summary(hidden, of: packed, dropoutStream: headStream, on: tape)
  }
}

extension TrainingOptions {
  /// The learning rates of a training with this many steps.
  func schedule(steps: Int) -> LearningRateSchedule {
    LearningRateSchedule(
      peak: learningRate, warmupSteps: Int((Double(steps) * warmup).rounded(.up)),
      totalSteps: steps, decay: decay)
  }

  /// An optimizer that has taken no step yet.
  func optimizer(
    of groups: [AdamW<Float>.Group], in ledger: MemoryLedger
  ) -> AdamW<Float> {
    AdamW(
      groups,
      options: .init(weightDecay: weightDecay, clipNorm: clipNorm > 0 ? clipNorm : nil),
      in: ledger)
  }
}

/// The order in which an epoch takes its examples.
package enum TrainingOrder: String, CaseIterable, Sendable {
  /// A permutation of its own for every epoch.
  case shuffled
  /// In the order of the file, so that another program can take the same steps.
  case file

  /// The places of the examples in the order of an epoch.
  ///
  /// - Parameters:
  ///   - epoch: Counted from 0.
  ///   - count: How many examples there are.
  ///   - seed: Of the permutations.
  /// - Returns: Every place once.
  func examples(of epoch: Int, count: Int, seed: UInt64) -> [Int] {
    switch self {
    case .file: return Array(0..<count)
    case .shuffled:
      var stream = RandomStream(seed: seed, purpose: "order of epoch \(epoch)")
      return stream.permuted(Array(0..<count))
    }
  }
}

/// The batches that a training divides its examples into.
struct TrainingBatches {
  /// Examples an epoch.
  let count: Int
  /// Examples per step; the last of an epoch may have fewer.
  let size: Int
  /// The examples of an epoch in their order, each once.
  let order: (Int) -> [Int]

  /// Steps an epoch.
  var anEpoch: Int { (count + size - 1) / size }

  /// The batches of an epoch, counted from 0.
  func of(_ epoch: Int) -> [[Int]] {
    let examples = order(epoch)
    return stride(from: 0, to: examples.count, by: size).map {
      Array(examples[$0..<min($0 + size, examples.count)])
    }
  }

  /// Items whose order is looked at for a heavy batch; later epochs hardly hold a heavier one.
  private static let examplesLookedAt = 1 << 17

  /// The batch with the largest weight.
  ///
  /// - Parameters:
  ///   - epochs: Of the training.
  ///   - weight: Of a batch.
  /// - Returns: Its examples.
  func heaviest(epochs: Int, _ weight: ([Int]) -> Int) -> [Int] {
    guard count > size else { return Array(0..<count) }
    var (heaviest, most) = ([Int](), -1)
    for epoch in 0..<max(1, min(epochs, Self.examplesLookedAt / count)) {
      for batch in of(epoch) {
        let weight = weight(batch)
        if weight > most { (heaviest, most) = (batch, weight) }
      }
    }
    return heaviest
  }
}
