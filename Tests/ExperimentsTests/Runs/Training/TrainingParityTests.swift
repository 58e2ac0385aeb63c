import Foundation
import TestSupport
import Testing

@testable import Experiments

/// What `Tests/Parity/make_training.py` or `make_classifiers.py` recorded.
struct RecordedTraining: Decodable {
  struct Settings: Decodable {
    let rate: Double
    let batch: Int
    let epochs: Int
    let warmup: Double
    let clip: Double
  }

  struct Course: Decodable {
    let method: String
    let start: [String]
    let losses: [Double]
    let learningRates: [Double]
    let gradientNorms: [Double]
    let shares: [[Float]]
  }

  /// Which tokenizer it was, where there are several.
  let template: String?
  let settings: Settings
  let courses: [Course]

  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Parity/Fixtures")
  static let folder = fixtures.appendingPathComponent("training")

  init(_ name: String, in folder: URL = folder) throws {
    let file = folder.appendingPathComponent("\(name)/expected.json")
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite("Training beside Transformers and PEFT")
struct TrainingParityTests {
  static let families = ["opt", "opt-post-norm", "gpt2", "neox", "llama", "qwen2"]
  static let methods = ["vanilla", "lora", "pbft"]

  @Test(
    "every step's loss, rate and norm is theirs, and so are the answers", arguments: families,
    methods)
  func tiny(family: String, method: String) throws {
    let files = try TemporaryFolder()
    let model = files.file("model")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let source = RecordedTraining.fixtures.appendingPathComponent(family)
    for file in [
      source.appendingPathComponent("config.json"),
      source.appendingPathComponent("model.safetensors"),
      RecordedTraining.folder.appendingPathComponent("tokenizer.json"),
    ] {
      try FileManager.default.copyItem(
        at: file, to: model.appendingPathComponent(file.lastPathComponent))
    }
    try check(
      family, method, model: model,
      training: RecordedTraining.folder.appendingPathComponent("train.tsv").path,
      evaluation: RecordedTraining.folder.appendingPathComponent("eval.tsv").path)
  }

  @Test(
    "so they are for a published checkpoint and real sentences", .enabled(if: SharedData.isPresent),
    arguments: methods)
  func published(method: String) throws {
    let files = try TemporaryFolder()
    let cola = try String(
      contentsOf: SharedData.data("cola/in_domain_train.tsv"), encoding: .utf8)
    var sentences: [String: [String]] = [:]
    for line in cola.split(separator: "\n") {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      sentences[cells[1], default: []].append(cells[3])
    }
    let rows = zip(sentences["1"] ?? [], sentences["0"] ?? []).prefix(15)
      .flatMap { ["\($0)\tyes", "\($1)\tno"] }
    try files.write((["text\tlabel"] + rows[..<22]).joined(separator: "\n"), to: "train.tsv")
    try files.write((["text\tlabel"] + rows[22...]).joined(separator: "\n"), to: "eval.tsv")
    try check(
      "stories260K", method, model: SharedData.data("models/stories260K"),
      training: files.file("train.tsv").path, evaluation: files.file("eval.tsv").path)
  }

  private func check(
    _ name: String, _ method: String, model: URL, training: String, evaluation: String
  ) throws {
    let recorded = try RecordedTraining(name)
    let course = try #require(recorded.courses.first { $0.method == method })
    var request = TrainingRequest(
      model: model, modelName: name, method: method, training: training, version: "test")
    request.evaluations = [evaluation]
    request.words = "no=No,yes=Yes"
    try course.check(
      request, recorded.settings,
      start: RecordedTraining.folder.appendingPathComponent(name))
  }
}

extension RecordedTraining.Course {
  /// Trains as the recorded course did and compares every step and the answers.
  func check(_ request: TrainingRequest, _ settings: RecordedTraining.Settings, start: URL) throws {
    var request = request
    request.order = .file
    request.settings = [
      "learning-rate=\(settings.rate)", "batch=\(settings.batch)", "epochs=\(settings.epochs)",
      "warmup=\(settings.warmup)", "clip=\(settings.clip)", "dropout=0", "schedule=linear",
    ]
    request.start = self.start.map { start.appendingPathComponent($0).path }
    let whole = try MethodTraining(request)
    let (report, run) = try whole.trained { _ in }
    let found = report.training
    #expect(Self.worst(found.losses, losses) <= 1e-3)
    #expect(Self.worst(found.learningRates, learningRates) <= 1e-9)
    #expect(Self.worst(found.gradientNorms, gradientNorms) <= 2e-3)
    let answers = run.evaluator.predictions(for: whole.files.evaluations[0].examples).predictions
      .probabilities
    let gaps = zip(answers, shares.joined()).map { abs($0 - $1) }
    #expect(gaps.count == 16)
    #expect((gaps.max() ?? 1) <= 1e-3)
  }

  /// The largest difference of two courses, relative to the second.
  private static func worst(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) / max(abs($1), 1e-12) }.max() ?? .infinity
  }
}
