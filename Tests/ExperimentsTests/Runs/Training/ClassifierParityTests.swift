import Engine
import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Encoders as classifiers, beside Transformers and PEFT")
struct ClassifierParityTests {
  static let families = [
    "bert", "distilbert", "roberta", "xlm-roberta", "electra", "albert", "mpnet", "deberta-v3",
    "modernbert", "eurobert",
  ]
  static let courses = ["vanilla", "vanilla-pairs", "lora-pairs"]
  private static let folder = RecordedTraining.fixtures.appendingPathComponent("classifiers")

  @Test(
    "every step is theirs, from a head whose classes are in another order, and so are the answers",
    arguments: families, courses)
  func course(family: String, name: String) throws {
    let files = try TemporaryFolder()
    let recorded = try RecordedTraining(family, in: Self.folder)
    let course = try #require(recorded.courses.first { $0.method == name })
    let request = try Self.request(
      family, recorded, in: files, method: name.hasPrefix("lora") ? "lora" : "vanilla",
      hasPairs: name.hasSuffix("pairs"))
    try course.check(
      request, recorded.settings, start: Self.folder.appendingPathComponent(family))
  }

  @Test("a head whose classes have other names is refused with both lists")
  func otherNames() throws {
    let files = try TemporaryFolder()
    let recorded = try RecordedTraining("bert", in: Self.folder)
    var request = try Self.request("bert", recorded, in: files, method: "vanilla", hasPairs: false)
    let start = files.file("start")
    try FileManager.default.copyItem(
      at: Self.folder.appendingPathComponent("bert/start"), to: start)
    try #"{"id2label": {"0": "good", "1": "bad"}}"#.write(
      to: start.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
    request.start = [start.path]
    let error = #expect(throws: TrainingError.self) { try MethodTraining(request) }
    #expect(error?.reason == .otherLabels(["good", "bad"], examples: ["no", "yes"]))
    // Names that Transformers makes up say nothing about the order.
    try #"{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}"#.write(
      to: start.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
    _ = try MethodTraining(request)
  }

  @Test("a probe's one matrix does not take a head with more")
  func probe() throws {
    let files = try TemporaryFolder()
    let recorded = try RecordedTraining("bert", in: Self.folder)
    var request = try Self.request(
      "bert", recorded, in: files, method: "linear-probe", hasPairs: false)
    request.start = [Self.folder.appendingPathComponent("bert/start").path]
    let training = try MethodTraining(request)
    #expect(throws: MethodError.self) { try training.trained { _ in } }
  }

  @Test(
    "dropout inside the classifier changes the course unless it is off",
    arguments: families.filter { $0 != "eurobert" })  // whose class has none
  func dropout(family: String) throws {
    let files = try TemporaryFolder()
    let recorded = try RecordedTraining(family, in: Self.folder)
    var losses: [[Double]] = []
    for settings in [[], ["dropout=0"], ["classifier-dropout=0"]] {
      var request = try Self.request(
        family, recorded, in: files, method: "vanilla", hasPairs: false)
      request.settings = ["epochs=1"] + settings
      losses.append(try MethodTraining(request).trained { _ in }.report.training.losses)
    }
    #expect(losses[0] != losses[1])
    #expect(losses[1] == losses[2])
  }

  /// A request on a copy of a family's model and the recorded examples.
  static func request(
    _ family: String, _ recorded: RecordedTraining, in files: TemporaryFolder, method: String,
    hasPairs: Bool
  ) throws -> TrainingRequest {
    let model = files.file("model")
    if !FileManager.default.fileExists(atPath: model.path) {
      try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
      let source = RecordedTraining.fixtures.appendingPathComponent(family)
      for (file, name) in [
        (source.appendingPathComponent("config.json"), "config.json"),
        (source.appendingPathComponent("model.safetensors"), "model.safetensors"),
        (
          folder.appendingPathComponent("\(recorded.template ?? "").json"), "tokenizer.json"
        ),
      ] {
        try FileManager.default.copyItem(at: file, to: model.appendingPathComponent(name))
      }
      for name in ["train.tsv", "eval.tsv"] {
        let table = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        try table.write(to: files.file("pairs-\(name)"), atomically: true, encoding: .utf8)
        let rows = table.split(separator: "\n").map { row in
          row.split(separator: "\t").enumerated().filter { $0.offset != 1 }.map(\.element)
            .joined(separator: "\t")
        }
        try rows.joined(separator: "\n")
          .write(to: files.file("texts-\(name)"), atomically: true, encoding: .utf8)
      }
    }
    let kind = hasPairs ? "pairs" : "texts"
    var request = TrainingRequest(
      model: model, modelName: family, method: method,
      training: files.file("\(kind)-train.tsv").path, version: "test")
    request.evaluations = [files.file("\(kind)-eval.tsv").path]
    return request
  }
}
