import ArgumentParser
import Engine
import Experiments
import Foundation
import Report

/// Checkpoints.
struct Model: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at checkpoints, score texts with them, convert and make them.",
    subcommands: [
      ModelInspect.self, ModelTokenize.self, ModelScore.self, ModelConvert.self, ModelRandom.self,
      ModelPretrain.self,
    ])

  /// Runs a command's body and says what the user can do about an error, with exit code 2.
  static func explained<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as CheckpointError {
      Terminal.complain("error: \(error)")
    } catch let error as MethodError {
      Terminal.complain("error: \(error)")
    } catch let error as TaskError {
      Terminal.complain("\(error)")
    }
    throw ExitCode(2)
  }

  /// Prints a value as one line of JSON with sorted keys.
  static func printJSON(_ value: some Encodable) throws {
    print(try json(value))
  }

  /// A value as one line of JSON with sorted keys.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// A model and its tokenizer, ready to compute.
struct LoadedModel {
  let folder: ModelFolder
  let model: Transformer<Float>
  let tokenizer: any Tokenizer

  /// Loads a folder, and an adapter in PEFT's layout if there is one.
  init(_ path: String, adapter: String?) throws {
    let url = try BuiltinModel.folder(of: path)
    folder = try ModelFolder(url)
    tokenizer = try TokenizerLoader.load(from: url)
    try folder.check(tokenizer)
    model = try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    guard let adapter else { return }
    let adapterURL = URL(fileURLWithPath: adapter, isDirectory: true)
    model.attach(try AdapterFolder(adapterURL, for: folder.description).read())
  }
}
