import Testing

@testable import Engine

/// A model that goes through a recorded course again.
struct ParityLearner {
  private let run: ParityRun
  let model: Transformer<Float>
  private let head: Tensor<Float>?
  private let optimizer: AdamW<Float>
  /// The teacher's probabilities, a row a sequence, batch after batch; none without a teacher.
  private let teacher: [Float]
  let trainedParameters: Int

  init(_ run: ParityRun) throws {
    let (fixture, course) = (run.fixture, run.course)
    self.run = run
    model = try fixture.model()
    head = course.head == true ? Tensor(try fixture.head(of: course), in: model.ledger) : nil
    teacher = course.teacherShare == nil ? [] : try fixture.teacher(of: course).values
    try run.prepare(model)
    let layers = model.description.layers
    // Recorded heads read the state of the first token, so no pooler trains.
    let trained = model.parameters.filter {
      $0.tensor.requiresGradient && !$0.name.hasPrefix("pooler")
    }
    var groups = trained.map {
      AdamW.Group($0.tensor, rateScale: run.rateScale(of: $0, layers: layers))
    }
    if let head { groups.append(.init(head)) }
    trainedParameters = groups.reduce(0) { $0 + $1.tensor.count }
    var options = AdamW<Float>.Options(weightDecay: course.weightDecay, clipNorm: course.clipNorm)
    (options.beta1, options.beta2, options.epsilon) = (course.beta1, course.beta2, course.epsilon)
    optimizer = AdamW(groups, options: options, in: model.ledger)
  }

  /// Takes a step and returns the loss before it and the gradient's length before clipping.
  func step(_ number: Int, learningRate: Double) throws -> (loss: Double, norm: Double) {
    let batches = run.fixture.expected.batches
    let place = number % batches.count
    let tape = Tape<Float>(ledger: model.ledger)
    let losses =
      if run.course.name == "tapt" {
        wordLosses(batches[place], on: tape)
      } else if teacher.isEmpty {
        classLosses(batches[place], on: tape)
      } else {
        try distillationLosses(
          batches[place],
          firstRow: batches[..<place].reduce(0) { $0 + $1.labels.count }, on: tape)
      }
    let loss = losses.reduce(0.0) { sum, part in
      part.loss.values.reduce(sum) { $0 + Double(part.weight) * Double($1) }
    }
    tape.backward(from: losses)
    return (loss, optimizer.step(learningRate: learningRate))
  }

  /// The first batch's logits of the classes where there is a head, elsewhere of all words.
  func answers() throws -> Tensor<Float> {
    let tape = Tape<Float>(ledger: model.ledger)
    let states = states(try #require(run.fixture.expected.batches.first), on: tape)
    return head.map { tape.linear(states, $0) } ?? model.logits(states, on: tape)
  }

  private func states(_ batch: ParityFixture.Batch, on tape: Tape<Float>) -> Tensor<Float> {
    let packed = PackedBatch(batch.sequences, virtualTokens: model.prompt?.rows ?? 0)
    let isEncoder = run.fixture.expected.kind == .encoder
    return model.hiddenStates(packed, isEncoder ? .firstTokens : .lastTokens, on: tape)
  }

  private typealias WeightedLosses = [(loss: Tensor<Float>, weight: Float)]

  private func classLosses(_ batch: ParityFixture.Batch, on tape: Tape<Float>) -> WeightedLosses {
    let states = states(batch, on: tape)
    let words = run.fixture.expected.labelWords.map(Int.init)
    let scores =
      head.map { tape.linear(states, $0) } ?? model.logits(states, over: words, on: tape)
    let losses = tape.crossEntropy(scores, targets: batch.labels)
    return [(losses, 1 / Float(batch.labels.count))]
  }

  /// Of every word that follows another.
  private func wordLosses(_ batch: ParityFixture.Batch, on tape: Tape<Float>) -> WeightedLosses {
    let losses = model.languageModelLosses(batch.sequences.filter { $0.count > 1 }, on: tape)
    return [(losses, 1 / Float(losses.rows))]
  }

  /// The teacher's and the label words' losses, whose shares add up to one.
  private func distillationLosses(
    _ batch: ParityFixture.Batch, firstRow: Int, on tape: Tape<Float>
  ) throws -> WeightedLosses {
    let logits = model.logits(states(batch, on: tape), on: tape)
    let first = firstRow * logits.columns
    let divergence = tape.distillation(
      logits, teacher: Array(teacher[first..<first + logits.count]),
      temperature: Float(try #require(run.course.temperature)))
    let words = batch.labels.map { Int(run.fixture.expected.labelWords[$0]) }
    let entropy = tape.crossEntropy(logits, targets: words)
    let share = Float(try #require(run.course.teacherShare))
    let count = Float(batch.labels.count)
    return [(divergence, share / count), (entropy, (1 - share) / count)]
  }
}
