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
  static let options =
    [PatternChoice.specification, DistillationScope.specification]
    + DistillationTeacher.specifications + [
      OptionSpecification(
        "pool", .choice(["few-shot", "whole"]), default: .text("few-shot"),
        "texts the teacher answers: the sample's, or the training pool's as well"),
      OptionSpecification(
        "pool-limit", .integer(0...100_000_000), default: .integer(1000),
        "most texts of the pool; 0 for all", when: .equals("pool", .text("whole"))),
      OptionSpecification(
        "temperature", .number(0.01...100), default: .number(2), "T of both softmaxes"),
      OptionSpecification(
        "lambda", .number(0...1), default: .number(0.5),
        "λ, the share of the teacher in the loss"),
    ]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }

  static func addsParameters(_ options: ResolvedOptions) -> Bool {
    DistillationScope(options) == .head
  }

  static func readsWords(_ options: ResolvedOptions) -> Bool {
    DistillationScope(options) != .head
  }

  static func misfit(_ options: ResolvedOptions) -> String? {
    guard DistillationScope(options) == .head,
      options.text(DistillationTeacher.optionName) != DistillationTeacher.promptOnly
    else { return nil }
    return "a head that nobody trained answers the same with demonstrations as without; use "
      + "'teacher: \(DistillationTeacher.promptOnly)', or 'over: labels'"
  }

  private let pattern: String
  private let scope: DistillationScope
  private let teacher: DistillationTeacher
  private let usesPool: Bool
  private let poolLimit: Int
  private let temperature: Float
  private let lambda: Float

  init(_ options: ResolvedOptions) {
    pattern = options.text("pattern")
    scope = DistillationScope(options)
    teacher = DistillationTeacher(options, pattern: pattern)
    usesPool = options.text("pool") == "whole"
    poolLimit = usesPool ? options.integer("pool-limit") : 0
    temperature = Float(options.number("temperature"))
    lambda = Float(options.number("lambda"))
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    let readout = try DistillationReadout(
      context, pattern: pattern, scope: scope, headPurpose: "classification head", trains: true)
    guard context.pool != nil || !usesPool else {
      throw MethodError(.needsPool("pool"), option: "pool")
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
