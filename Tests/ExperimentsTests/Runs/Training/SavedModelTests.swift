import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("A trained model, saved and opened again")
struct SavedModelTests {
  /// A method with settings that let it move in two epochs, and how it is kept.
  static let methods: [(name: String, settings: [String], kind: SavedRecord.Kind)] = [
    ("vanilla", ["lr=1e-2"], .model), ("pbft", ["lr=1e-2"], .model),
    ("adaptive", ["lr=1e-2"], .model),
    ("context-distillation", ["lr=1e-2"], .model), ("lora", ["lr=1e-1"], .adapter),
    ("lora", ["lr=1e-1", "objective=verbalizer"], .adapter), ("dora", ["lr=1e-1"], .adapter),
    ("rslora", ["lr=1e-1", "rank=4"], .adapter), ("qlora", ["lr=1e-1"], .adapter),
    ("ia3", ["lr=1e-1"], .adapter), ("prompt-tuning", ["virtual-tokens=3"], .adapter),
    ("prefix-tuning", ["virtual-tokens=3"], .adapter),
    ("adapter-houlsby", ["lr=1e-1", "size=4"], .additions),
    ("adapter-pfeiffer", ["lr=1e-1", "size=4"], .additions), ("icl", [], .untouched),
    ("icl", ["calibration=contextual"], .untouched), ("icl", ["calibration=channel"], .untouched),
    ("zero-shot", [], .untouched), ("zero-shot", ["tapt-epochs=1"], .untouched),
    ("bitfit", ["lr=1e-1"], .model), ("bitfit", ["lr=1e-1", "base=int8"], .additions),
    ("vanilla", ["adaptation=probe", "lr=1e-1", "epochs=2", "base=int8"], .untouched),
    ("linear-probe", [], .untouched), ("linear-probe", ["layer=best", "base=int8"], .untouched),
    ("nearest-mean", ["pool=mean"], .untouched), ("prompted-probe", [], .untouched),
    ("vanilla", ["adaptation=probe", "lr=1e-1"], .model),
    ("tapt", ["lr=1e-2", "tapt-epochs=1"], .model),
    ("lora", ["lr=1e-1", "tapt-epochs=1"], .adapter),
    ("vanilla", ["lr=1e-2", "selection=best-held-out", "validation=2"], .model),
    ("vanilla", ["lr=1e-2", "head=mlp"], .model),
    ("context-distillation", ["lr=1e-2", "over=head", "teacher=prompt-only"], .model),
    ("setfit", ["lr=1e-2", "pool=mean"], .model),
    ("setfit", ["lr=1e-1", "adaptation=lora"], .adapter),
  ]

  @Test("answers as it did before it was saved", arguments: methods.indices)
  func sameAnswers(index: Int) throws {
    let (name, settings, kind) = Self.methods[index]
    let folder = try TrainingFolder()
    if name == "bitfit" {
      try ModelFixture.write(to: folder.files.file("model"), attentionBias: true)
    }
    var request = folder.request(
      name, settings + (kind == .untouched ? [] : ["epochs=2", "batch=3"]))
    request.destination = folder.files.file("saved")
    let training = try MethodTraining(request)
    let (report, run) = try training.trained { _ in }
    try training.save(run, report: report, to: folder.files.file("saved"))

    let texts = try folder.texts()
    let before = run.evaluator.predictions(
      for: texts.map { Example(fields: $0, label: 0) }
    ).predictions
    let saved = folder.files.file("saved")
    #expect(try SavedFolder(saved).readRecord().kind == kind)
    let classifier = try TrainedClassifier(saved)
    let after = classifier.answers(to: texts)
    #expect(after.map(\.label) == before.classes.map { ["bad", "good"][Int($0)] })
    for (found, expected) in zip(after.flatMap(\.probabilities), before.probabilities) {
      #expect(abs(found - expected) < 1e-5)
    }
    #expect(after.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
  }

  @Test("what was trained is not what was there before")
  func changed() throws {
    let folder = try TrainingFolder()
    var answers: [[Float]] = []
    for epochs in [1, 6] {
      var request = folder.request("vanilla", ["lr=1e-2", "epochs=\(epochs)"])
      request.destination = folder.files.file("saved-\(epochs)")
      let report = try MethodTraining(request).run { _ in }
      #expect(report.saved == folder.path("saved-\(epochs)"))
      answers.append(
        try TrainedClassifier(folder.files.file("saved-\(epochs)")).answers(to: folder.texts())
          .flatMap(\.probabilities))
    }
    #expect(answers[0] != answers[1])
  }

  @Test("training continues from a saved adapter and its head")
  func goOn() throws {
    let folder = try TrainingFolder()
    var first = folder.request("lora", ["lr=1e-2", "rank=4", "dropout=0", "epochs=3"])
    first.destination = folder.files.file("first")
    let begun = try MethodTraining(first).run { _ in }
    var second = folder.request("lora", ["lr=1e-2", "dropout=0", "epochs=1", "warmup=0"])
    second.start = [folder.path("first")]
    let training = try MethodTraining(second)
    #expect(training.method.options.values["rank"] == .integer(4))
    let (report, _) = try training.trained { _ in }
    #expect(report.training.losses[0] < begun.training.losses[0])
  }

  @Test("an adapter whose base model has changed is rejected, unless the base is named")
  func otherBase() throws {
    let folder = try TrainingFolder()
    var request = folder.request("lora", ["epochs=1"])
    request.destination = folder.files.file("saved")
    _ = try MethodTraining(request).run { _ in }
    try ModelFixture.write(to: folder.files.file("model"), seed: 2)
    let saved = folder.files.file("saved")
    #expect(throws: TrainingError.self) { try TrainedClassifier(saved) }
    var warnings: [TrainingError] = []
    _ = try TrainedClassifier(saved, base: folder.files.file("model")) { warnings.append($0) }
    #expect(warnings.count == 1)
  }

  @Test(
    "a record with an option that no method takes is explained, not trapped on",
    arguments: [
      (#""pattern" : "plain""#, #""pattern" : 3"#), (#""head" : "linear""#, #""head" : "round""#),
    ])
  func brokenRecord(original: String, change: String) throws {
    let folder = try TrainingFolder()
    var request = folder.request("vanilla", ["epochs=1"])
    request.destination = folder.files.file("saved")
    _ = try MethodTraining(request).run { _ in }
    let record = folder.files.file("saved").appendingPathComponent(SavedFolder.recordName)
    let text = try String(contentsOf: record, encoding: .utf8)
    #expect(text.contains(original))
    try text.replacingOccurrences(of: original, with: change)
      .write(to: record, atomically: true, encoding: .utf8)
    let error = #expect(throws: TrainingError.self) {
      try TrainedClassifier(folder.files.file("saved"))
    }
    #expect("\(try #require(error))".contains("cannot be"))
  }

  @Test("nothing is left where a folder could not be written")
  func nothingLeft() throws {
    let folder = try TrainingFolder()
    struct Broken: Error {}
    #expect(throws: Broken.self) {
      try SavedFolder.write(to: folder.files.file("saved")) { place in
        try Data("x".utf8).write(to: place.head)
        throw Broken()
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.files.url.path)
    #expect(names.sorted() == ["eval.tsv", "model", "train.tsv"])
  }
}
