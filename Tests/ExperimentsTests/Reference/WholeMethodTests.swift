import Testing

@testable import Engine
@testable import Experiments

@Suite("Methods as PyTorch computes them, from texts to answers")
struct WholeMethodTests {
  private static let models = ["gpt2", "llama"]
  private let fixture: WholeFixture

  init() throws { fixture = try WholeFixture.read() }

  private func answers(_ run: MethodRun) -> [[Double]] {
    let flat = run.evaluator.predictions(for: fixture.evaluation.map(\.example)).predictions
      .probabilities
    return stride(from: 0, to: flat.count, by: 2).map { [Double(flat[$0]), Double(flat[$0 + 1])] }
  }

  private func expectEqual(_ found: [[Double]], _ recorded: [[Double]]) {
    #expect(found.count == recorded.count)
    for (a, b) in zip(found.joined(), recorded.joined()) { #expect(abs(a - b) < 1e-4) }
  }

  private func expectSame(_ run: MethodRun, as course: WholeFixture.Course) throws {
    let outcome = try #require(run.train { _ in })
    #expect(outcome.losses.count == course.losses.count)
    for (a, b) in zip(outcome.losses, course.losses) { #expect(abs(a - b) < 2e-4 * b) }
    expectEqual(answers(run), course.answers)
  }

  @Test("in-context learning, with every calibration", arguments: models, Calibration.allCases)
  func prompting(model: String, calibration: Calibration) throws {
    let run = try fixture.run(
      "icl", on: model, ["calibration": .text(calibration.rawValue)])
    let recorded = try #require(fixture.model(model)?.prompting[calibration.rawValue])
    expectEqual(answers(run), recorded)
    #expect(run.session.demonstrationsOffered == 8)
    #expect(try #require(run.session.demonstrations) < 8)
  }

  @Test("pattern-based fine-tuning", arguments: models)
  func verbalizer(model: String) throws {
    let recorded = try #require(fixture.model(model)?.verbalizer)
    try expectSame(fixture.run("pbft", on: model, fixture.training), as: recorded)
  }

  @Test(
    "context distillation: from itself, from another model, on unlabelled texts", arguments: models)
  func distillation(model: String) throws {
    let recorded = try #require(fixture.model(model))
    let options = fixture.training.merging([
      "temperature": .number(fixture.temperature), "lambda": .number(fixture.teacherShare),
    ]) { $1 }
    func run(
      _ more: [String: OptionValue] = [:], teacher: String? = nil
    ) throws -> MethodRun {
      try fixture.run(
        "context-distillation", on: model, options.merging(more) { $1 }, teacher: teacher)
    }
    try expectSame(run(), as: recorded.distillation)
    try expectSame(
      run(["teacher": .text("elsewhere")], teacher: recorded.teacher), as: recorded.otherTeacher)
    try expectSame(run(["pool": .text("whole")]), as: recorded.wholePool)
  }

  @Test("continued pre-training, then pattern-based fine-tuning", arguments: models)
  func preparation(model: String) throws {
    let recorded = try #require(fixture.model(model)?.pretraining)
    let run = try fixture.run(
      "pbft", on: model,
      fixture.training.merging([
        "tapt-epochs": .integer(fixture.preparationEpochs),
        "tapt-learning-rate": .number(fixture.preparationRate),
      ]) { $1 })
    let preparation = try #require(run.preparation)
    #expect(preparation.texts == fixture.pool.count)
    for (a, b) in zip(preparation.losses, try #require(recorded.preparation)) {
      #expect(abs(a - b) < 2e-4 * b)
    }
    try expectSame(run, as: recorded)
  }

  @Test("a trained probe is logistic regression on the model's states", arguments: models)
  func probe(model: String) throws {
    let recorded = try #require(fixture.model(model)?.linearProbe)
    let run = try fixture.run(
      "vanilla", on: model, fixture.training.merging(["adaptation": .text("probe")]) { $1 })
    try setHead(of: run, recorded)
    try expectSame(run, as: recorded)
  }

  @Test("a head of two layers", arguments: models)
  func mlp(model: String) throws {
    let recorded = try #require(fixture.model(model)?.mlpHead)
    let run = try fixture.run(
      "vanilla", on: model,
      fixture.training.merging(["head": .text("mlp"), "head-dropout": .number(0)]) { $1 })
    try setHead(of: run, recorded)
    try expectSame(run, as: recorded)
  }

  private func setHead(of run: MethodRun, _ course: WholeFixture.Course) throws {
    let names = [
      "weight": "score.weight", "bias": "score.bias", "inner": "score.dense.weight",
      "inner_bias": "score.dense.bias",
    ]
    let values = try #require(course.head)
    var matrices: [String: Adapter.Matrix] = [:]
    for (name, tensor) in run.session.head {
      let recorded = try #require(names.first { $0.value == name }.flatMap { values[$0.key] })
      matrices[name] = Adapter.Matrix(
        rows: tensor.rows, columns: tensor.columns, values: recorded)
    }
    try run.session.setHead(matrices)
  }
}
