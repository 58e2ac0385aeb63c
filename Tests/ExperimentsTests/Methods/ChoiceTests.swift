import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Choosing settings and epochs", .serialized)
struct ChoiceTests {
  private let folder: CellFolder

  init() throws { folder = try CellFolder() }

  @Test("a grid runs every setting, and the result is that of the best on held-out examples")
  func grid() throws {
    let options: [String: OptionValue] = [
      "grid.learning-rate": .list([.number(1e-9), .number(5e-3)]),
      "grid.epochs": .list([.integer(20)]), "validation": .integer(20),
    ]
    let result = try folder.run("vanilla", options)
    let choice = try #require(result.choice)
    #expect(
      choice.candidates.map(\.setting) == [
        "epochs 20, learning-rate 1e-09", "epochs 20, learning-rate 0.005",
      ])
    let accuracies = choice.candidates.compactMap(\.accuracy)
    #expect(accuracies.count == 2)
    #expect(choice.chosen == (accuracies[1] > accuracies[0] ? 1 : 0))
    #expect(choice.heldOut == 20 && choice.evaluationSet == nil && choice.epoch == nil)
    // The chosen setting trained from the beginning, as if it had been the only one.
    let rate = [1e-9, 5e-3][try #require(choice.chosen)]
    let alone = try folder.run(
      "vanilla", ["learning-rate": .number(rate), "epochs": .integer(20)])
    #expect(result.training?.losses == alone.training?.losses)
    #expect(result.evaluations.map(\.predictions) == alone.evaluations.map(\.predictions))
    #expect(result.memory.peak == alone.memory.peak)
    #expect(result.key != alone.key)
  }

  @Test("a grid over what is not trained chooses as well")
  func promptGrid() throws {
    let result = try folder.run(
      "zero-shot", ["grid.calibration": .list(["none", "contextual", "dc-pmi"].map { .text($0) })],
      shots: 2)
    #expect(result.choice?.candidates.count == 3)
    #expect(result.training == nil)
  }

  @Test("a setting that diverges is not chosen")
  func divergence() throws {
    let result = try folder.run(
      "vanilla",
      [
        "grid.learning-rate": .list([.number(10), .number(1e-3)]), "weight-decay": .number(10),
        "clip-norm": .number(0), "epochs": .integer(60), "validation": .integer(10),
      ])
    #expect(result.status == .succeeded)
    #expect(result.choice?.candidates[0].accuracy == nil)
    #expect(result.choice?.chosen == 1)
  }

  @Test("the best epoch on held-out examples is kept, the last of equals")
  func epoch() throws {
    let options: [String: OptionValue] = [
      "selection": .text("best-held-out"), "validation": .integer(20), "epochs": .integer(12),
      "learning-rate": .number(5e-3), "schedule": .text("constant"), "warmup": .number(0),
    ]
    let result = try folder.run("vanilla", options)
    let choice = try #require(result.choice)
    #expect(choice.epochAccuracies.count == 12 && choice.heldOut == 20)
    let best = try #require(choice.epochAccuracies.max())
    let epoch = try #require(choice.epoch)
    #expect(choice.epochAccuracies[epoch - 1] == best)
    #expect(choice.epochAccuracies[epoch...].allSatisfy { $0 < best })
    // As if training had stopped there: the rate is constant.
    let stopped = try folder.run(
      "vanilla",
      [
        "epochs": .integer(epoch), "learning-rate": .number(5e-3), "schedule": .text("constant"),
        "warmup": .number(0),
      ])
    #expect(result.evaluations.map(\.predictions) == stopped.evaluations.map(\.predictions))
    #expect(result.training?.losses.count == 12)
  }

  @Test("an epoch chosen on the in-domain set says so")
  func inDomain() throws {
    let result = try folder.run(
      "lora", ["selection": .text("best-in-domain"), "epochs": .integer(4)], shots: 4)
    let choice = try #require(result.choice)
    #expect(choice.evaluationSet == "in-domain" && choice.heldOut == 0)
    let epoch = try #require(choice.epoch)
    #expect(
      result.evaluations.first { $0.set == "in-domain" }?.metrics[Metrics.accuracy]
        == choice.epochAccuracies[epoch - 1])
    #expect(try SmallRun.method("lora", ["selection": .text("best-in-domain")]).selectsInDomain)
  }

  @Test("held-out examples lie outside every sample of the seed, are balanced and stay the same")
  func heldOut() throws {
    let task = try TaskLoader(folder: folder.files.file("data")).load(.cola)
    func draw(_ shots: Int) throws -> (sample: [Int], heldOut: [Int]) {
      let labels = task.definition.labels
      let sample = try FewShotSampler.draw(
        from: task.training, labels: labels, shots: shots, per: .class, seed: 5)
      return (
        sample,
        try FewShotSampler.heldOut(
          10, from: task.training, labels: labels, outside: sample, per: .class, seed: 5)
      )
    }
    let (few, many) = (try draw(2), try draw(20))
    #expect(few.heldOut == many.heldOut && Set(few.heldOut).count == 10)
    #expect(Set(many.sample).isDisjoint(with: many.heldOut))
    #expect(few.heldOut.count { task.training[$0].label == 0 } == 5)
    let error = #expect(throws: TaskError.self) { try draw(33) }
    guard case .tooFewExamples(_, 36, 38)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("texts of the pool are neither of the sample nor held out")
  func pool() {
    let examples = SyntheticTask(length: 3).examples(20)
    let pool = TrainingPool(examples, sample: [0, 1, 2], heldOut: [19])
    let texts = pool.unlabelled(limit: 0, seed: 1, purpose: "a test")
    #expect(texts.count == 16 && pool.heldOut == [examples[19]])
    #expect(!texts.contains { [examples[0], examples[1], examples[2], examples[19]].contains($0) })
    #expect(pool.unlabelled(limit: 5, seed: 1, purpose: "a test") == Array(texts.prefix(5)))
  }
}
