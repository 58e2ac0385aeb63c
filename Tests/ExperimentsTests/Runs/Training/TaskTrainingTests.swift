import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

/// Trainings outside a report on the examples of a task.
@Suite("Training on a task") struct TaskTrainingTests {
  private let cells: CellFolder

  init() throws { cells = try CellFolder() }

  private func request(
    _ method: String, shots: Int?, per counting: ShotCounting = .class, seed: Int = 0,
    settings: [String] = [], readsModel: Bool = true
  ) -> TrainingRequest {
    var request = TrainingRequest(
      model: readsModel ? cells.files.file("model") : nil, modelName: readsModel ? "model" : nil,
      method: method, training: "cola", version: "test")
    request.task = TaskSample(.cola, in: cells.files.file("data"), shots: shots, per: counting)
    request.settings = settings
    request.seed = UInt64(seed)
    return request
  }

  @Test(
    "has the bits of a report's cell, and what is saved answers as the cell did",
    arguments: [
      ("vanilla", ["epochs=2"]), ("pbft", ["epochs=2"]), ("lora", ["epochs=2", "rank=2"]),
      ("vanilla", ["epochs=2", "selection=best-held-out", "validation=4"]),
      ("linear-probe", []), ("icl", []), ("prompted-probe", []),
    ] as [(String, [String])])
  func cellBits(preset: String, settings: [String]) throws {
    let options = try [String: OptionValue](parsing: settings)
    let result = try cells.run(preset, options, shots: 4, seed: 3)
    var request = request(preset, shots: 4, seed: 3, settings: settings)
    let saved = cells.files.file("saved")
    request.destination = saved
    let report = try MethodTraining(request).run { _ in }
    #expect(report.training.losses == (result.training?.losses ?? []))
    #expect(report.training.accuracy == result.training?.accuracy)
    for evaluation in report.evaluations {
      let own = result.evaluations.first { $0.set == evaluation.file }
      #expect(evaluation.metrics == own?.metrics, "\(evaluation.file)")
    }
    #expect(report.evaluations.count == result.evaluations.count)
    let task = try TaskLoader(folder: cells.files.file("data")).load(.cola)
    let set = try #require(task.evaluations.first)
    let classifier = try TrainedClassifier(saved)
    #expect(classifier.labels == TaskDefinition.cola.labels)
    let answers = classifier.answers(to: set.examples.map(\.fields)).map(\.label)
    let stored = try #require(result.evaluations.first { $0.set == set.name }?.predictions)
    #expect(answers == stored.map { TaskDefinition.cola.labels[Int($0)] })
  }

  @Test(
    "methods that read the texts alone are saved and answer too",
    arguments: ["majority", "tfidf", "nb-svm"])
  func textsAlone(preset: String) throws {
    let result = try cells.run(preset, shots: 4, seed: 3)
    var request = request(preset, shots: 4, seed: 3, readsModel: false)
    let saved = cells.files.file("saved")
    request.destination = saved
    let report = try TextTraining(request).run()
    #expect(report.training.losses == result.training?.losses)
    #expect(report.evaluations.map(\.metrics) == result.evaluations.map(\.metrics))
    let task = try TaskLoader(folder: cells.files.file("data")).load(.cola)
    let set = try #require(task.evaluations.first)
    let classifier = try TrainedClassifier(saved)
    let answers = classifier.answers(to: set.examples.map(\.fields))
    let stored = try #require(result.evaluations.first { $0.set == set.name }?.predictions)
    #expect(answers.map(\.label) == stored.map { TaskDefinition.cola.labels[Int($0)] })
    #expect(classifier.probabilityLabels.isEmpty == (preset == "nb-svm"))
    #expect(answers.allSatisfy { $0.probabilities.count == classifier.probabilityLabels.count })
  }

  @Test("without a number the whole pool is trained on, in the order of natural samples")
  func all() throws {
    let training = try MethodTraining(request("vanilla", shots: nil, settings: ["epochs=1"]))
    let pool = try TaskLoader(folder: cells.files.file("data")).load(.cola, sets: []).training
    #expect(training.files.training.count == pool.count)
    let cell = try cells.cell(
      "vanilla", ["epochs": .integer(1)], shots: pool.count,
      taskOptions: TaskOptions(counting: .natural))
    let result = try CellRunner().run(cell) { _, _ in }
    let report = try training.run { _ in }
    #expect(report.training.accuracy == result.training?.accuracy)
    #expect(report.evaluations.map(\.metrics) == result.evaluations.map(\.metrics))
  }

  @Test("an option that would have no effect is a mistake")
  func unused() throws {
    let error = #expect(throws: TrainingError.self) {
      try TextTraining(request("tfidf", shots: 4))
    }
    #expect(error?.message == "method 'tfidf' reads the texts alone, so --model has no effect")
    let missing = #expect(throws: TrainingError.self) {
      try MethodTraining(request("vanilla", shots: 4, readsModel: false))
    }
    #expect(missing?.message == "method 'vanilla' needs a model")
  }
}
