import Engine

/// Trains the model to answer without demonstrations as a teacher answers with them.
///
/// Context distillation of Askell et al. 2021 (arXiv:2112.00861) and Snell et al. 2022
/// (arXiv:2209.15189): `λ T² KL(p_teacher ‖ p_student) + (1 − λ) CE` at the last token. The teacher
/// is the model as it is before training, or another checkpoint, shown other examples of the sample;
/// its answers are computed once. `teacher: prompt-only` shows none, as the code of Srinivasan et al.
/// 2024 (arXiv:2405.13181) did, whose teacher also answered with an untrained head: `over: head`.
/// With `pool: whole` the student learns the teacher's answers to texts of the training pool besides,
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
    "texts the teacher answers: the sample's, or the training pool's as well")
  static let poolLimit = MethodOption(
    "pool-limit", 0...100_000_000, default: 1000, "most texts of the pool; 0 for all",
    when: .equals(pool, .whole))
  static let temperature = MethodOption<Double>(
    "temperature", 0.01...100, default: 2, "T of both softmaxes")
  static let lambda = MethodOption(
    "lambda", 0...1, default: 0.5, "λ, the share of the teacher in the loss")

  static let options: [any DeclaredOption] =
    [PatternChoice.option, DistillationScope.option] + DistillationTeacher.options
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
    return "a head that nobody trained answers the same with demonstrations as without; use "
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
        limit: poolLimit, seed: context.seed, purpose: "texts of distillation") ?? [] : []
    let answers = try teacher.answers(
      context, scope: scope, unlabelled: unlabelled, temperature: temperature)
    return DistillationSession(
      readout: readout, sample: context.sample, unlabelled: unlabelled, answers: answers,
      temperature: temperature, lambda: lambda)
  }
}
