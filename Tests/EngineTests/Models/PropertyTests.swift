import Testing

@testable import Engine

@Suite("What must hold whatever the weights are")
struct PropertyTests {
  private static let sequences: [[Int32]] = [[1, 5, 3], [4], [2, 9, 10, 7, 7]]

  private func model(_ description: ModelDescription) -> Transformer<Float> {
    Transformer(
      description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
  }

  private func logits(_ model: Transformer<Float>, _ sequences: [[Int32]]) -> [Float] {
    let tape = Tape<Float>(ledger: model.ledger)
    let batch = PackedBatch(sequences, virtualTokens: model.prompt?.rows ?? 0)
    return model.logits(model.hiddenStates(batch, on: tape), on: tape).values
  }

  @Test(
    "training moves what an adaptation trains and no bit of anything else",
    arguments: SmallModels.all, SmallAdaptation.allCases)
  func frozenBits(description: ModelDescription, adaptation: SmallAdaptation) {
    let model = model(description)
    model.setTrainable(false)
    let frozen = model.parameters.filter { !adaptation.trains($0) }
    adaptation.apply(to: model)
    let trained = model.parameters.filter(\.tensor.requiresGradient)
    // Llama has no biases to train.
    #expect(trained.isEmpty == (adaptation == .biases && description.family == .llama))
    let (before, start) = (frozen.map(\.tensor.bits), trained.map(\.tensor.bits))
    let optimizer = AdamW<Float>(
      trained.map { .init($0.tensor) }, options: .init(weightDecay: 0.1, clipNorm: 1),
      in: model.ledger)
    for _ in 0..<3 {
      let tape = Tape<Float>(ledger: model.ledger)
      let batch = PackedBatch(Self.sequences, virtualTokens: model.prompt?.rows ?? 0)
      let states = model.hiddenStates(
        batch, description.isBidirectional ? .firstTokens : .lastTokens, on: tape)
      let losses = tape.crossEntropy(model.logits(states, on: tape), targets: [3, 0, 8])
      tape.backward(from: [(losses, 1)])
      _ = optimizer.step(learningRate: 1e-2)
    }
    #expect(frozen.map(\.tensor.bits) == before)
    for (parameter, start) in zip(trained, start) {
      #expect(parameter.tensor.bits != start, "\(parameter.name)")
    }
  }

  @Test(
    "fresh low-rank products and factors leave the logits as they are, bit for bit",
    arguments: SmallModels.all, [SmallAdaptation.lowRank, .rescaling])
  func freshBits(description: ModelDescription, adaptation: SmallAdaptation) {
    let model = model(description)
    let before = logits(model, Self.sequences)
    adaptation.apply(to: model)
    #expect(logits(model, Self.sequences) == before)
  }

  // Fresh bottlenecks add the residual after the bias, fresh magnitudes divide and multiply.
  @Test(
    "fresh bottlenecks and magnitudes leave the logits as they are but for rounding",
    arguments: SmallModels.all, [SmallAdaptation.bottleneck, .magnitudes])
  func freshValues(description: ModelDescription, adaptation: SmallAdaptation) {
    let model = model(description)
    let before = logits(model, Self.sequences)
    adaptation.apply(to: model)
    let worst = largestDifference(logits(model, Self.sequences), before)
    // Norms of what a block adds make the rounding of a small sum larger.
    let normalizesOutputs = [.output, .around].contains(description.placement)
    #expect(worst < (normalizesOutputs ? 2e-5 : 1e-5))
  }

  // A product may sum a row in another order where the row has another place.
  @Test(
    "the order of a batch changes a sequence's logits by rounding only",
    arguments: SmallModels.all)
  func batchOrder(description: ModelDescription) {
    let model = model(description)
    let width = description.vocabularySize
    let all = logits(model, Self.sequences)
    let turned = logits(model, [Self.sequences[2], Self.sequences[0], Self.sequences[1]])
    // Five tokens of the last sequence now come before the other four.
    let worst = largestDifference(turned, Array(all[(4 * width)...] + all[..<(4 * width)]))
    #expect(worst < 1e-5)
  }
}

extension Tensor<Float> {
  /// The elements' bits, which tell −0 from 0.
  fileprivate var bits: [UInt32] { values.map(\.bitPattern) }
}
