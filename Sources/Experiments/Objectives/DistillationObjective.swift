import Engine

/// Trains the model to answer without demonstrations as it answers with them.
///
/// Context distillation of Askell et al. 2021 (arXiv:2112.00861) and Snell et al. 2022
/// (arXiv:2209.15189): `λ T² KL(p_teacher ‖ p_student) + (1 − λ) CE` at the last token. The teacher
/// is the same model before training, shown the other examples of the sample; its answers are
/// computed once. `teacher: prompt-only` shows none, as the code of Srinivasan et al. 2024 did.
struct DistillationObjective: Objective {
  static let name = "distillation"
  static let isTrained = true
  static let options = [
    PatternChoice.specification, LossScope.specification,
    OptionSpecification(
      "teacher", .choice(["demonstrations", "prompt-only"]), default: .text("demonstrations"),
      "what the teacher sees before the prompt"),
    OptionSpecification(
      "teacher-demonstrations", .integer(1...1_000_000), default: .integer(16),
      "most demonstrations the teacher sees, as far as they fit"),
    OptionSpecification(
      "temperature", .number(0.01...100), default: .number(2), "T of both softmaxes"),
    OptionSpecification(
      "lambda", .number(0...1), default: .number(0.5), "λ, the share of the teacher in the loss"),
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }

  private let pattern: String
  private let scope: LossScope
  private let limit: Int
  private let temperature: Float
  private let lambda: Float

  init(_ options: ResolvedOptions) {
    pattern = options.text("pattern")
    scope = LossScope(options)
    limit =
      options.text("teacher") == "demonstrations" ? options.integer("teacher-demonstrations") : 0
    temperature = Float(options.number("temperature"))
    lambda = Float(options.number("lambda"))
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    let readout = try WordReadout(context, pattern: pattern)
    let teacher = Teacher(context, readout: readout, scope: scope, limit: limit)
    return DistillationSession(
      readout: readout, scope: scope, targets: context.sample.map(\.label),
      teacher: teacher.probabilities(temperature: temperature),
      temperature: temperature, lambda: lambda, demonstrations: limit == 0 ? nil : teacher.shown,
      preparationTokens: teacher.tokens)
  }
}

/// The model before training, shown demonstrations.
private struct Teacher {
  /// Teacher prompts scored together.
  private static let promptsAtOnce = 8

  private var logits: [Float] = []
  private var columns = 0
  /// The fewest demonstrations any prompt had room for.
  private(set) var shown = 0
  /// Tokens of all its prompts.
  private(set) var tokens = 0

  init(_ context: ObjectiveContext, readout: WordReadout, scope: LossScope, limit: Int) {
    let model = context.model
    let positions = context.maximumTokens
    var fewest = Int.max
    var prompts: [[Int32]] = []
    for (index, example) in context.sample.enumerated() {
      // Starting behind the example itself gives every teacher prompt other demonstrations.
      let others = (1..<max(1, context.sample.count)).map {
        context.sample[(index + $0) % context.sample.count]
      }
      let prompt = readout.encoder.prompt(
        for: example, special: false, followedBy: readout.words.shared, limit: positions / 2)
      let before = Demonstrations(
        others, limit: limit, room: positions - prompt.count, encoder: readout.encoder)
      fewest = min(fewest, before.count)
      prompts.append(
        before.count == 0 ? readout.prompt(for: example) : before.tokens + prompt)
    }
    shown = fewest == .max ? 0 : fewest
    tokens = prompts.reduce(0) { $0 + $1.count }
    for start in stride(from: 0, to: prompts.count, by: Self.promptsAtOnce) {
      let tape = Tape<Float>(ledger: model.ledger)
      let batch = PackedBatch(
        Array(prompts[start..<min(start + Self.promptsAtOnce, prompts.count)]))
      let scores = readout.logits(
        model.hiddenStates(batch, .lastTokens, on: tape), over: scope, on: tape)
      columns = scores.columns
      logits += scores.values
    }
  }

  /// One row of probabilities an example.
  func probabilities(temperature: Float) -> [[Float]] {
    let flat = Probabilities.softmax(logits, columns: columns, temperature: temperature)
    return stride(from: 0, to: flat.count, by: max(1, columns)).map {
      Array(flat[$0..<($0 + columns)])
    }
  }
}

private final class DistillationSession: ObjectiveSession {
  private let readout: WordReadout
  private let scope: LossScope
  private let targets: [Int]
  private let teacher: [[Float]]
  private let temperature: Float
  private let lambda: Float
  let demonstrations: Int?
  let preparationTokens: Int

  init(
    readout: WordReadout, scope: LossScope, targets: [Int], teacher: [[Float]],
    temperature: Float, lambda: Float, demonstrations: Int?, preparationTokens: Int
  ) {
    self.readout = readout
    self.scope = scope
    self.targets = targets
    self.teacher = teacher
    self.temperature = temperature
    self.lambda = lambda
    self.demonstrations = demonstrations
    self.preparationTokens = preparationTokens
  }

  func prompt(for example: Example) -> [Int32] { readout.prompt(for: example) }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let logits = readout.logits(hidden, over: scope, on: tape)
    let classes = examples.map { targets[$0] }
    let words = scope == .labels ? classes : classes.map { readout.words.ids[$0] }
    return [
      (
        tape.distillation(
          logits, teacher: examples.flatMap { teacher[$0] }, temperature: temperature), lambda
      ),
      (tape.crossEntropy(logits, targets: words), 1 - lambda),
    ]
  }

  func predictions(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Predictions {
    readout.predictions(hidden, on: tape)
  }
}
