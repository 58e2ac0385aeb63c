import Engine

/// Classifies with a fresh linear head over the last token's state: `softmax(W h)`.
///
/// The decoder counterpart of Devlin et al. 2019 (arXiv:1810.04805), as Hugging Face's
/// `…ForSequenceClassification` does it: `W` normal with deviation 0.02, and no bias unless the head
/// starts from one that has it.
struct HeadObjective: Objective {
  static let name = "head"
  static let isTrained = true
  static let options = [
    OptionSpecification(
      "pattern", .text, default: .text(TaskDefinition.plainPattern),
      "how an example becomes a text")
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }

  private let pattern: String

  init(_ options: ResolvedOptions) {
    pattern = options.text("pattern")
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    HeadSession(context, encoder: try PromptEncoder(context, pattern: pattern))
  }
}

private final class HeadSession: ObjectiveSession {
  private let weight: Tensor<Float>  // [classes, embeddingWidth]
  private var bias: Tensor<Float>?  // [1, classes]
  private let encoder: PromptEncoder
  private let targets: [Int]
  private let ledger: MemoryLedger

  init(_ context: ObjectiveContext, encoder: PromptEncoder) {
    self.encoder = encoder
    targets = context.sample.map(\.label)
    ledger = context.model.ledger
    weight = Tensor(
      rows: context.task.labels.count, columns: context.model.description.embeddingWidth,
      category: .weights, requiresGradient: true, in: context.model.ledger)
    var random = RandomStream(seed: context.seed, purpose: "classification head")
    for i in 0..<weight.count { weight.elements[i] = Float(0.02 * random.normal()) }
  }

  var readsWholeVocabulary: Bool { false }

  var trainable: [AdamW<Float>.Group] { head.map { AdamW.Group($0.tensor) } }

  var head: [(name: String, tensor: Tensor<Float>)] {
    [("score.weight", weight)] + (bias.map { [("score.bias", $0)] } ?? [])
  }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    if values["score.bias"] != nil {
      bias = Tensor(
        rows: 1, columns: weight.rows, category: .weights, requiresGradient: true, in: ledger)
    }
    try setTensors(values)
  }

  func prompt(for example: Example) -> [Int32] { encoder.prompt(for: example) }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let logits = tape.linear(hidden, weight, bias: bias)
    return [(tape.crossEntropy(logits, targets: examples.map { targets[$0] }), 1)]
  }

  func predictions(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Predictions {
    let logits = tape.linear(hidden, weight, bias: bias)
    return Predictions(
      classes: logits.largestColumns.map { UInt8($0) },
      probabilities: Probabilities.softmax(
        logits.values, columns: logits.columns, temperature: 1),
      areFinite: logits.values.allSatisfy(\.isFinite))
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
      for i in 0..<tensor.count { tensor.elements[i] = matrix.values[i] }
    }
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
