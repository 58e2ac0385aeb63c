import Testing

@testable import Engine
@testable import Experiments

@Suite("Continued pre-training and teachers", .serialized)
struct PreparationTests {
  private let folder: CellFolder

  init() throws { folder = try CellFolder() }

  @Test("lowers the loss of the next word, and the result counts it")
  func lowersLoss() throws {
    let result = try folder.run(
      "lora",
      [
        "tapt-epochs": .integer(4), "tapt-texts": .integer(30),
        "tapt-learning-rate": .number(1e-2), "epochs": .integer(2),
      ], shots: 4)
    let preparation = try #require(result.preparation)
    #expect(preparation.texts == 30 && preparation.steps == 4)
    #expect(preparation.losses[3] < preparation.losses[0] - 0.2)
    let training = try #require(result.training)
    #expect(training.steps == 2 && training.tokens > preparation.tokens)
  }

  @Test("comes before prompting as well, which then depends on the seed")
  func prompting() throws {
    let options: [String: OptionValue] = [
      "tapt-epochs": .integer(1), "tapt-source": .text("sample"),
    ]
    let method = try MethodCatalog.builtin.method(
      "zero-shot", name: "zero-shot", overrides: options, task: .cola)
    #expect(method.usesSample && !method.trains)
    let result = try folder.run("zero-shot", options, shots: 3)
    #expect(result.preparation?.texts == 6)
    #expect(result.training?.steps == 1)
    #expect((result.training?.trainableParameters ?? 0) > 0)
  }

  @Test("a loss that is not a number ends it, with its step")
  func diverges() throws {
    let result = try folder.run(
      "vanilla",
      ["tapt-epochs": .integer(50), "tapt-learning-rate": .number(10), "tapt-texts": .integer(32)])
    guard case .diverged(let step) = result.status else {
      // The engine survives large rates where normalization scales everything back.
      #expect(result.status == .succeeded)
      return
    }
    #expect(step > 1 && result.evaluations.isEmpty)
  }

  @Test("another checkpoint teaches; its fingerprint is in the key, its name is not")
  func otherTeacher() throws {
    let options: [String: OptionValue] = [
      "teacher": .text("elsewhere"), "epochs": .integer(3), "learning-rate": .number(1e-2),
    ]
    #expect(throws: MethodError.self) { try folder.cell("context-distillation", options) }
    let (one, same, other) = (
      try folder.teacher(seed: 2, "teacher"), try folder.teacher(seed: 2, "copy"),
      try folder.teacher(seed: 3, "other")
    )
    func cell(_ teacher: TeacherCheckpoint) throws -> Cell {
      try folder.cell("context-distillation", options, teachers: ["elsewhere": teacher])
    }
    #expect(try cell(one).key == cell(same).key)
    #expect(try cell(one).key != cell(other).key)
    let result = try CellRunner().run(cell(one)) { _, _ in }
    #expect(result.status == .succeeded)
    let itself = try folder.run(
      "context-distillation", ["epochs": .integer(3), "learning-rate": .number(1e-2)])
    #expect(result.training?.losses != itself.training?.losses)
    #expect(result.memory.weights > 0)
  }
}
