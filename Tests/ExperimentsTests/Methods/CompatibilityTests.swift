import Testing

@testable import Engine
@testable import Experiments

@Suite("The settings of published studies")
struct CompatibilityTests {
  private func method(
    _ preset: String, _ study: Compatibility, _ more: [String: OptionValue] = [:]
  ) throws -> Method {
    try MethodCatalog.builtin.method(
      preset, name: preset,
      overrides: ["compat": .text(study.rawValue)].merging(more) { $1 }, task: .cola)
  }

  @Test(
    "the paper of 2024 trains everything alike",
    arguments: ["vanilla", "pbft", "pbft-head", "adaptive", "lora", "context-distillation"])
  func paper(preset: String) throws {
    let method = try method(preset, .paper2024)
    let training = TrainingOptions(method.options)
    #expect(training.learningRate == 1e-5 && training.epochs == 40 && training.batchSize == 32)
    #expect(training.warmup == 0.1 && training.decay == .linear && training.weightDecay == 0)
    #expect(method.compatibility == .paper2024)
    #expect(method.options.values["compat"] == nil)
  }

  @Test("the paper's PBFT is a fresh head behind its pattern")
  func paperPattern() throws {
    let method = try method("pbft", .paper2024)
    #expect(method.objective == HeadObjective.name)
    #expect(method.options.values["pattern"] == .text("paper-2024"))
    let catalog = MethodCatalog.builtin
    let asked: [String: OptionValue] = ["compat": .text("paper-2024")]
    #expect(try !catalog.readsTaskPattern("pbft", overrides: asked))
    #expect(try catalog.readsTaskPattern("pbft", overrides: [:]))
    #expect(try catalog.readsTaskPattern("lora", overrides: ["compat": .text("llmft")]))
  }

  @Test("the paper's layers learn at one rate, and the embeddings with them")
  func paperLayers() throws {
    let values = try method("adaptive", .paper2024).options.values
    #expect(values["layer-decay"] == .number(1) && values["embeddings"] == .flag(true))
    let ours = try MethodCatalog.builtin.method(
      "adaptive", name: "adaptive", overrides: [:], task: .cola
    ).options.values
    #expect(ours["layer-decay"] == .number(0.95) && ours["embeddings"] == .flag(false))
  }

  @Test("the paper's teacher has a pattern, no demonstrations and an untrained head")
  func paperTeacher() throws {
    let method = try SmallRun.method(
      "context-distillation",
      [
        "compat": .text("paper-2024"), "teacher-pattern": .text("words"), "epochs": .integer(2),
        "lambda": .number(1), "learning-rate": .number(1e-2),
      ])
    #expect(method.options.values["teacher"] == .text("prompt-only"))
    let run = try SmallRun.bind(method)
    #expect(run.session.demonstrations == nil)
    #expect(run.session.head.map(\.name) == ["score.weight"])
    let outcome = try #require(run.train { _ in })
    // What such a teacher teaches is noise around even odds.
    #expect(outcome.losses[0] < 0.1)
  }

  @Test("llmft has a deeper head, a constant rate and label words for LoRA")
  func llmft() throws {
    let vanilla = try method("vanilla", .llmft)
    #expect(vanilla.options.values["head"] == .text("mlp"))
    #expect(TrainingOptions(vanilla.options).decay == .constant)
    let words = try method("pbft", .llmft)
    #expect(words.options.values["over"] == .text("vocabulary"))
    let lora = try method("lora", .llmft)
    #expect(lora.objective == VerbalizerObjective.name)
    #expect(lora.options.values["pattern"] == .text(TaskDefinition.cola.defaultPattern))
    let training = TrainingOptions(lora.options)
    #expect(training.learningRate == 2e-4 && training.epochs == 80)
  }

  @Test("what a source says itself wins over the study")
  func overridden() throws {
    let method = try method("lora", .paper2024, ["learning-rate": .number(1e-3)])
    #expect(TrainingOptions(method.options).learningRate == 1e-3)
    #expect(try self.method("vanilla", .none) == SmallRun.cola("vanilla"))
  }
}

extension SmallRun {
  fileprivate static func cola(_ preset: String) throws -> Method {
    try MethodCatalog.builtin.method(preset, name: preset, overrides: [:], task: .cola)
  }
}
