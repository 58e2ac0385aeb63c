import Engine

/// Classifies with a fresh head over the last token's state, or an encoder's first.
///
/// The decoder counterpart of Devlin et al. 2019 (arXiv:1810.04805); see ``FreshHead/Kind``.
/// A linear head has no bias unless it starts from one that has.
struct HeadObjective: Objective {
  static let name = "head"
  static let isTrained = true

  static let head = MethodOption<FreshHead.Kind>(
    "head", default: .linear, "one matrix, or dense–ReLU–dropout–linear")
  static let headDropout = MethodOption(
    "head-dropout", 0...0.99, default: 0.1, "inside the head", when: .equals(head, .mlp))

  static let options: [any DeclaredOption] = [
    PatternChoice.option.defaulting(to: TaskDefinition.plainPattern), head, headDropout,
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }
  static func addsParameters(_ options: ResolvedOptions) -> Bool { true }
  static func readsWords(_ options: ResolvedOptions) -> Bool { false }

  private let pattern: String
  private let kind: FreshHead.Kind
  private let dropout: Double

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    kind = options[Self.head]
    dropout = kind == .mlp ? options[Self.headDropout] : 0
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    HeadSession(
      FreshHead(
        kind, classes: context.task.labels.count, width: context.model.description.embeddingWidth,
        dropout: dropout, random: RandomStream(seed: context.seed, purpose: "classification head"),
        trains: true, in: context.model.ledger),
      encoder: try PromptEncoder(context, pattern: pattern),
      targets: context.sample.map(\.label))
  }
}

private final class HeadSession: ObjectiveSession {
  private let classifier: FreshHead
  private let encoder: PromptEncoder
  private let targets: [Int]

  init(_ classifier: FreshHead, encoder: PromptEncoder, targets: [Int]) {
    self.classifier = classifier
    self.encoder = encoder
    self.targets = targets
  }

  var readsWholeVocabulary: Bool { false }

  var trainable: [AdamW<Float>.Group] { head.map { AdamW.Group($0.tensor) } }

  var head: [(name: String, tensor: Tensor<Float>)] { classifier.parameters }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    if values["score.bias"] != nil { classifier.addBias() }
    try setTensors(values)
  }

  func prompt(for example: Example) -> [Int32] { encoder.prompt(for: example) }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let logits = classifier.logits(hidden, dropoutStream: dropoutStream, on: tape)
    return [(tape.crossEntropy(logits, targets: examples.map { targets[$0] }), 1)]
  }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    Predictions(classifier.logits(hidden, on: tape))
  }
}

extension ObjectiveSession {
  /// Copies values into the tensors of ``head``, each of which needs some.
  func setTensors(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    for (name, tensor) in head {
      guard let matrix = values[name] else {
        throw MethodError(.headDoesNotFit("'\(name)' is missing"))
      }
      guard matrix.rows == tensor.rows, matrix.columns == tensor.columns else {
        throw MethodError(
          .headDoesNotFit(
            "'\(name)' is \(matrix.rows) × \(matrix.columns), not \(tensor.rows) × "
              + "\(tensor.columns)"))
      }
      tensor.fill { matrix.values[$0] }
    }
  }
}

extension Predictions {
  /// The classes of rows of scores, `[examples, classes]`.
  init(_ scores: Tensor<Float>) {
    self.init(
      classes: scores.largestColumns.map { UInt8($0) },
      probabilities: Probabilities.softmax(
        scores.values, columns: scores.columns, temperature: 1),
      areFinite: scores.values.allSatisfy(\.isFinite))
  }
}

extension Tensor where Scalar == Float {
  /// The column of each row's largest element; the first of equals.
  var largestColumns: [Int] {
    let values = values
    return (0..<rows).map { row in
      var best = 0
      for column in 1..<max(1, columns)
      where values[row * columns + column] > values[row * columns + best] { best = column }
      return best
    }
  }
}

/// Fresh parameters that turn a final state into scores of classes.
final class FreshHead {
  enum Kind: String, OptionChoice {
    /// `W h`, as Hugging Face's `…ForSequenceClassification` does it: no bias.
    case linear
    /// `W drop(relu(V h + a)) + b`, as Mosbach et al. 2023 (arXiv:2305.16938) have it in llmft.
    case mlp
  }

  /// Of new matrices, as Hugging Face initializes them; biases start at zero.
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

  /// Adds a bias of zero to a head without one.
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
