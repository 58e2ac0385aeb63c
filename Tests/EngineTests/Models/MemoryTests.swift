import Testing

@testable import Engine

@Suite("Memory of a step")
struct MemoryTests {
  private static let batch = PackedBatch([[1, 5, 3], [4], [2, 9, 10, 7, 7]])

  /// Trains two steps and evaluates, as a run does.
  private func run(
    _ description: ModelDescription, lowRank: Bool, repeating: Bool = false,
    in ledger: MemoryLedger
  ) -> Transformer<Float> {
    let model = Transformer<Float>(description, from: RandomWeights(seed: 1), in: ledger)
    if repeating { model.repeatedFromBytes = 0 }
    model.setTrainable(!lowRank)
    if lowRank {
      for layer in model.layers {
        layer.query.attachLowRank(
          rank: 2, scale: 1, dropout: 0.1, random: RandomStream(seed: 1, purpose: "a"), in: ledger)
      }
    }
    let optimizer = AdamW(
      model.parameters.filter(\.tensor.requiresGradient).map { AdamW.Group($0.tensor) },
      options: .init(clipNorm: 1), in: ledger)
    for step in 0..<2 {
      let tape = Tape<Float>(ledger: ledger)
      let hidden = model.hiddenStates(
        Self.batch, .lastTokens, dropoutStream: RandomStream(seed: 1, purpose: "step \(step)"),
        on: tape)
      let loss = tape.crossEntropy(
        model.logits(hidden, over: [1, 2], on: tape), targets: [0, 1, 0])
      tape.backward(from: [(loss, 1)])
      _ = optimizer.step(learningRate: 1e-2)
    }
    return model
  }

  @Test(
    "a planned run takes the memory of a real one, whether inner states are kept or repeated",
    arguments: SmallModels.all, [(false, false), (true, false), (false, true), (true, true)])
  func planned(description: ModelDescription, _ way: (lowRank: Bool, repeating: Bool)) {
    let (real, planned) = (MemoryLedger(), MemoryLedger(planning: true))
    _ = run(description, lowRank: way.lowRank, repeating: way.repeating, in: real)
    _ = run(description, lowRank: way.lowRank, repeating: way.repeating, in: planned)
    #expect(planned.peak == real.peak)
    #expect(planned.reach == real.reach)
    for category in MemoryCategory.allCases {
      #expect(planned.bytesAtPeak(category) == real.bytesAtPeak(category))
    }
    #expect(planned.total == 0 && real.total == 0)
  }

  @Test(
    "inner states that are computed again take less memory and change no bit",
    arguments: SmallModels.all, [false, true])
  func repeated(description: ModelDescription, lowRank: Bool) {
    var wide = description
    wide.feedForwardWidth = 600
    wide.layers = 6
    let (kept, repeated) = (MemoryLedger(), MemoryLedger())
    let expected = run(wide, lowRank: lowRank, in: kept)
    let found = run(wide, lowRank: lowRank, repeating: true, in: repeated)
    for (parameter, other) in zip(found.parameters, expected.parameters) {
      #expect(parameter.tensor.values == other.tensor.values)
    }
    #expect(repeated.bytesAtPeak(.activations) < kept.bytesAtPeak(.activations))
  }

  @Test("only touched rows of the embedding have a gradient and moments")
  func touchedRows() {
    var description = SmallModels.opt
    description.vocabularySize = 1000
    let ledger = MemoryLedger()
    let model = run(description, lowRank: false, in: ledger)
    let touched = model.tokenEmbedding.derivative.touched
    #expect(touched?.numbers.sorted() == [1, 2, 3, 4, 5, 7, 9, 10])
  }

  @Test(
    "training with touched rows only ends in the weights of training with all", arguments: [0, 0.1])
  func touchedRowsTrainAlike(weightDecay: Double) {
    func trained(whole: Bool) -> [Float] {
      let ledger = MemoryLedger()
      let table = Tensor<Float>(
        rows: 9, columns: 5, category: .weights, requiresGradient: true, in: ledger)
      for i in 0..<table.count { table.elements[i] = Float(i % 7) - 3 }
      let optimizer = AdamW(
        [AdamW.Group(table)], options: .init(weightDecay: weightDecay, clipNorm: 0.5), in: ledger)
      for rows in [[1, 4, 1], [4, 8, 0], [2, 2, 1]] {
        if whole { _ = table.derivative.cleared() }
        let tape = Tape<Float>(ledger: ledger)
        let picked = tape.gathered(table, rows: rows)
        tape.backward(from: [(tape.crossEntropy(picked, targets: [0, 3, 4]), 1)])
        _ = optimizer.step(learningRate: 0.1)
      }
      return table.values
    }
    #expect(trained(whole: true) == trained(whole: false))
  }

  @Test("an arena gives back what it was given and joins its gaps")
  func arena() {
    let arena = Arena()
    let sizes = [100, 64, 1000, 4096, 1]
    var pointers = sizes.map(arena.allocate)
    #expect(Set(pointers).count == sizes.count)
    #expect(pointers.allSatisfy { UInt(bitPattern: $0).isMultiple(of: 64) })
    let reach = arena.highWater
    arena.free(pointers[1], sizes[1])
    arena.free(pointers[3], sizes[3])
    arena.free(pointers[2], sizes[2])
    pointers[1] = arena.allocate(64 + 1024 + 4096)
    #expect(arena.highWater == reach)
    #expect(pointers[1] == pointers[0] + 128)
  }
}
