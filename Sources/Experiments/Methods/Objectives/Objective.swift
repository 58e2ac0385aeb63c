import Engine

/// What the model is asked to do: how an example becomes a prompt, a loss and a predicted class.
protocol Objective: Sendable {
  /// In recipes, database rows and legends.
  static var name: String { get }
  static var options: [any DeclaredOption] { get }
  /// Whether there is a loss to train on.
  static var isTrained: Bool { get }

  /// Whether an untrained method reads the sample, as demonstrations.
  static func usesSample(_ options: ResolvedOptions) -> Bool
  /// Whether it adds something trainable, such as a head.
  static func addsParameters(_ options: ResolvedOptions) -> Bool
  /// Whether it reads a word after a prompt, which an encoder does not predict.
  static func readsWords(_ options: ResolvedOptions) -> Bool
  /// Whether it can read that word at a mask of an encoder's text instead.
  static func readsMasks(_ options: ResolvedOptions) -> Bool
  /// Whether its loss is one of the model's states, so that the model must train or get additions.
  static var changesStates: Bool { get }
  /// Why its options contradict each other, in words for a message; nil where they do not.
  static func misfit(_ options: ResolvedOptions) -> String?

  init(_ options: ResolvedOptions)

  /// Binds the objective to a model and a sample, before anything of the model is changed.
  ///
  /// - Parameter context: The model before adaptation, and the examples.
  /// - Returns: The state of one cell.
  /// - Throws: ``MethodError`` when the pattern or the tokenizer does not fit.
  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession
}

extension Objective {
  static func addsParameters(_ options: ResolvedOptions) -> Bool { false }
  static func readsWords(_ options: ResolvedOptions) -> Bool { true }
  static func readsMasks(_ options: ResolvedOptions) -> Bool { false }
  static var changesStates: Bool { false }
  static func misfit(_ options: ResolvedOptions) -> String? { nil }
}

/// How a head reads texts with an encoder, where Transformers' `…ForSequenceClassification` has a way of
/// its own.
struct EncoderReading: Hashable, Sendable {
  /// Whether the head is that class's: a dense layer and dropout before the scores, not a matrix alone.
  var usesClassifier = false
  /// Whether two texts are two segments, as the tokenizer puts pairs together, not one text.
  var pairsTexts = false

  init(usesClassifier: Bool = false, pairsTexts: Bool = false) {
    self.usesClassifier = usesClassifier
    self.pairsTexts = pairsTexts
  }

  /// What a method does with a model.
  ///
  /// - Parameters:
  ///   - description: Of the model.
  ///   - objective: By name.
  ///   - adaptation: By name; a probe stays one matrix on frozen states.
  ///   - options: Without a grid.
  ///   - task: Decides how many texts an example has.
  init(
    _ description: ModelDescription, objective: String, adaptation: String,
    options: ResolvedOptions, task: TaskDefinition
  ) {
    guard description.isBidirectional, objective == HeadObjective.name else { return }
    usesClassifier =
      description.classifier != nil && adaptation != ProbeAdaptation.name
      && options[HeadObjective.head] == .linear
    pairsTexts =
      task.fields.count == 2 && options[PatternChoice.option] == TaskDefinition.plainPattern
  }

  /// What of it is not what a decoder does, in words for a recipe.
  var words: [String] {
    (usesClassifier ? ["classifier"] : []) + (pairsTexts ? ["pairs"] : [])
  }
}

/// What an objective can use when a cell begins.
struct ObjectiveContext {
  /// Tokens computed together where nothing trains; part of the numerics, since it decides the shapes
  /// of products.
  static let tokensAtOnce = 256

  let model: Transformer<Float>
  let tokenizer: any Tokenizer
  let task: TaskDefinition
  let sample: [Example]
  /// Of fresh weights, order and dropout.
  let seed: UInt64
  /// Of texts that are drawn from the pool.
  let sampleSeed: UInt64
  /// How an encoder reads a text; ignored for a decoder.
  var reading = EncoderReading()
  /// What is cut off a text that is too long.
  var truncation = Truncation.model
  /// Positions of the context that an adaptation's prompt or prefix takes from the text.
  let reservedPositions: Int
  /// The rest of the training pool; nil if there is only the sample.
  var pool: TrainingPool?
  /// The checkpoint that teaches, where it is not the model itself.
  var teacher: TeacherSource?
  /// What determines the states of the model as it is, and where they are kept; nil where the model has
  /// been changed or nothing is kept.
  var frozen: FrozenIdentity?
  /// Whether the sample is only shown and nothing is fitted to it.
  var onlyAnswers = false

  /// Longest text of demonstrations and prompt together, in tokens.
  var maximumTokens: Int { model.description.maximumPositions - reservedPositions }
}

/// The state an objective keeps for one cell.
protocol ObjectiveSession: AnyObject {
  /// What the objective adds to be trained, such as a fresh head.
  var trainable: [AdamW<Float>.Group] { get }
  /// A head's tensors by the names they are saved under: `score.weight`; empty where there is none.
  var head: [(name: String, tensor: Tensor<Float>)] { get }
  /// Demonstrations already read, which every prompt of the cell follows.
  var cache: KeyValueCache<Float>? { get }
  /// Whether words are read off the whole vocabulary, and so all of its embedding.
  var readsWholeVocabulary: Bool { get }
  /// How many demonstrations fitted; nil for objectives without any.
  var demonstrations: Int? { get }
  /// How many there were to show.
  var demonstrationsOffered: Int? { get }
  /// The examples to train on, the sample first; nil for the sample alone.
  var trainingExamples: [Example]? { get }
  /// What a step takes several of, where that is pairs of examples; nil for examples.
  var pairs: ContrastivePairs? { get }
  /// The tokens of a sequence whose states losses and predictions read; nil for the one that sums it
  /// up.
  var selection: Transformer<Float>.Selection? { get }
  /// Tokens read before the first step: demonstrations, or what a teacher saw.
  var preparationTokens: Int { get }
  /// Whether a classifier is solved for when the session begins.
  var solves: Bool { get }
  /// How that went; nil in a plan.
  var solution: Solution? { get }
  /// The layer, from 1, that was chosen to be read; nil where none was.
  var chosenLayer: Int? { get }

  /// Gives the head the values of a file, before training.
  ///
  /// - Parameter values: Matrices by the names of ``head``; a bias may come on top.
  /// - Throws: ``MethodError`` when they do not fit.
  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError)

  /// The tokens of an example, without demonstrations.
  func prompt(for example: Example) -> TokenSequence

  /// What losses and predictions read of the states of a batch.
  ///
  /// - Parameters:
  ///   - hidden: Final states of the tokens that ``selection`` names.
  ///   - batch: The sequences.
  ///   - dropoutStream: Of this step; nil outside training.
  ///   - tape: Records what is computed.
  /// - Returns: A row for each example.
  func summary(
    _ hidden: Tensor<Float>, of batch: PackedBatch, dropoutStream: RandomStream?,
    on tape: Tape<Float>
  ) -> Tensor<Float>

  /// The losses of a batch, `[examples, 1]` each, with the factor each counts with.
  ///
  /// - Parameters:
  ///   - hidden: A row for each example, from ``summary(_:of:dropoutStream:on:)``; with ``pairs``, of the
  ///     texts of the batch's pairs, each once.
  ///   - examples: Which of the training examples, or pairs, they are.
  ///   - dropoutStream: Of this step.
  ///   - tape: Records the losses.
  /// - Returns: Losses whose weighted sum, divided by the number of examples, is minimized.
  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)]

  /// Does what follows the last step, or the last one before the model is scored.
  func finishTraining()

  /// The sequences that decide an example's class: its prompt, unless several are compared.
  func sequences(for example: Example) -> [TokenSequence]

  /// Answers examples from states that are computed once; nil for objectives that do not.
  func answers(to examples: [Example]) -> (predictions: Predictions, tokens: Int)?

  /// The predicted class of each example.
  ///
  /// - Parameters:
  ///   - hidden: From ``summary(_:of:dropoutStream:on:)``.
  ///   - batch: The sequences of all examples, one example after the other.
  ///   - tape: For what is computed.
  /// - Returns: Predictions in the order of the examples.
  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions
}

extension ObjectiveSession {
  var trainable: [AdamW<Float>.Group] { [] }
  var head: [(name: String, tensor: Tensor<Float>)] { [] }
  var cache: KeyValueCache<Float>? { nil }
  var demonstrations: Int? { nil }
  var demonstrationsOffered: Int? { nil }
  var trainingExamples: [Example]? { nil }
  var pairs: ContrastivePairs? { nil }
  var selection: Transformer<Float>.Selection? { nil }
  var readsWholeVocabulary: Bool { true }
  var preparationTokens: Int { 0 }
  var solves: Bool { false }
  var solution: Solution? { nil }
  var chosenLayer: Int? { nil }

  func finishTraining() {}

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    throw MethodError(.headDoesNotFit("the method has no head"))
  }

  func sequences(for example: Example) -> [TokenSequence] { [prompt(for: example)] }

  func summary(
    _ hidden: Tensor<Float>, of batch: PackedBatch, dropoutStream: RandomStream?,
    on tape: Tape<Float>
  ) -> Tensor<Float> { hidden }

  func answers(to examples: [Example]) -> (predictions: Predictions, tokens: Int)? { nil }
}

/// Predicted classes in the order of the examples.
struct Predictions: Hashable, Sendable {
  var classes: [UInt8] = []
  /// Argmax over the whole vocabulary, as a class or one past the last where it is no label word;
  /// nil for objectives that predict no words.
  var overVocabulary: [UInt8]?
  /// The probability of each class, one row per example, `[examples, classes]`.
  var probabilities: [Float] = []
  /// Whether every score used for the predictions was finite.
  var areFinite = true

  mutating func append(_ other: Predictions) {
    areFinite = areFinite && other.areFinite
    classes += other.classes
    probabilities += other.probabilities
    if let more = other.overVocabulary { overVocabulary = (overVocabulary ?? []) + more }
  }
}

/// Softmax of rows of scores outside training, where clarity matters more than speed.
enum Probabilities {
  /// Computes `softmax(z / T)` of every row, row-major.
  static func softmax(_ logits: [Float], columns: Int, temperature: Float) -> [Float] {
    var result = logits
    for start in stride(from: 0, to: logits.count, by: columns) {
      let row = start..<(start + columns)
      let largest = logits[row].max() ?? 0
      var sum: Float = 0
      for i in row {
        result[i] = Float.exp((logits[i] - largest) / temperature)
        sum += result[i]
      }
      for i in row { result[i] /= sum }
    }
    return result
  }
}
