import Engine

/// Classifies with a fresh head over the last token's state, or an encoder's first.
///
/// A decoder's head is one matrix, without bias unless it starts from one that has. An encoder's is that
/// of its class for sequence classification (Devlin et al. 2019, arXiv:1810.04805, for BERT's); see
/// ``FreshHead``.
struct HeadObjective: Objective {
  static let name = "head"
  static let isTrained = true

  static let head = MethodOption<FreshHead.Kind>(
    "head", default: .linear,
    "one matrix, in an encoder the head of its class for sequence classification; or "
      + "dense–ReLU–dropout–linear")
  static let headDropout = MethodOption(
    "head-dropout", 0...0.99, default: 0.1, "inside the head", when: .equals(head, .mlp))

  /// Means what `config.json` says.
  private static let configured = -1.0
  private static let anyClassifierDropout = MethodOption<Double>(
    "classifier-dropout", configured...0.99, default: configured,
    "inside an encoder's classifier; -1 for its config.json's")
  static let classifierDropout = anyClassifierDropout.unlessDefault

  static let options: [any DeclaredOption] = [
    PatternChoice.option.defaulting(to: TaskDefinition.plainPattern), head, headDropout,
    classifierDropout, Truncation.option,
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }
  static func addsParameters(_ options: ResolvedOptions) -> Bool { true }
  static func readsWords(_ options: ResolvedOptions) -> Bool { false }

  private let pattern: String
  private let kind: FreshHead.Kind
  private let dropout: Double
  /// Nil for what the model's configuration says.
  private let classifierDropout: Double?

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    kind = options[Self.head]
    dropout = kind == .mlp ? options[Self.headDropout] : 0
    classifierDropout = options.value(of: Self.classifierDropout).flatMap { $0 < 0 ? nil : $0 }
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    let encoder = try PromptEncoder(context, pattern: pattern)
    let classes = context.task.labels.count
    let head: FreshHead
    if context.reading.usesClassifier, let classifier = context.model.description.classifier {
      head = FreshHead(
        classifier.droppingOut(classifierDropout), of: context.model, classes: classes,
        seed: context.seed)
    } else {
      head = FreshHead(
        kind, classes: classes, width: context.model.description.stateWidth, dropout: dropout,
        random: RandomStream(seed: context.seed, purpose: FreshHead.purpose), trains: true,
        in: context.model.ledger)
    }
    return HeadSession(
      head, encoder: encoder, pairsTexts: context.reading.pairsTexts,
      targets: context.sample.map(\.label))
  }
}

extension ModelDescription.Classifier {
  /// The same with another dropout, wherever it has one; nil leaves it as it is.
  fileprivate func droppingOut(_ share: Double?) -> Self {
    guard let share else { return self }
    var changed = self
    changed.dropout = share
    changed.inputDropout = inputDropout.map { _ in share }
    return changed
  }
}

private final class HeadSession: ObjectiveSession {
  private let classifier: FreshHead
  private let encoder: PromptEncoder
  private let pairsTexts: Bool
  private let targets: [Int]

  init(_ classifier: FreshHead, encoder: PromptEncoder, pairsTexts: Bool, targets: [Int]) {
    self.classifier = classifier
    self.encoder = encoder
    self.pairsTexts = pairsTexts
    self.targets = targets
  }

  var readsWholeVocabulary: Bool { false }

  var selection: Transformer<Float>.Selection? {
    switch classifier.pooling {
    case .first: nil
    case .mean: .pooled(.mean)
    case .meanOfDense: .everyToken
    }
  }

  func summary(
    _ hidden: Tensor<Float>, of batch: PackedBatch, dropoutStream: RandomStream?,
    on tape: Tape<Float>
  ) -> Tensor<Float> {
    guard classifier.pooling == .meanOfDense else { return hidden }
    return tape.pooled(
      classifier.densified(hidden, dropoutStream: dropoutStream, on: tape), of: batch, by: .mean)
  }

  var trainable: [AdamW<Float>.Group] { head.map { AdamW.Group($0.tensor) } }

  var head: [(name: String, tensor: Tensor<Float>)] { classifier.parameters }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    if values["score.bias"] != nil { classifier.addBias() }
    try setTensors(values, besides: classifier.pooler)
  }

  func prompt(for example: Example) -> TokenSequence {
    pairsTexts ? encoder.pair(of: example) : TokenSequence(encoder.prompt(for: example))
  }

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
  ///
  /// - Parameters:
  ///   - values: By the names of the tensors.
  ///   - others: Tensors of the model that the head uses, which may get values too.
  /// - Throws: ``MethodError`` where one is missing, of another shape, or not the head's.
  func setTensors(
    _ values: [String: Adapter.Matrix], besides others: [(name: String, tensor: Tensor<Float>)] = []
  ) throws(MethodError) {
    let known = Set((head + others).map(\.name))
    if let extra = values.keys.filter({ !known.contains($0) }).min() {
      throw MethodError(.headDoesNotFit("it has '\(extra)', which the method's head has not"))
    }
    for (name, tensor) in head + others.filter({ values[$0.name] != nil }) {
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
    /// `W h`, as Hugging Face's `…ForSequenceClassification` of decoders does it: no bias.
    case linear
    /// `W drop(relu(V h + a)) + b`, as Mosbach et al. 2023 (arXiv:2305.16938) have it in llmft.
    case mlp
  }

  /// Of the stream that fills the matrices.
  static let purpose = "classification head"
  /// Of new matrices, as Hugging Face initializes them; biases start at zero.
  private static let deviation = 0.02

  /// The scores' matrix.
  private let output: Tensor<Float>  // [classes, width]
  private var outputBias: Tensor<Float>?  // [1, classes]
  private let dense: Dense?
  /// How a text's states become the one that is scored.
  let pooling: ModelDescription.Classifier.Pooling
  private let ledger: MemoryLedger

  /// A layer before the scores.
  private struct Dense {
    /// What its tensors are called when they are saved.
    let name: String
    let weight: Tensor<Float>  // [width, width]
    let bias: Tensor<Float>?  // [1, width]
    /// Of the activated values, as the model normalizes.
    var norm: (tensors: Transformer<Float>.Norm, model: Transformer<Float>)?
    let activation: Activation
    let inputDropout: Double
    let dropout: Double
    /// Whether the layer is the model's own, which trains and is saved with it.
    var isPooler = false
  }

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
    output = ledger.fresh(classes, width, &random, Self.deviation, trains: trains)
    pooling = .first
    self.ledger = ledger
    guard kind == .mlp else {
      (outputBias, dense) = (nil, nil)
      return
    }
    outputBias = ledger.zeros(classes, trains: trains)
    dense = Dense(
      name: "score.dense",
      weight: ledger.fresh(width, width, &random, Self.deviation, trains: trains),
      bias: ledger.zeros(width, trains: trains), activation: .relu, inputDropout: 0,
      dropout: dropout)
  }

  /// Makes the head of an encoder's class for sequence classification:
  /// `W drop(norm(f(V drop(h) + a))) + b`.
  ///
  /// - Parameters:
  ///   - classifier: Its activation, dropouts and the deviations of fresh matrices.
  ///   - model: Which may have pre-trained `V`, `a` and norm; else they are fresh.
  ///   - classes: Of the task.
  ///   - seed: Of the streams that fill the matrices.
  init(
    _ classifier: ModelDescription.Classifier, of model: Transformer<Float>, classes: Int,
    seed: UInt64
  ) {
    let (ledger, width) = (model.ledger, model.description.stateWidth)
    var random = RandomStream(seed: seed, purpose: Self.purpose)
    output = ledger.fresh(classes, width, &random, classifier.deviation, trains: true)
    outputBias = ledger.zeros(classes, trains: true)
    pooling = classifier.pooling
    self.ledger = ledger
    func dense(
      _ weight: Tensor<Float>, _ bias: Tensor<Float>?, _ norm: Transformer<Float>.Norm?,
      isPooler: Bool
    ) -> Dense {
      Dense(
        name: "dense", weight: weight, bias: bias, norm: norm.map { ($0, model) },
        activation: classifier.activation, inputDropout: classifier.inputDropout ?? 0,
        dropout: classifier.dropout, isPooler: isPooler)
    }
    if let weight = model.pooler?.weight {
      self.dense = dense(weight, model.pooler?.bias, model.poolerNorm, isPooler: true)
    } else {
      var random = RandomStream(seed: seed, purpose: Self.purpose + ": dense layer")
      self.dense = dense(
        ledger.fresh(
          width, width, &random, classifier.denseDeviation ?? classifier.deviation, trains: true),
        classifier.hasDenseBias ? ledger.zeros(width, trains: true) : nil,
        classifier.isNormalized ? model.neutralNorm(trains: true) : nil, isPooler: false)
    }
  }

  /// Everything of it that can train, by the names it is saved under.
  var parameters: [(name: String, tensor: Tensor<Float>)] {
    var all = [("score.weight", output)]
    if let outputBias { all.append(("score.bias", outputBias)) }
    return all + (dense?.isPooler == false ? denseParameters : [])
  }

  /// The model's tensors that it uses, by the names they have in a head of their own.
  var pooler: [(name: String, tensor: Tensor<Float>)] {
    dense?.isPooler == true ? denseParameters : []
  }

  private var denseParameters: [(name: String, tensor: Tensor<Float>)] {
    guard let dense else { return [] }
    let all: [(String, Tensor<Float>?)] = [
      ("\(dense.name).weight", dense.weight), ("\(dense.name).bias", dense.bias),
      ("norm.weight", dense.norm?.tensors.weight), ("norm.bias", dense.norm?.tensors.bias),
    ]
    return all.compactMap { name, tensor in tensor.map { (name, $0) } }
  }

  /// Adds a bias of zero to a head without one.
  func addBias() {
    guard outputBias == nil else { return }
    outputBias = ledger.zeros(output.rows, trains: output.requiresGradient)
  }

  /// Scores of the classes, `[examples, classes]`; `dropoutStream` is nil outside training.
  func logits(
    _ hidden: Tensor<Float>, dropoutStream: RandomStream? = nil, on tape: Tape<Float>
  ) -> Tensor<Float> {
    let x =
      pooling == .meanOfDense
      ? hidden : densified(hidden, dropoutStream: dropoutStream, on: tape)
    return tape.linear(x, output, bias: outputBias)
  }

  /// What the scores read of states: `drop(norm(f(V drop(h) + a)))`.
  func densified(
    _ hidden: Tensor<Float>, dropoutStream: RandomStream?, on tape: Tape<Float>
  ) -> Tensor<Float> {
    guard let dense else { return hidden }
    var x = hidden
    if let dropoutStream, dense.inputDropout > 0 {
      x = tape.droppedOut(
        x, probability: dense.inputDropout,
        stream: RandomStream(seed: dropoutStream.bits(at: .max), purpose: "state of a head"))
    }
    x = tape.activated(
      tape.linear(x, dense.weight, bias: dense.bias), by: dense.activation, consuming: true)
    if let (norm, model) = dense.norm { x = model.normalized(x, norm, on: tape) }
    if let dropoutStream, dense.dropout > 0 {
      x = tape.droppedOut(x, probability: dense.dropout, stream: dropoutStream)
    }
    return x
  }
}

extension Transformer where Scalar == Float {
  /// A normalization of states that changes nothing yet.
  fileprivate func neutralNorm(trains: Bool) -> Norm {
    let weight = Tensor<Float>(
      rows: 1, columns: description.stateWidth, category: .weights, requiresGradient: trains,
      in: ledger)
    weight.fill { [description] _ in description.neutralNorm }
    guard case .layer = description.normalization else { return Norm(weight: weight, bias: nil) }
    return Norm(weight: weight, bias: ledger.zeros(description.stateWidth, trains: trains))
  }
}

extension MemoryLedger {
  /// A matrix of normal numbers.
  fileprivate func fresh(
    _ rows: Int, _ columns: Int, _ random: inout RandomStream, _ deviation: Double, trains: Bool
  ) -> Tensor<Float> {
    let tensor = Tensor<Float>(
      rows: rows, columns: columns, category: .weights, requiresGradient: trains, in: self)
    tensor.fill { _ in Float(deviation * random.normal()) }
    return tensor
  }

  /// A bias of zeros.
  fileprivate func zeros(_ count: Int, trains: Bool) -> Tensor<Float> {
    let tensor = Tensor<Float>(
      rows: 1, columns: count, category: .weights, requiresGradient: trains, in: self)
    tensor.fill { _ in 0 }
    return tensor
  }
}
