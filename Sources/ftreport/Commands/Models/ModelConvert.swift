import ArgumentParser
import Engine
import Experiments
import Foundation

/// Writes a checkpoint anew, with an adapter merged into it or in another element type.
struct ModelConvert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a checkpoint as safetensors, with an adapter merged in or as F16 or BF16.")

  @Argument(help: "A Hugging Face folder, or 'builtin'.", completion: .directory)
  var folder: String

  @Argument(help: "The folder to write.", completion: .directory)
  var output: String

  @Option(help: "An adapter in PEFT's layout, to merge into the weights.", completion: .directory)
  var adapter: String?

  @Option(help: "f32, f16 or bf16.")
  var type = ElementType.f32

  enum ElementType: String, ExpressibleByArgument, CaseIterable {
    case f32
    case f16
    case bf16

    var element: TensorElement {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      }
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
        Terminal.complain("error: the folder to write is the one to read\n  help: name another")
        throw ExitCode(2)
      }
      try ModelWriter.checkIsNoModel(to)
      let source = try ModelFolder(from)
      let model = try Transformer<Float>(
        source.description, from: CheckpointWeights(source), in: MemoryLedger())
      if let adapter {
        let adapterURL = URL(fileURLWithPath: adapter, isDirectory: true)
        let added = try AdapterFolder(adapterURL, for: source.description).read()
        switch added {
        case .prompt, .prefix:
          Terminal.complain(
            "error: a trained prompt or prefix cannot be merged into weights\n"
              + "  help: use it beside the model: ftreport model score \(folder) --adapter …")
          throw ExitCode(2)
        case .lora, .scales: break
        }
        model.attach(added)
        model.mergeAdapters()
      }
      try model.save(with: ModelWriter(like: source, as: type.element), to: to)
    }
  }
}
