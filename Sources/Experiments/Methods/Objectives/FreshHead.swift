import Engine

/// Fresh parameters that turn a final state into scores of classes.
final class FreshHead {
  enum Kind: String, OptionChoice {
    /// `W h`, as Hugging Face's `…ForSequenceClassification` does it: no bias.
    case linear
    /// `W drop(relu(V h + a)) + b`, as Mosbach et al. 2023 (arXiv:2305.16938) have it in llmft.
    case mlp
  }

  /// Of new matrices, as Hugging Face initializes them; biases begin at zero.
  private static let deviation = 0.02

  /// The scores' matrix.
  private let output: Tensor<Float>  // [classes, width]
  private var outputBias: Tensor<Float>?  // [1, classes]
  private let inner: Tensor<Float>?  // [width, width]
  private let innerBias: Tensor<Float>?  // [1, width]
  private let dropout: Double
  private let ledger: MemoryLedger

  /// Makes a head with random matrices.
  ///
  /// - Parameters:
  ///   - kind: Its shape.
  ///   - classes: Of the task.
  ///   - width: Of the states.
  ///   - dropout: Share of an `mlp`'s inner values that a step of training leaves out.
  ///   - random: Fills the matrices.
  ///   - trains: Whether it learns.
  ///   - ledger: Where its bytes are entered.
  init(
    _ kind: Kind, classes: Int, width: Int, dropout: Double, random: RandomStream, trains: Bool,
    in ledger: MemoryLedger
  ) {
    var random = random
    func tensor(_ rows: Int, _ columns: Int, isRandom: Bool) -> Tensor<Float> {
      let tensor = Tensor<Float>(
        rows: rows, columns: columns, category: .weights, requiresGradient: trains, in: ledger)
      tensor.fill { _ in isRandom ? Float(Self.deviation * random.normal()) : 0 }
      return tensor
    }
    output = tensor(classes, width, isRandom: true)
    self.dropout = dropout
    self.ledger = ledger
    guard kind == .mlp else {
      (outputBias, inner, innerBias) = (nil, nil, nil)
      return
    }
    outputBias = tensor(1, classes, isRandom: false)
    inner = tensor(width, width, isRandom: true)
    innerBias = tensor(1, width, isRandom: false)
  }

  /// Everything of it that can train, by the names it is saved under.
  var parameters: [(name: String, tensor: Tensor<Float>)] {
    let all: [(String, Tensor<Float>?)] = [
      ("score.weight", output), ("score.bias", outputBias),
      ("score.dense.weight", inner), ("score.dense.bias", innerBias),
    ]
    return all.compactMap { name, tensor in tensor.map { (name, $0) } }
  }

  /// Gives a head without a bias one, which begins at zero.
  func addBias() {
    guard outputBias == nil else { return }
    let bias = Tensor<Float>(
      rows: 1, columns: output.rows, category: .weights,
      requiresGradient: output.requiresGradient, in: ledger)
    bias.fill { _ in 0 }
    outputBias = bias
  }

  /// Scores of the classes, `[examples, classes]`; `dropoutStream` is nil outside training.
  func logits(
    _ hidden: Tensor<Float>, dropoutStream: RandomStream? = nil, on tape: Tape<Float>
  ) -> Tensor<Float> {
    guard let inner else { return tape.linear(hidden, output) }
    var x = tape.activated(tape.linear(hidden, inner, bias: innerBias), by: .relu, consuming: true)
    if let dropoutStream, dropout > 0 {
      x = tape.droppedOut(x, probability: dropout, stream: dropoutStream)
    }
    return tape.linear(x, output, bias: outputBias)
  }
}
