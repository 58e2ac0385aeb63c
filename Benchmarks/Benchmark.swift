import Engine

/// Times the engine on the shapes of real runs: `swift run -c release Benchmarks`.
@main
enum Benchmark {
  static func main() {
    BLAS.setThreads(1)
    print("\(BLAS.name), one thread")
    for shape in BenchmarkShape.all {
      let training = TrainingStep(shape)
      report("\(shape.name): forward", training.forwardFLOP, runs: 20) { training.forward() }
      report("\(shape.name): training step", training.stepFLOP, runs: 10) { training.step() }
    }
  }

  /// Runs `body` warm, then prints the median and smallest time with the rate they mean.
  private static func report(
    _ name: String, _ floatingPointOperations: Double, runs: Int, _ body: () -> Float
  ) {
    var consumed = body() + body()
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<runs {
      let time = clock.measure { consumed += body() }
      let (whole, part) = time.components
      seconds.append(Double(whole) + Double(part) * 1e-18)
    }
    seconds.sort()
    let (median, least) = (seconds[runs / 2], seconds[0])
    func milliseconds(_ value: Double) -> String { "\((value * 1e5).rounded() / 100) ms" }
    let rate = (floatingPointOperations / median / 1e8).rounded() / 10
    print(
      "\(name): median \(milliseconds(median)), least \(milliseconds(least)), \(rate) GFLOP/s"
        + (consumed.isNaN ? " (the result is no number)" : ""))
  }
}

/// A decoder and the batch it is given.
struct BenchmarkShape {
  let name: String
  let description: ModelDescription
  let sequences: Int
  let tokens: Int

  static let all = [
    BenchmarkShape(
      name: "stories260K, 32 × 32 tokens",
      description: ModelDescription(
        family: .llama, vocabularySize: 512, width: 64, layers: 5, heads: 8, keyValueHeads: 4,
        feedForwardWidth: 172, isGated: true, activation: .silu,
        normalization: .rms(epsilon: 1e-5), positions: .rotary(base: 10_000, width: 8),
        maximumPositions: 512, attentionBias: false, attentionOutputBias: false,
        feedForwardBias: false, tiesEmbeddings: true),
      sequences: 32, tokens: 32),
    BenchmarkShape(
      name: "two layers of OPT-125M, 8 × 32 tokens",
      description: ModelDescription(
        family: .opt, vocabularySize: 4096, width: 768, layers: 2, heads: 12,
        feedForwardWidth: 3072, isGated: false, activation: .relu,
        normalization: .layer(epsilon: 1e-5), positions: .learned(offset: 2),
        maximumPositions: 512, attentionBias: true, attentionOutputBias: true,
        feedForwardBias: true, tiesEmbeddings: true),
      sequences: 8, tokens: 32),
  ]
}

/// Full fine-tuning of a decoder with random weights on one batch.
final class TrainingStep {
  private let model: Transformer<Float>
  private let batch: PackedBatch
  private let targets: [Int]
  private let optimizer: AdamW<Float>
  /// 2 operations a weight and token, the last layer's savings not counted.
  let forwardFLOP: Double
  let stepFLOP: Double

  init(_ shape: BenchmarkShape) {
    model = Transformer(shape.description, from: RandomWeights(seed: 1), in: MemoryLedger())
    var random = RandomStream(seed: 1, purpose: "benchmark tokens")
    batch = PackedBatch(
      (0..<shape.sequences).map { _ in
        (0..<shape.tokens).map { _ in Int32(random.index(below: shape.description.vocabularySize)) }
      })
    targets = (0..<shape.sequences).map { $0 % 2 }
    optimizer = AdamW(
      model.parameters.map { AdamW.Group($0.tensor) }, options: .init(clipNorm: 1),
      in: model.ledger)
    let weights = shape.description.layers * shape.description.parametersPerLayer
    forwardFLOP = 2 * Double(weights * batch.tokens.count)
    stepFLOP = 3 * forwardFLOP
  }

  func forward() -> Float {
    model.setTrainable(false)
    return losses(on: Tape(ledger: model.ledger)).values.reduce(0, +)
  }

  func step() -> Float {
    model.setTrainable(true)
    let tape = Tape<Float>(ledger: model.ledger)
    let losses = losses(on: tape)
    tape.backward(from: [(losses, 1 / Float(batch.count))])
    return Float(optimizer.step(learningRate: 1e-4))
  }

  private func losses(on tape: Tape<Float>) -> Tensor<Float> {
    let hidden = model.hiddenStates(batch, .lastTokens, on: tape)
    return tape.crossEntropy(model.logits(hidden, over: [1, 2], on: tape), targets: targets)
  }
}
