import Testing

@testable import Engine

@Suite("Transformer")
struct TransformerTests {
  static let batch = PackedBatch([[1, 5, 3], [4], [2, 9, 10, 7, 7]])

  private func logits<Scalar: EngineScalar>(
    _ model: Transformer<Scalar>, _ sequences: [[Int32]],
    _ selection: Transformer<Scalar>.Selection = .everyToken,
    cache: KeyValueCache<Scalar>? = nil
  ) -> [Scalar] {
    let tape = Tape<Scalar>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(sequences), selection, cache: cache, on: tape)
    return model.logits(hidden, on: tape).values
  }

  @Test("gradients of every family agree with central differences", arguments: SmallModels.all)
  func gradients(description: ModelDescription) {
    let model = Transformer<Double>(
      description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    model.setTrainable(true)
    expectExactGradients(of: model)
  }

  @Test(
    "gradients of everything adaptations add agree with central differences",
    arguments: SmallModels.all)
  func adaptationGradients(description: ModelDescription) {
    let model = Transformer<Double>(
      description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    model.setTrainable(false)
    SmallModels.adapt(model)
    expectExactGradients(of: model)
  }

  private func expectExactGradients(of model: Transformer<Double>) {
    let description = model.description
    let targets = [3, 0, 8]
    let batch = PackedBatch(
      zip([[1, 5, 3], [4], [2, 9, 10, 7, 7]], [[0, 0, 1], [0], [0, 0, 0, 1, 1]]).map {
        TokenSequence($0, types: description.tokenTypes > 1 ? $1 : [])
      },
      virtualTokens: model.prompt?.rows ?? 0)
    func loss() -> (Tape<Double>, Tensor<Double>) {
      let tape = Tape<Double>(ledger: model.ledger)
      let hidden = model.hiddenStates(
        batch, description.isBidirectional ? .firstTokens : .lastTokens, on: tape)
      return (tape, tape.crossEntropy(model.logits(hidden, on: tape), targets: targets))
    }
    let weights = [0.3, -1.1, 0.8]
    func value() -> Double { zip(loss().1.values, weights).reduce(0) { $0 + $1.0 * $1.1 } }
    let (tape, y) = loss()
    let cotangent = y.derivative.cleared()
    for i in 0..<3 { cotangent[i] = weights[i] }
    tape.replay()
    for parameter in model.parameters where parameter.tensor.requiresGradient {
      let tensor = parameter.tensor
      let gradient = tensor.gradient
      for i in stride(from: 0, to: tensor.count, by: max(1, tensor.count / 5)) {
        let kept = tensor.elements[i]
        tensor.elements[i] = kept + 1e-5
        let above = value()
        tensor.elements[i] = kept - 1e-5
        let below = value()
        tensor.elements[i] = kept
        let numeric = (above - below) / 2e-5
        let analytic = gradient.map { $0[i] } ?? 0
        #expect(abs(analytic - numeric) < 1e-6 * (1 + abs(numeric)), "\(parameter.name)[\(i)]")
      }
    }
  }

  @Test("a sequence's logits do not depend on its batch", arguments: SmallModels.all)
  func packing(description: ModelDescription) {
    let model = Transformer<Float>(
      description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    let together = logits(model, [[1, 5, 3], [4], [2, 9, 10, 7, 7]])
    let apart =
      logits(model, [[1, 5, 3]]) + logits(model, [[4]]) + logits(model, [[2, 9, 10, 7, 7]])
    for (a, b) in zip(together, apart) { #expect(abs(a - b) < 1e-5) }
  }

  @Test(
    "computing only the last tokens changes none of their logits", arguments: SmallModels.decoders)
  func lastTokens(description: ModelDescription) {
    let model = Transformer<Double>(
      description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    let sequences: [[Int32]] = [[1, 5, 3], [4], [2, 9, 10, 7, 7]]
    let every = logits(model, sequences)
    let last = logits(model, sequences, .lastTokens)
    for (i, row) in [2, 3, 8].enumerated() {
      for j in 0..<11 { #expect(abs(every[row * 11 + j] - last[i * 11 + j]) < 1e-12) }
    }
  }

  @Test("a stored prefix gives the logits of reading it again", arguments: SmallModels.decoders)
  func prefix(description: ModelDescription) {
    let model = Transformer<Double>(
      description, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    let cache = KeyValueCache<Double>(description, capacity: 8, in: model.ledger)
    let tape = Tape<Double>(ledger: model.ledger)
    for part: [Int32] in [[1, 2, 3], [8]] {
      _ = model.hiddenStates(PackedBatch([part]), cache: cache, storing: true, on: tape)
    }
    #expect(cache.length == 4)
    let cached = logits(model, [[5, 6], [7]], .lastTokens, cache: cache)
    let whole = logits(model, [[1, 2, 3, 8, 5, 6], [1, 2, 3, 8, 7]], .lastTokens)
    for (a, b) in zip(cached, whole) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("layers below the lowest trainable one leave nothing on the tape")
  func frozenLayersLeaveNothing() {
    let model = Transformer<Float>(
      SmallModels.opt, from: RandomWeights(seed: 1, deviation: 0.4), in: MemoryLedger())
    let tape = Tape<Float>(ledger: model.ledger)
    _ = model.hiddenStates(Self.batch, on: tape)
    #expect(tape.count == 0)
    model.layers[1].down.weight?.requiresGradient = true
    _ = model.hiddenStates(Self.batch, on: tape)
    #expect(tape.count == 2)  // the last layer's down projection and the final normalization
  }

  @Test("the ledger returns to the weights once a step's tensors are gone")
  func ledgerBalances() {
    let ledger = MemoryLedger()
    let model = Transformer<Float>(
      SmallModels.llama, from: RandomWeights(seed: 1), in: ledger)
    let weights = ledger.total
    #expect(weights == 4 * model.parameters.reduce(0) { $0 + $1.tensor.count })
    do {
      let tape = Tape<Float>(ledger: ledger)
      _ = model.hiddenStates(Self.batch, on: tape)
    }
    #expect(ledger.total == weights)
    #expect(ledger.peak > weights)
    let parts = MemoryCategory.allCases.map(ledger.bytesAtPeak).reduce(0, +)
    #expect(parts == ledger.peak)
  }
}
