import ArgumentParser
import Engine
import Experiments
import Formats
import Foundation
import Report

/// Checkpoints.
struct Model: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Inspect, use, convert and make checkpoints.",
    subcommands: [
      ModelInspect.self, ModelTokenize.self, ModelScore.self, ModelConvert.self, ModelRandom.self,
      ModelPretrain.self, ModelFetch.self,
    ])

  /// Runs a command's body; prints errors with advice and exits with code 2.
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

  /// Prints what a user should know of a model that can be used nevertheless.
  static func warn(_ warnings: [String], of folder: ModelFolder) {
    for warning in warnings {
      Terminal.complain("warning: \(folder.url.path): \(warning)")
    }
  }

  /// Prints a value as one line of JSON with sorted keys.
  static func printJSON(_ value: some Encodable) throws {
    try Output.print(json(value))
  }

  /// A value as one line of JSON with sorted keys.
  static func json(_ value: some Encodable) throws -> String {
    try JSONCoding.text(of: value, nonFinite: .text)
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
    tokenizer = try folder.tokenizer()
    Model.warn(folder.warnings(with: tokenizer), of: folder)
    model = try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    guard let adapter else { return }
    let adapterURL = try BuiltinModel.folder(of: adapter)
    model.attach(try AdapterFolder(adapterURL, for: folder.description).read())
  }
}

/// Turns lines of text into token ids.
struct ModelTokenize: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn each line of standard input into a line {\"ids\":[…]}.")

  @Argument(help: "A folder with a tokenizer's files, or 'builtin'.", completion: .directory)
  var folder: String

  @Flag(help: "Omit the special tokens around a text.")
  var plain = false

  func run() async throws {
    try Model.explained {
      let tokenizer = try TokenizerLoader.load(from: BuiltinModel.folder(of: folder))
      for line in InputText() {
        try Model.printJSON(
          TokenLine(ids: tokenizer.encode(line, addingSpecialTokens: !plain)))
      }
    }
  }

  private struct TokenLine: Encodable {
    let ids: [Int32]
  }
}

/// Writes a copy of a checkpoint, with an adapter merged into it or in another element type.
struct ModelConvert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract:
      "Write a checkpoint as safetensors or GGUF, with an adapter merged in or as F16 or BF16.")

  @Argument(help: "A Hugging Face folder, or 'builtin'.", completion: .directory)
  var folder: String

  @Argument(help: "The folder to write, or the file with --to gguf.", completion: .directory)
  var output: String

  @Option(help: "hf for a Hugging Face folder, gguf for a file that llama.cpp runs.")
  var to = Layout.hf

  @Option(help: "An adapter in PEFT's layout, to merge into the weights.", completion: .directory)
  var adapter: String?

  @Option(help: "f32, f16 or bf16; with --to gguf f32, f16 or q8_0.")
  var type = ElementType.f32

  enum Layout: String, ExpressibleByArgument, CaseIterable {
    case hf
    case gguf
  }

  enum ElementType: String, ExpressibleByArgument, CaseIterable {
    case f32
    case f16
    case bf16
    case q8 = "q8_0"

    /// Nil where a folder cannot have it.
    var element: TensorElement? {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      case .q8: nil
      }
    }

    /// Nil where a GGUF file cannot have it here.
    var precision: GGUFWriter.Precision? {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: nil
      case .q8: .q8
      }
    }
  }

  func validate() throws {
    guard to == .hf ? type.element != nil : type.precision != nil else {
      throw ValidationError("--type \(type.rawValue) is not possible with --to \(to.rawValue).")
    }
  }

  func run() async throws {
    try Model.explained {
      let (from, to) = (
        try BuiltinModel.folder(of: folder),
        URL(fileURLWithPath: output, isDirectory: true)
      )
      guard
        from.standardizedFileURL.resolvingSymlinksInPath()
          != to.standardizedFileURL.resolvingSymlinksInPath()
      else {
        Terminal.complain("error: the output folder is the input folder\n  help: name another")
        throw ExitCode(2)
      }
      if self.to == .hf {
        try ModelWriter.checkIsNoModel(to)
      } else if FileManager.default.fileExists(atPath: to.path) {
        Terminal.complain("\(output): error: this path already exists\n  help: name a new file")
        throw ExitCode(2)
      }
      let source = try ModelFolder(from)
      Model.warn(source.warnings, of: source)
      let model = try Transformer<Float>(
        source.description, from: CheckpointWeights(source), in: MemoryLedger())
      if let adapter {
        let adapterURL = try BuiltinModel.folder(of: adapter)
        let added = try AdapterFolder(adapterURL, for: source.description).read()
        switch added {
        case .prompt, .prefix:
          Terminal.complain(
            "error: a trained prompt or prefix cannot be merged into weights\n"
              + "  help: use it beside the model: ftreport model score \(folder) --adapter …")
          throw ExitCode(2)
        case .lora, .scales, .changing: break
        }
        model.attach(added)
        model.mergeAdapters()
      }
      if self.to == .gguf, let precision = type.precision {
        try model.saveGGUF(like: source, as: precision, to: URL(fileURLWithPath: output))
      } else if let element = type.element {
        try model.save(with: ModelWriter(like: source, as: element), to: to)
      }
    }
  }
}

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
