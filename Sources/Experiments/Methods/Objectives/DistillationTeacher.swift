import Engine

/// Who teaches in a distillation, and what it sees before it answers.
package struct DistillationTeacher {
  /// The model itself, shown demonstrations.
  static let same = "same"
  /// The model itself, shown none.
  static let promptOnly = "prompt-only"
  /// A recipe's value for a checkpoint, whose fingerprint is in the recipe as well.
  static let checkpoint = "checkpoint"
  /// Values of the option that name no other checkpoint.
  static let ownModel = [same, promptOnly]
  /// Means the student's pattern.
  static let studentPattern = "student"

  package static let option = MethodOption(
    "teacher", default: same,
    "'same' (with demonstrations), 'prompt-only', or the folder of another checkpoint")
  static let demonstrations = MethodOption(
    "teacher-demonstrations", 0...1_000_000, default: 16,
    "most demonstrations the teacher sees, if they fit",
    when: .differs(option, promptOnly))
  static let pattern = MethodOption(
    "teacher-pattern", default: studentPattern,
    "how an example becomes the teacher's prompt; 'student' for the student's pattern")

  static let options: [any DeclaredOption] = [option, demonstrations, pattern]

  private let pattern: String
  private let limit: Int
  private let isCheckpoint: Bool

  init(_ options: ResolvedOptions, pattern studentPattern: String) {
    let name = options[Self.option]
    let own = options[Self.pattern]
    pattern = own == Self.studentPattern ? studentPattern : own
    limit = name == Self.promptOnly ? 0 : options[Self.demonstrations]
    isCheckpoint = !Self.ownModel.contains(name)
  }

  /// The teacher's answers.
  struct Answers {
    /// A row of probabilities for each example of the sample and each unlabelled text.
    var probabilities: [[Float]] = []
    /// The fewest demonstrations that any of its prompts had room for; nil where it sees none.
    var shown: Int?
    /// The most there were to show.
    var offered: Int?
    /// Tokens of all its prompts.
    var tokens = 0
  }

  /// Has the teacher answer every example of the sample and every unlabelled text.
  ///
  /// - Parameters:
  ///   - context: The student's model before training, and its examples.
  ///   - scope: What the answers are distributions over.
  ///   - unlabelled: Texts of the pool.
  ///   - temperature: T.
  /// - Returns: Probabilities at that temperature.
  /// - Throws: ``MethodError`` when a checkpoint does not fit the student.
  func answers(
    _ context: ObjectiveContext, scope: DistillationScope, unlabelled: [Example],
    temperature: Float
  ) throws -> Answers {
    let classroom = try classroom(context)
    let readout = try DistillationReadout(
      classroom, pattern: pattern, scope: scope, headPurpose: "teacher's untrained head",
      trains: false)
    let reading = TeacherReading(classroom, readout: readout, limit: limit)
    let (sample, fewest) = reading.sampleLogits()
    let others = reading.logits(of: unlabelled)
    var answers = Answers(tokens: sample.tokens + others.tokens)
    if limit > 0 {
      answers.shown = fewest
      answers.offered = min(limit, max(0, context.sample.count - 1))
    }
    let columns = max(1, sample.columns)
    let flat = Probabilities.softmax(
      sample.values + others.values, columns: columns, temperature: temperature)
    answers.probabilities = stride(from: 0, to: flat.count, by: columns).map {
      Array(flat[$0..<($0 + columns)])
    }
    return answers
  }

  /// The cell as the teacher sees it: with a model of its own where it is another checkpoint.
  private func classroom(_ context: ObjectiveContext) throws -> ObjectiveContext {
    guard isCheckpoint else { return context }
    guard let source = context.teacher else {
      throw MethodError(.missingTeacher(Self.checkpoint), option: Self.option.name)
    }
    let texts = try context.sample.map(context.task.pattern(named: pattern).text(for:))
    let why =
      source.description.misfitAsTeacher(of: context.model.description)
      ?? TeacherSource.misfit(source.tokenizer, context.tokenizer, texts: texts)
    if let why {
      throw MethodError(.teacherMismatch(teacher: source.name, why: why), option: Self.option.name)
    }
    let model = try source.load(context.model.ledger)
    model.setTrainable(false)
    return ObjectiveContext(
      model: model, tokenizer: source.tokenizer, task: context.task, sample: context.sample,
      seed: context.seed, sampleSeed: context.sampleSeed, reservedPositions: 0)
  }
}

/// A teacher that reads prompts after demonstrations.
struct TeacherReading {
  /// Prompts with demonstrations of their own that are scored together.
  private static let promptsAtOnce = 8

  private let context: ObjectiveContext
  private let readout: DistillationReadout
  /// Most demonstrations before a prompt.
  private let limit: Int

  /// Scores of answers, row-major, and what was read for them.
  struct Logits {
    var values: [Float] = []
    var columns = 0
    var tokens = 0
  }

  init(_ context: ObjectiveContext, readout: DistillationReadout, limit: Int) {
    self.context = context
    self.readout = readout
    self.limit = limit
  }

  /// Answers to the sample's examples, each after demonstrations from the others.
  ///
  /// - Returns: Scores, and the fewest demonstrations that fitted.
  func sampleLogits() -> (logits: Logits, fewest: Int) {
    var fewest = limit == 0 || context.sample.isEmpty ? 0 : Int.max
    let prompts = context.sample.enumerated().map { index, example -> [Int32] in
      guard limit > 0 else { return readout.prompt(for: example) }
      // Starting after the example itself gives every prompt different demonstrations.
      let others = (1..<max(1, context.sample.count)).map {
        context.sample[(index + $0) % context.sample.count]
      }
      let prompt = followingPrompt(for: example, limit: context.maximumTokens / 2)
      let before = Demonstrations(
        others, limit: limit, room: context.maximumTokens - prompt.count,
        encoder: readout.encoder)
      fewest = min(fewest, before.count)
      return before.count == 0 ? readout.prompt(for: example) : before.tokens + prompt
    }
    var logits = Logits()
    for start in stride(from: 0, to: prompts.count, by: Self.promptsAtOnce) {
      read(
        Array(prompts[start..<min(start + Self.promptsAtOnce, prompts.count)]), cache: nil,
        into: &logits)
    }
    return (logits, fewest)
  }

  /// Answers to other examples, all after the same demonstrations, which are read once.
  func logits(of examples: [Example]) -> Logits {
    var logits = Logits()
    guard !examples.isEmpty else { return logits }
    let shown = Demonstrations(
      context.sample, limit: limit, room: context.demonstrationRoom, encoder: readout.encoder)
    let cache = shown.read(by: context.model)
    logits.tokens = shown.tokens.count
    var pending: [[Int32]] = []
    var waiting = 0
    for example in examples {
      let prompt =
        shown.count == 0
        ? readout.prompt(for: example)
        : followingPrompt(
          for: example, limit: context.maximumTokens - shown.tokens.count)
      if waiting + prompt.count > ObjectiveContext.tokensAtOnce, !pending.isEmpty {
        read(pending, cache: cache, into: &logits)
        (pending, waiting) = ([], 0)
      }
      pending.append(prompt)
      waiting += prompt.count
    }
    read(pending, cache: cache, into: &logits)
    return logits
  }

  /// A prompt without the special tokens that precede its demonstrations.
  private func followingPrompt(for example: Example, limit: Int) -> [Int32] {
    readout.encoder.prompt(
      for: example, special: false, followedBy: readout.shared, limit: limit)
  }

  private func read(
    _ prompts: [[Int32]], cache: KeyValueCache<Float>?, into logits: inout Logits
  ) {
    let model = context.model
    let tape = Tape<Float>(ledger: model.ledger)
    let scores = readout.logits(
      model.hiddenStates(
        PackedBatch(prompts), model.summarySelection, cache: cache, on: tape), on: tape)
    logits.values += scores.values
    logits.columns = scores.columns
    logits.tokens += prompts.reduce(0) { $0 + $1.count }
  }
}
