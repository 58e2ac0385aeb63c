import Engine

/// Trains what an adaptation and an objective let train, on the sample of one cell.
struct Trainer {
  let model: Transformer<Float>
  let session: any ObjectiveSession
  let groups: [AdamW<Float>.Group]
  let options: TrainingOptions
  let seed: UInt64
  var order = TrainingOrder.shuffled

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
  }

  /// Runs all epochs, or stops at the first step that diverges.
  ///
  /// A last batch that is not full counts as one step with the mean of the examples it has.
  /// Afterwards nothing trains any more, so that evaluation keeps no activations for a backward pass.
  ///
  /// - Parameters:
  ///   - prompts: Tokens of each example of the sample.
  ///   - observe: Told of every step.
  ///   - progress: Told the share of steps done after every epoch.
  /// - Returns: Losses, counts and what became of the weights.
  func run(
    _ prompts: [[Int32]], observe: (Step) -> Void = { _ in }, progress: (Double) -> Void
  ) -> Outcome {
    let stepsAnEpoch = (prompts.count + options.batchSize - 1) / options.batchSize
    let total = stepsAnEpoch * options.epochs
    let schedule = LearningRateSchedule(
      peak: options.learningRate, warmupSteps: Int((Double(total) * options.warmup).rounded(.up)),
      totalSteps: total, decay: options.decay)
    let optimizer = AdamW<Float>(
      groups,
      options: .init(
        weightDecay: options.weightDecay,
        clipNorm: options.clipNorm > 0 ? options.clipNorm : nil),
      in: model.ledger)
    defer {
      for group in groups {
        group.tensor.releaseGradient()
        group.tensor.requiresGradient = false
      }
    }
    let start = WeightProbe(groups)
    var outcome = Outcome()
    for epoch in 0..<options.epochs {
      let examples = order.examples(of: epoch, count: prompts.count, seed: seed)
      var sum = 0.0
      for first in stride(from: 0, to: examples.count, by: options.batchSize) {
        let batch = Array(examples[first..<min(first + options.batchSize, examples.count)])
        let loss = gradients(batch, prompts, step: outcome.steps)
        let rate = schedule.learningRate(at: outcome.steps)
        let norm = optimizer.step(learningRate: rate)
        outcome.steps += 1
        outcome.tokens += batch.reduce(0) { $0 + prompts[$1].count }
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
      progress(Double(epoch + 1) / Double(options.epochs))
    }
    outcome.relativeWeightChange = start.relativeChange(groups)
    return outcome
  }

  /// Computes one batch's gradients and returns its mean loss in nats.
  private func gradients(_ batch: [Int], _ prompts: [[Int32]], step: Int) -> Double {
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(
      model.packed(batch.map { prompts[$0] }), model.summarySelection,
      dropoutStream: RandomStream(seed: seed, purpose: "dropout of step \(step)"), on: tape)
    let losses = session.losses(hidden, examples: batch, on: tape)
    let mean = losses.reduce(0.0) { sum, part in
      sum + Double(part.weight) * part.loss.values.reduce(0) { $0 + Double($1) }
    }
    tape.backward(from: losses.map { ($0.loss, $0.weight / Float(batch.count)) })
    return mean / Double(batch.count)
  }
}

/// Remembers some of the weights, evenly spread, to tell how far training moved them.
private struct WeightProbe {
  private static let perTensor = 4096
  private let samples: [[Float]]

  init(_ groups: [AdamW<Float>.Group]) {
    samples = groups.map { Self.sample($0.tensor) }
  }

  /// `‖θ_now − θ_then‖ / ‖θ_then‖` over the remembered weights.
  func relativeChange(_ groups: [AdamW<Float>.Group]) -> Double {
    var (change, size) = (0.0, 0.0)
    for (group, before) in zip(groups, samples) {
      for (now, then) in zip(Self.sample(group.tensor), before) {
        change += Double(now - then) * Double(now - then)
        size += Double(then) * Double(then)
      }
    }
    return size > 0 ? (change / size).squareRoot() : 0
  }

  private static func sample(_ tensor: Tensor<Float>) -> [Float] {
    withExtendedLifetime(tensor) {
      stride(from: 0, to: tensor.count, by: max(1, tensor.count / perTensor)).map {
        tensor.elements[$0]
      }
    }
  }
}
