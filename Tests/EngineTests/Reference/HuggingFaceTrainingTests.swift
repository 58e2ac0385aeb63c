import Testing

@testable import Engine

@Suite("Training against PyTorch and PEFT")
struct HuggingFaceTrainingTests {
  /// One recorded course of training.
  struct Course: Sendable, CustomTestStringConvertible {
    let model: ReferenceModel
    let recorded: Reference.Trajectory

    var testDescription: String {
      let kind = recorded.rslora.map { $0 ? "rslora" : "lora" }
      return "\(model.name), \(kind ?? "weight decay \(recorded.weightDecay ?? 0)")"
    }
  }

  static let full = HuggingFaceModelTests.models.flatMap { model in
    model.training.map { Course(model: model, recorded: $0) }
  }
  static let lowRank = HuggingFaceModelTests.models.flatMap { model in
    model.lora.map { Course(model: model, recorded: $0) }
  }

  private func head(_ model: Transformer<Float>) -> Tensor<Float> {
    let head = Tensor<Float>(
      rows: 3, columns: model.description.embeddingWidth, category: .weights,
      requiresGradient: true, in: model.ledger)
    WeightFormula.fill(head, as: "score.weight")
    return head
  }

  /// Trains as recorded, with clipping to norm 1, warm-up and linear decay, and compares each step.
  private func expectSameCourse(
    _ recorded: Reference.Trajectory, _ model: Transformer<Float>, _ head: Tensor<Float>,
    _ trained: [Tensor<Float>]
  ) throws {
    let inputs = try #require(Reference.recorded?.inputs)
    let optimizer = AdamW<Float>(
      trained.map { AdamW.Group($0) },
      options: .init(weightDecay: recorded.weightDecay ?? 0, clipNorm: 1), in: model.ledger)
    let schedule = LearningRateSchedule(
      peak: inputs.rate, warmupSteps: inputs.warmup, totalSteps: recorded.losses.count)
    for (step, expected) in recorded.losses.enumerated() {
      let sequences = step.isMultiple(of: 2) ? inputs.sequences : inputs.secondSequences
      let tape = Tape<Float>(ledger: model.ledger)
      let hidden = model.hiddenStates(PackedBatch(sequences), .lastTokens, on: tape)
      let losses = tape.crossEntropy(tape.linear(hidden, head), targets: inputs.labels[step % 2])
      let loss = losses.values.reduce(0.0) { $0 + Double($1) } / 3
      tape.backward(from: [(losses, 1 / 3)])
      let norm = optimizer.step(learningRate: schedule.learningRate(at: step))
      #expect(abs(loss - expected) < 1e-4 * expected, "loss of step \(step)")
      let expectedNorm = recorded.norms[step]
      #expect(abs(norm - expectedNorm) < 1e-3 * expectedNorm, "norm of step \(step)")
    }
  }

  @Test("ten AdamW steps on all weights give PyTorch's losses to 1e-4", arguments: full)
  func fullTraining(course: Course) throws {
    let model = try course.model.load()
    let head = head(model)
    model.setTrainable(true)
    // Hugging Face's classifiers have no output matrix to train.
    let weights = model.parameters.filter { $0.name != "output" }.map(\.tensor)
    try expectSameCourse(course.recorded, model, head, weights + [head])
  }

  @Test("logits and ten steps with low-rank additions agree with PEFT to 1e-4", arguments: lowRank)
  func lowRankTraining(course: Course) throws {
    let inputs = try #require(Reference.recorded?.inputs)
    let model = try course.model.load()
    let head = head(model)
    let rank = Double(inputs.rank)
    let scale = inputs.alpha / (course.recorded.rslora == true ? rank.squareRoot() : rank)
    for (index, layer) in model.layers.enumerated() {
      for (part, linear) in layer.linearLayers where part == .query || part == .value {
        linear.attachLowRank(
          rank: inputs.rank, scale: Float(scale), dropout: 0,
          random: RandomStream(seed: 1, purpose: "overwritten"), in: model.ledger)
        let addition = try #require(linear.lowRank)
        WeightFormula.fill(addition.a, as: "layers.\(index).\(part.rawValue).lora-a")
        WeightFormula.fill(addition.b, as: "layers.\(index).\(part.rawValue).lora-b")
      }
    }
    let additions = model.parameters.filter { $0.name.contains("lora") }.map(\.tensor)
    #expect(additions.count == 8)
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(inputs.sequences), .lastTokens, on: tape)
    let logits = tape.linear(hidden, head).values
    for (own, expected) in zip(logits, try #require(course.recorded.logits)) {
      #expect(abs(own - expected) < 1e-4)
    }
    try expectSameCourse(course.recorded, model, head, additions + [head])
  }
}
