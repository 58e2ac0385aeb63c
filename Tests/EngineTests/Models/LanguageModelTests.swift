import Testing

@testable import Engine

@Suite("Language model losses")
struct LanguageModelTests {
  private static let texts: [[Int32]] = [[1, 5, 3, 2], [4, 9], [2, 9, 10, 7, 7]]

  @Test(
    "every token is scored after those before it, whatever it is packed with",
    arguments: SmallModels.decoders)
  func definition(description: ModelDescription) {
    let ledger = MemoryLedger()
    let model = Transformer<Double>(
      description, from: RandomWeights(seed: 3, deviation: 0.3), in: ledger)
    let losses = model.languageModelLosses(Self.texts, on: Tape(ledger: ledger)).values
    var expected: [Double] = []
    for text in Self.texts {
      for end in 1..<text.count {
        let tape = Tape<Double>(ledger: ledger)
        let hidden = model.hiddenStates(PackedBatch([Array(text[..<end])]), .lastTokens, on: tape)
        let scores = model.logits(hidden, on: tape).values
        let sum = scores.reduce(0) { $0 + Double.exp($1) }
        expected.append(Double.log(sum) - scores[Int(text[end])])
      }
    }
    #expect(losses.count == expected.count)
    #expect(zip(losses, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test("training from initial weights makes texts likely")
  func learning() {
    let training = Training()
    let first = training.step()
    for _ in 0..<60 { _ = training.step() }
    #expect(training.step() < first / 3)
  }

  @Test("an optimizer restored to a state continues with the same bits")
  func state() {
    let (steady, stopped) = (Training(), Training())
    for _ in 0..<5 { _ = steady.step() }
    for _ in 0..<3 { _ = stopped.step() }
    let resumed = Training()
    for (new, old) in zip(resumed.groups, stopped.groups) {
      _ = new.tensor.elements.update(fromContentsOf: old.tensor.values)
    }
    resumed.optimizer.restore(stopped.optimizer.state)
    for _ in 0..<2 { _ = resumed.step() }
    #expect(resumed.groups.map(\.tensor.values) == steady.groups.map(\.tensor.values))
    #expect(resumed.optimizer.state.step == 5)
  }

  @Test(
    "a cosine falls from the peak to zero",
    arguments: [(0, 0), (5, 0.5), (10, 1), (20, 0.75), (25, 0.5), (40, 0), (41, 0)])
  func cosine(step: Int, rate: Double) {
    let schedule = LearningRateSchedule(
      peak: 1, warmupSteps: 10, totalSteps: 40, decay: .cosine)
    #expect(abs(schedule.learningRate(at: step) - rate) < 1e-12)
  }

  /// A tiny model that learns three texts.
  private struct Training {
    let model: Transformer<Float>
    let groups: [AdamW<Float>.Group]
    let optimizer: AdamW<Float>

    init() {
      // Rotary positions and a tied output: every gradient is one of a whole tensor.
      var description = SmallModels.neox
      description.tiesEmbeddings = true
      model = Transformer(
        description, from: InitialWeights(seed: 1, for: description), in: MemoryLedger())
      model.setTrainable(true)
      groups = model.weights.map { AdamW.Group($0.tensor) }
      optimizer = AdamW(groups, options: .init(weightDecay: 0.1, clipNorm: 1), in: model.ledger)
    }

    func step() -> Double {
      let tape = Tape<Float>(ledger: model.ledger)
      let losses = model.languageModelLosses(LanguageModelTests.texts, on: tape)
      tape.backward(from: [(losses, 1 / Float(losses.count))])
      _ = optimizer.step(learningRate: 0.02)
      return losses.values.reduce(0.0) { $0 + Double($1) } / Double(losses.count)
    }
  }
}
