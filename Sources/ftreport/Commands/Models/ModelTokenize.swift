import ArgumentParser
import Engine
import Experiments
import Foundation

/// Turns lines of text into token ids.
struct ModelTokenize: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn each line of standard input into a line {\"ids\":[…]}.")

  @Argument(help: "A folder with a tokenizer's files, or 'builtin'.", completion: .directory)
  var folder: String

  @Flag(help: "Leave out what the tokenizer puts around a text.")
  var plain = false

  func run() async throws {
    try Model.explained {
      let tokenizer = try TokenizerLoader.load(from: BuiltinModel.folder(of: folder))
      while let line = readLine() {
        try Model.printJSON(
          TokenLine(ids: tokenizer.encode(line, addingSpecialTokens: !plain)))
      }
    }
  }

  private struct TokenLine: Encodable {
    let ids: [Int32]
  }
}
