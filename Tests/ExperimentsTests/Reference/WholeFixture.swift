import Foundation

@testable import Engine
@testable import Experiments

/// Methods from texts to answers as PyTorch computes them; `Tests/Parity/make.py` wrote it.
struct WholeFixture: Decodable, Sendable {
  struct Text: Decodable, Sendable {
    let text: String
    let label: Int

    var example: Example { Example(fields: [text], label: label) }
  }

  /// A training on all examples at once.
  struct Course: Decodable, Sendable {
    /// Before every step.
    let losses: [Double]
    /// Probabilities of the classes, a row an example of the evaluation.
    let answers: [[Double]]
    /// Losses of continued pre-training.
    let preparation: [Double]?
    /// The values a fresh head begins with, row-major.
    let head: [String: [Float]]?
  }

  struct Model: Decodable, Sendable {
    let name: String
    /// The family of a teacher with the same vocabulary.
    let teacher: String
    /// Answers by calibration, a row an example of the evaluation.
    let prompting: [String: [[Double]]]
    let verbalizer, distillation, otherTeacher, wholePool, pretraining, linearProbe, mlpHead: Course
  }

  let sample, evaluation, pool: [Text]
  let rate: Double
  let epochs: Int
  let temperature: Double
  let teacherShare: Double
  let preparationEpochs: Int
  let preparationRate: Double
  let models: [Model]

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Parity/Fixtures").standardized

  static func folder(_ family: String) throws -> ModelFolder {
    try ModelFolder(root.appendingPathComponent(family))
  }

  static func read() throws -> WholeFixture {
    try JSONDecoder().decode(
      WholeFixture.self,
      from: Data(contentsOf: root.appendingPathComponent("whole/expected.json")))
  }

  func model(_ name: String) -> Model? { models.first { $0.name == name } }

  /// Settings under which all examples make one step and the rate stays.
  var training: [String: OptionValue] {
    [
      "learning-rate": .number(rate), "epochs": .integer(epochs), "batch-size": .integer(64),
      "warmup": .number(0), "schedule": .text("constant"),
    ]
  }

  /// A preset bound to a family's model and to the recorded examples.
  func run(
    _ preset: String, on family: String, _ options: [String: OptionValue] = [:],
    teacher: String? = nil
  ) throws -> MethodRun {
    let task = SyntheticTask(length: 1).definition
    let method = try MethodCatalog.builtin.method(
      preset, name: preset, overrides: options, task: task)
    let folder = try Self.folder(family)
    let tokenizer = SyntheticTokenizer(vocabularySize: folder.description.vocabularySize)
    let source = try teacher.map { name in
      let other = try Self.folder(name)
      return TeacherSource(
        name: name, description: other.description, tokenizer: tokenizer
      ) { try Transformer<Float>(other.description, from: CheckpointWeights(other), in: $0) }
    }
    return try MethodRun(
      .builtin, objective: method.objective, adaptation: method.adaptation,
      options: method.options,
      model: Transformer<Float>(
        folder.description, from: CheckpointWeights(folder), in: MemoryLedger()),
      tokenizer: tokenizer, task: task, sample: sample.map(\.example), seed: 7,
      pool: TrainingPool(
        (sample + pool).map(\.example), sample: Array(sample.indices), heldOut: []),
      teacher: source)
  }
}
