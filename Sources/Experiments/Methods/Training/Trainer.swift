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
  /// Scores the weights after an epoch, which are kept if none score higher; nil keeps the last.
  var score: (() -> Double)?

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
    /// What ``Trainer/score`` said after every epoch.
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
  ///   - observe: Told of every step.
  ///   - progress: Told the share of steps done after every epoch.
  /// - Returns: Losses, counts and what became of the weights.
  func run(
    _ prompts: [[Int32]], observe: (Step) -> Void = { _ in }, progress: (Double) -> Void
  ) -> Outcome {
    let stepsAnEpoch = (prompts.count + options.batchSize - 1) / options.batchSize
    let schedule = options.schedule(steps: stepsAnEpoch * options.epochs)
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
    for epoch in 0..<options.epochs {
      let examples = order.examples(of: epoch, count: prompts.count, seed: seed)
      var sum = 0.0
      for first in stride(from: 0, to: examples.count, by: options.batchSize) {
        let batch = Array(examples[first..<min(first + options.batchSize, examples.count)])
        let loss = gradients(batch, prompts, step: outcome.steps)
        let rate = schedule.learningRate(at: outcome.steps)
        let norm = optimizer.step(learningRate: rate)
        outcome.steps += 1
        if states == nil { outcome.tokens += batch.reduce(0) { $0 + prompts[$1].count } }
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
      outcome.losses.append(sum / Double(prompts.count))
      if let best { keep(best, of: &outcome) }
      progress(Double(epoch + 1) / Double(options.epochs))
    }
    best?.restore()
    outcome.relativeWeightChange = start.relativeChange(groups, decays: options.weightDecay > 0)
    return outcome
  }

  /// Scores the weights as they are and remembers them unless others scored higher.
  private func keep(_ best: WeightSnapshot, of outcome: inout Outcome) {
    setTrainable(false)
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

  /// Computes one batch's gradients and returns its mean loss in nats.
  private func gradients(_ batch: [Int], _ prompts: [[Int32]], step: Int) -> Double {
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden =
      states.map { tape.gathered($0.values, rows: batch) }
      ?? model.hiddenStates(
        model.packed(batch.map { prompts[$0] }), model.summarySelection,
        dropoutStream: RandomStream(seed: seed, purpose: "dropout of step \(step)"), on: tape)
    let losses = session.losses(
      hidden, examples: batch,
      dropoutStream: RandomStream(seed: seed, purpose: "head dropout of step \(step)"), on: tape)
    let mean = losses.reduce(0.0) { sum, part in
      sum + Double(part.weight) * part.loss.values.reduce(0) { $0 + Double($1) }
    }
    tape.backward(from: losses.map { ($0.loss, $0.weight / Float(batch.count)) })
    return mean / Double(batch.count)
  }
}

extension TrainingOptions {
  /// The learning rates of a training of so many steps.
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
