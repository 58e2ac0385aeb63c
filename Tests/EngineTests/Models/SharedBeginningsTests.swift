import Testing

@testable import Engine

@Suite("Equal beginnings of sequences are computed once")
struct SharedBeginningsTests {
  private static let sequences: [[Int32]] = [
    [1, 5, 3], [1, 5, 3, 9], [1, 4], [1, 5, 3], [2, 9, 10, 7, 7], [1, 4, 2], [2, 9, 10],
  ]

  @Test("each new token gets a row, and sequences know where their beginnings are")
  func rows() {
    let rows = BatchRows(PackedBatch(Self.sequences), from: 3, sharedBy: 4)
    #expect(rows.tokens == [1, 5, 3, 9, 4, 2, 9, 10, 7, 7, 2])
    #expect(rows.positions == [3, 4, 5, 6, 4, 3, 4, 5, 6, 7, 5])
    #expect(
      rows.rows == [
        0, 1, 2, 0, 1, 2, 3, 0, 4, 0, 1, 2, 5, 6, 7, 8, 9, 0, 4, 10, 5, 6, 7,
      ])
    #expect(rows.sequences.map(\.own) == [0..<3, 3..<4, 4..<5, 5..<5, 5..<10, 10..<11, 11..<11])
    #expect(
      rows.sequences.map(\.shared) == [[], [0..<3], [0..<1], [0..<3], [], [0..<1, 4..<5], [5..<8]])
  }

  @Test("a batch that shares next to nothing keeps a row for every token")
  func unlike() {
    let batch = PackedBatch([Array(1..<60), [1], Array(60..<100)])
    let rows = BatchRows(batch, from: 0, sharedBy: 4)
    #expect(rows.tokens == batch.tokens)
    #expect(rows.sequences.allSatisfy { $0.shared.isEmpty })
  }

  @Test("what is saved outweighs the copies that attention makes of a long sequence")
  func long() {
    let batch = PackedBatch([Array(1...90), [1, 100], [1, 101]])
    #expect(BatchRows(batch, from: 0, sharedBy: 4).tokens == batch.tokens)
    #expect(BatchRows(batch, from: 0, sharedBy: 100).tokens.count == 92)
  }

  @Test(
    "states and gradients are those of the sequences one by one", arguments: SmallModels.all,
    [SmallAdaptation?.none, .prompt, .prefix, .lowRank])
  func oneByOne(description: ModelDescription, adaptation: SmallAdaptation?) {
    func gradients(together: Bool) -> (states: [Float], gradients: [[Float]]) {
      let model = Transformer<Float>(
        description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
      model.setTrainable(adaptation == nil)
      adaptation?.apply(to: model)
      let tape = Tape<Float>(ledger: model.ledger)
      let batches = together ? [Self.sequences] : Self.sequences.map { [$0] }
      let states = batches.map {
        model.hiddenStates(
          PackedBatch($0, virtualTokens: model.prompt?.rows ?? 0),
          description.isBidirectional ? .firstTokens : .lastTokens, on: tape)
      }
      var targets = [3, 0, 8, 1, 2, 9, 4][...]
      let losses = states.map { states in
        let mine = Array(targets.prefix(states.rows))
        targets = targets.dropFirst(states.rows)
        return (tape.crossEntropy(model.logits(states, on: tape), targets: mine), Float(1))
      }
      tape.backward(from: losses)
      return (
        states.flatMap(\.values),
        model.parameters.filter(\.tensor.requiresGradient).map { $0.tensor.gradient ?? [] }
      )
    }
    let (joint, single) = (gradients(together: true), gradients(together: false))
    #expect(!joint.gradients.isEmpty)
    #expect(largestDifference(joint.states, single.states) < 1e-5)
    for (a, b) in zip(joint.gradients, single.gradients) {
      // The gradient of a key's bias is rounding only.
      #expect(distance(a, b) <= 1e-5 * length(b) + 1e-6)
    }
  }

  @Test("dropout in low-rank products is drawn for each sequence")
  func dropout() {
    let model = Transformer<Float>(
      SmallModels.all[0], from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    model.setTrainable(false)
    for layer in model.layers {
      layer.query.attachLowRank(
        rank: 2, scale: 1, dropout: 0.5, random: RandomStream(seed: 1, purpose: "test"),
        in: model.ledger)
      guard let lowRank = layer.query.lowRank else { continue }
      for i in 0..<lowRank.b.count { lowRank.b.elements[i] = 1 }
    }
    func states(_ stream: RandomStream?) -> [Float] {
      model.hiddenStates(
        PackedBatch([[1, 5, 3], [1, 5, 3]]), .lastTokens, dropoutStream: stream,
        on: Tape(ledger: model.ledger)
      ).values
    }
    let width = SmallModels.all[0].embeddingWidth
    let (trained, used) = (states(RandomStream(seed: 2, purpose: "dropout")), states(nil))
    #expect(trained.prefix(width) != trained.suffix(width))
    #expect(used.prefix(width) == used.suffix(width))
  }
}
