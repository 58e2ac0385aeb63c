import Foundation

@testable import Engine
@testable import Experiments

/// Methods on a tiny GPT-2 that has biases, and on made-up texts.
enum SmallRun {
  static let examples = SyntheticTask(length: 4).examples(16)
  private static let pool = SyntheticTask(length: 4).examples(40)

  static func folder(_ family: String = "gpt2") throws -> ModelFolder {
    try WholeFixture.folder(family)
  }

  static func model(_ family: String = "gpt2") throws -> Transformer<Float> {
    let folder = try folder(family)
    return try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
  }

  static func method(
    _ preset: String, _ options: [String: OptionValue] = [:]
  ) throws(MethodError) -> Method {
    try MethodCatalog.builtin.method(
      preset, name: preset, overrides: options, task: SyntheticTask(length: 1).definition)
  }

  /// Binds a method to sixteen examples, or fewer.
  static func bind(
    _ method: Method, family: String = "gpt2", sample count: Int = 16, judged: [Example] = []
  ) throws -> MethodRun {
    let folder = try folder(family)
    return try MethodRun(
      .builtin, objective: method.objective, adaptation: method.adaptation,
      options: method.options,
      model: Transformer<Float>(
        folder.description, from: CheckpointWeights(folder),
        quantization: BasePrecision(method.options).format, in: MemoryLedger()),
      tokenizer: SyntheticTokenizer(vocabularySize: folder.description.vocabularySize),
      task: SyntheticTask(length: 1).definition, sample: Array(pool.prefix(count)), seed: 3,
      pool: TrainingPool(pool, sample: Array(0..<count), heldOut: []), judged: judged)
  }

  /// Sizes that suit a model of width 20, where a method has them.
  static func small(_ preset: String) throws -> [String: OptionValue] {
    let values = try method(preset).options.values
    var small: [String: OptionValue] = [:]
    if values["rank"] != nil { small["rank"] = .integer(4) }
    if values["virtual-tokens"] != nil { small["virtual-tokens"] = .integer(4) }
    if values["size"] != nil { small["size"] = .integer(8) }
    return small
  }
}
