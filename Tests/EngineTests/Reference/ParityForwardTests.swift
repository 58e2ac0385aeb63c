import Testing

@testable import Engine

@Suite("Transformers' numbers, family by family")
struct ParityForwardTests {
  @Test("hidden states of a ragged batch agree to 2e-5", arguments: ParityFixture.all)
  func hiddenStates(fixture: ParityFixture) throws {
    let model = try fixture.model()
    let states = model.hiddenStates(try fixture.firstBatch(), on: Tape(ledger: model.ledger))
    let recorded = try fixture.hiddenStates()
    #expect([states.rows, states.columns] == recorded.shape)
    #expect(largestDifference(states.values, recorded.values) < 2e-5)
  }

  @Test(
    "logits of every word after every token agree to 2e-5",
    arguments: ParityFixture.all.filter { $0.expected.kind == .decoder })
  func logits(fixture: ParityFixture) throws {
    let model = try fixture.model()
    let tape = Tape<Float>(ledger: model.ledger)
    let logits = model.logits(model.hiddenStates(try fixture.firstBatch(), on: tape), on: tape)
    let recorded = try fixture.logits()
    #expect([logits.rows, logits.columns] == recorded.shape)
    #expect(largestDifference(logits.values, recorded.values) < 2e-5)
  }

  @Test("the gradient of every weight agrees to 1e-5 of its length", arguments: ParityFixture.all)
  func gradients(fixture: ParityFixture) throws {
    let model = try fixture.model()
    model.setTrainable(true)
    let tape = Tape<Float>(ledger: model.ledger)
    let batch = try #require(fixture.expected.batches.first)
    let losses: Tensor<Float>
    var head: Tensor<Float>?
    switch fixture.expected.kind {
    case .decoder:
      let states = model.hiddenStates(try fixture.firstBatch(), .lastTokens, on: tape)
      losses = tape.crossEntropy(
        model.logits(states, on: tape),
        targets: batch.labels.map { Int(fixture.expected.labelWords[$0]) })
    case .encoder:
      let states = model.hiddenStates(try fixture.firstBatch(), .firstTokens, on: tape)
      let made = Tensor(
        try fixture.head(of: try #require(fixture.course("full"))), in: model.ledger)
      head = made
      losses = tape.crossEntropy(tape.linear(states, made), targets: batch.labels)
    }
    let share = 1 / Float(batch.labels.count)
    let loss = Double(losses.values.reduce(0, +) * share)
    #expect(abs(loss - fixture.expected.loss) < 1e-5 * fixture.expected.loss)
    tape.backward(from: [(losses, share)])

    let recorded = try fixture.gradients(of: model)
    let whole = length(recorded.flatMap(\.values))
    for (slot, expected) in recorded {
      let tensor = try #require(model.weights.first { $0.slot == slot }?.tensor)
      // Key biases cancel in the softmax where positions do not rotate; both have rounding only.
      let tolerance = 1e-5 * length(expected) + 1e-7 * whole
      #expect(
        distance(try #require(tensor.gradient), expected) < tolerance, "\(slot)")
    }
    if let head {
      let expected = try #require(try fixture.gradients()["head"]).values
      #expect(distance(try #require(head.gradient), expected) < 1e-5 * length(expected))
    }
  }
}
