import ArgumentParser
import Engine
import Foundation

/// Makes a checkpoint of random weights in the shape of a published model.
struct ModelRandom: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "random",
    abstract: "Make a checkpoint of random weights in the shape of a published model.",
    discussion: "Shapes: \(RandomModel.presets.joined(separator: ", ")).")

  @Option(help: "The shape's name, such as opt-125m.")
  var like: String

  @Argument(help: "The folder to write.", completion: .directory)
  var folder: String

  @Option(help: "Of the weights; the same seed gives the same bytes.")
  var seed: UInt64 = 0

  @Option(help: "A folder whose tokenizer to copy.", completion: .directory)
  var tokenizer: String?

  func run() async throws {
    try Model.explained {
      try RandomModel.write(
        preset: like, to: URL(fileURLWithPath: folder, isDirectory: true), seed: seed,
        tokenizerFrom: tokenizer.map { URL(fileURLWithPath: $0, isDirectory: true) })
    }
  }
}
