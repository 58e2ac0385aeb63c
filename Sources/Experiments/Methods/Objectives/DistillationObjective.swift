import Engine

/// Trains the model to answer without demonstrations as a teacher answers with them.
///
/// Context distillation of Askell et al. 2021 (arXiv:2112.00861) and Snell et al. 2022
/// (arXiv:2209.15189): `λ T² KL(p_teacher ‖ p_student) + (1 − λ) CE` at the last token. The teacher
/// is the model as it is before training, or another checkpoint, shown other examples of the sample;
/// its answers are computed once. `teacher: prompt-only` shows none, as the code of Srinivasan et al.
/// 2024 (arXiv:2405.13181) did, whose teacher also answered with an untrained head: `over: head`.
/// With `pool: whole` the student learns the teacher's answers to texts of the training pool as well,
/// without their labels.
struct DistillationObjective: Objective {
  static let name = "distillation"
  static let isTrained = true

  /// The texts that the teacher answers.
  enum Pool: String, OptionChoice {
    case fewShot = "few-shot"
    case whole
  }

  static let pool = MethodOption<Pool>(
    "pool", default: .fewShot,
    "texts that the teacher labels: the sample's, or the training pool's as well")
  static let poolLimit = MethodOption(
    "pool-limit", 0...100_000_000, default: 1000, "most texts of the pool; 0 for all",
    when: .equals(pool, .whole))
  static let temperature = MethodOption<Double>(
    "temperature", 0.01...100, default: 2, "T of both softmaxes")
  static let lambda = MethodOption(
    "lambda", 0...1, default: 0.5, "λ, the weight of the teacher in the loss")

  static let options: [any DeclaredOption] =
    [PatternChoice.option, DistillationScope.option, Truncation.option]
    + DistillationTeacher.options
    + [pool, poolLimit, temperature, lambda]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }

  static func addsParameters(_ options: ResolvedOptions) -> Bool {
    options[DistillationScope.option] == .head
  }

  static func readsWords(_ options: ResolvedOptions) -> Bool {
    options[DistillationScope.option] != .head
  }

  static func misfit(_ options: ResolvedOptions) -> String? {
    guard options[DistillationScope.option] == .head,
      options[DistillationTeacher.option] != DistillationTeacher.promptOnly
    else { return nil }
    return "an untrained head gives the same answers with demonstrations as without; use "
      + "'\(DistillationTeacher.option.name): \(DistillationTeacher.promptOnly)', or "
      + "'\(DistillationScope.option.name): \(DistillationScope.labels.rawValue)'"
  }

  private let pattern: String
  private let scope: DistillationScope
  private let teacher: DistillationTeacher
  private let usesPool: Bool
  private let poolLimit: Int
  private let temperature: Float
  private let lambda: Float

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    scope = options[DistillationScope.option]
    teacher = DistillationTeacher(options, pattern: pattern)
    usesPool = options[Self.pool] == .whole
    poolLimit = usesPool ? options[Self.poolLimit] : 0
    temperature = Float(options[Self.temperature])
    lambda = Float(options[Self.lambda])
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    let readout = try DistillationReadout(
      context, pattern: pattern, scope: scope, headPurpose: "classification head", trains: true)
    guard context.pool != nil || !usesPool else {
      throw MethodError(.needsPool(Self.pool.name), option: Self.pool.name)
    }
    let unlabelled =
      usesPool
      ? context.pool?.unlabelled(
        limit: poolLimit, seed: context.sampleSeed, purpose: "texts of distillation") ?? [] : []
    let answers = try teacher.answers(
      context, scope: scope, unlabelled: unlabelled, temperature: temperature)
    return DistillationSession(
      readout: readout, sample: context.sample, unlabelled: unlabelled, answers: answers,
      temperature: temperature, lambda: lambda)
  }
}

/// What the two distributions of a distillation are over.
enum DistillationScope: String, OptionChoice {
  case labels
  case vocabulary
  /// The classes, by fresh heads: the student's trains, the teacher's stays as it was drawn.
  case head

  static let option = MethodOption<DistillationScope>(
    LossScope.option.name, default: .vocabulary,
    "what the softmax of the loss normalizes over; 'head' for fresh heads")

  /// The words a verbalizer would normalize over; nil for heads.
  var words: LossScope? {
    switch self {
    case .labels: .labels
    case .vocabulary: .vocabulary
    case .head: nil
    }
  }
}

/// Where a student's or a teacher's answer comes from: words or a fresh head.
enum DistillationReadout {
  case words(WordReadout, LossScope)
  case head(FreshHead, PromptEncoder)

  /// Reads a model's answers in a scope.
  ///
  /// - Parameters:
  ///   - context: Of the cell.
  ///   - pattern: How an example becomes a prompt.
  ///   - scope: What the answer is a distribution over.
  ///   - headPurpose: Of the stream that fills a fresh head.
  ///   - trains: Whether a fresh head learns.
  /// - Throws: ``MethodError`` or ``TaskError`` when the pattern or the tokenizer does not fit.
  init(
    _ context: ObjectiveContext, pattern: String, scope: DistillationScope, headPurpose: String,
    trains: Bool
  ) throws {
    if let words = scope.words {
      self = .words(try WordReadout(context, pattern: pattern), words)
    } else {
      self = .head(
        FreshHead(
          .linear, classes: context.task.labels.count,
          width: context.model.description.stateWidth, dropout: 0,
          random: RandomStream(seed: context.seed, purpose: headPurpose), trains: trains,
          in: context.model.ledger),
        try PromptEncoder(context, pattern: pattern))
    }
  }

  var encoder: PromptEncoder {
    switch self {
    case .words(let readout, _): readout.encoder
    case .head(_, let encoder): encoder
    }
  }

  /// Tokens that every prompt ends in before the word that answers.
  var shared: [Int32] {
    if case .words(let readout, _) = self { readout.words.shared } else { [] }
  }

  func prompt(for example: Example) -> [Int32] {
    encoder.prompt(for: example, followedBy: shared)
  }

  /// Scores of what the answer is a distribution over, `[examples, any]`.
  func logits(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Tensor<Float> {
    switch self {
    case .words(let readout, let scope): readout.logits(hidden, over: scope, on: tape)
    case .head(let head, _): head.logits(hidden, on: tape)
    }
  }

  /// The column of ``logits(_:on:)`` for a class.
  func column(of label: Int) -> Int {
    guard case .words(let readout, .vocabulary) = self else { return label }
    return readout.words.ids[label]
  }

  func predictions(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Predictions {
    switch self {
    case .words(let readout, _): readout.predictions(hidden, on: tape)
    case .head(let head, _): Predictions(head.logits(hidden, on: tape))
    }
  }
}

/// A student, with its teacher's answers.
final class DistillationSession: ObjectiveSession {
  private let readout: DistillationReadout
  private let sample: [Example]
  private let unlabelled: [Example]
  private let answers: DistillationTeacher.Answers
  private let temperature: Float
  private let lambda: Float

  init(
    readout: DistillationReadout, sample: [Example], unlabelled: [Example],
    answers: DistillationTeacher.Answers, temperature: Float, lambda: Float
  ) {
    self.readout = readout
    self.sample = sample
    self.unlabelled = unlabelled
    self.answers = answers
    self.temperature = temperature
    self.lambda = lambda
  }

  var demonstrations: Int? { answers.shown }
  var demonstrationsOffered: Int? { answers.offered }
  var preparationTokens: Int { answers.tokens }
  var trainingExamples: [Example]? { unlabelled.isEmpty ? nil : sample + unlabelled }
  var trainable: [AdamW<Float>.Group] { head.map { AdamW.Group($0.tensor) } }

  var readsWholeVocabulary: Bool {
    if case .words(_, .vocabulary) = readout { true } else { false }
  }

  var head: [(name: String, tensor: Tensor<Float>)] {
    if case .head(let head, _) = readout { head.parameters } else { [] }
  }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    guard case .head(let head, _) = readout else {
      throw MethodError(.headDoesNotFit("the method has no head"))
    }
    if values["score.bias"] != nil { head.addBias() }
    try setTensors(values)
  }

  func prompt(for example: Example) -> TokenSequence {
    TokenSequence(readout.prompt(for: example))
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let logits = readout.logits(hidden, on: tape)
    let divergence = tape.distillation(
      logits, teacher: examples.flatMap { answers.probabilities[$0] }, temperature: temperature)
    // Only the sample's labels are known; texts of the pool have the teacher's answer alone.
    let labelled = examples.indices.filter { examples[$0] < sample.count }
    guard !labelled.isEmpty else { return [(divergence, lambda)] }
    let known =
      labelled.count == examples.count ? logits : tape.gathered(logits, rows: labelled)
    let targets = labelled.map { readout.column(of: sample[examples[$0]].label) }
    return [(divergence, lambda), (tape.crossEntropy(known, targets: targets), 1 - lambda)]
  }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    readout.predictions(hidden, on: tape)
  }
}
