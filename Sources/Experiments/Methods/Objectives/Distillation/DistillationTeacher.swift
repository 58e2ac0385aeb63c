import Engine

/// Who teaches in a distillation, and what it sees before it answers.
package struct DistillationTeacher {
  /// The model itself, shown demonstrations.
  static let same = "same"
  /// The model itself, shown none.
  static let promptOnly = "prompt-only"
  /// Stands in a recipe for a checkpoint, whose fingerprint is there as well.
  static let checkpoint = "checkpoint"
  /// Values of the option that name no other checkpoint.
  static let ownModel = [same, promptOnly]
  /// Stands for the pattern of the student.
  static let studentPattern = "student"

  package static let option = MethodOption(
    "teacher", default: same,
    "'same' (with demonstrations), 'prompt-only', or the folder of another checkpoint")
  static let demonstrations = MethodOption(
    "teacher-demonstrations", 0...1_000_000, default: 16,
    "most demonstrations the teacher sees, as far as they fit",
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

  /// What the teacher said.
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
  ///   - context: The student's model, as yet unchanged, and what it is asked about.
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
      seed: context.seed, reservedPositions: 0)
  }
}
