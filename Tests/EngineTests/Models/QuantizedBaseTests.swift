import Testing

@testable import Engine

@Suite("A quantized base")
struct QuantizedBaseTests {
  private static let batch = PackedBatch([[1, 5, 3], [4], [2, 9, 10, 7, 7]])
  private static let formats: [QuantizedFormat] = [
    .int8, .nf4(doubleQuantization: false), .nf4(doubleQuantization: true),
  ]

  /// The weights of a quantized model as floats.
  private struct Decoded: WeightSource {
    let format: QuantizedFormat

    func tensor(
      _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
    ) throws(Never) -> Tensor<Float> {
      let tensor = RandomWeights<Float>(seed: 1, deviation: 0.3).tensor(
        slot, rows: rows, columns: columns, in: ledger)
      guard case .layer(_, let part) = slot, rows > 1 else { return tensor }
      guard !part.isNorm else { return tensor }
      let quantized = QuantizedMatrix(rows: rows, columns: columns, format: format, in: ledger) {
        rows, target in
        for i in 0..<(rows.count * columns) {
          target[i] = tensor.elements[rows.lowerBound * columns + i]
        }
      }
      quantized.dequantize(rows: 0..<rows, into: tensor.start)
      return tensor
    }
  }

  /// Loss and gradients of low-rank products on a model.
  private func outcome(
    _ model: Transformer<Float>, withMagnitude: Bool
  ) throws -> (losses: [Float], gradients: [[Float]]) {
    model.setTrainable(false)
    for (index, layer) in model.layers.enumerated() {
      for (part, linear) in layer.linearLayers {
        linear.attachLowRank(
          rank: 2, scale: 0.5, dropout: 0,
          random: RandomStream(seed: 2, purpose: "\(index) \(part)"), withMagnitude: withMagnitude,
          in: model.ledger)
        let b = try #require(linear.lowRank?.b)
        for i in 0..<b.count { b.elements[i] = Float(i % 5) * 0.1 - 0.2 }
      }
    }
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(Self.batch, .lastTokens, on: tape)
    let losses = tape.crossEntropy(model.logits(hidden, on: tape), targets: [3, 0, 8])
    let values = losses.values
    tape.backward(from: [(losses, 1)])
    let trained = model.parameters.filter(\.tensor.requiresGradient)
    return (values, try trained.map { try #require($0.tensor.gradient) })
  }

  @Test(
    "computes what a model of its decoded weights computes", arguments: formats, [false, true])
  func decoded(format: QuantizedFormat, withMagnitude: Bool) throws {
    let quantized = try outcome(
      Transformer(
        SmallModels.llama, from: RandomWeights<Float>(seed: 1, deviation: 0.3),
        quantization: format, in: MemoryLedger()), withMagnitude: withMagnitude)
    let floats = try outcome(
      Transformer(SmallModels.llama, from: Decoded(format: format), in: MemoryLedger()),
      withMagnitude: withMagnitude)
    for (a, b) in zip(quantized.losses, floats.losses) { #expect(abs(a - b) < 1e-5) }
    #expect(quantized.gradients.count == floats.gradients.count)
    for (a, b) in zip(quantized.gradients.joined(), floats.gradients.joined()) {
      #expect(abs(a - b) < 1e-4 * (1 + abs(b)))
    }
  }

  @Test("takes the bytes its format says", arguments: formats)
  func bytes(format: QuantizedFormat) {
    let (ledger, plain) = (MemoryLedger(), MemoryLedger())
    let source = RandomWeights<Float>(seed: 1)
    let model = Transformer(SmallModels.opt, from: source, quantization: format, in: ledger)
    let floats = Transformer(SmallModels.opt, from: source, in: plain)
    var saved = 0
    for layer in floats.layers {
      for (_, linear) in layer.linearLayers {
        saved += 4 * linear.inputs * linear.outputs
        saved -= QuantizedMatrix.bytes(rows: linear.outputs, columns: linear.inputs, format: format)
      }
    }
    #expect(ledger.total == plain.total - saved)
    withExtendedLifetime((model, floats)) {}
  }
}
