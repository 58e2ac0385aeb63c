import ArgumentParser
import Engine
import Experiments
import Foundation
import Report

/// Checkpoints.
struct Model: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at checkpoints.", subcommands: [ModelInspect.self])
}

/// Says what a checkpoint is and whether it can be used.
struct ModelInspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Say what a checkpoint is, and whether it can be used.")

  @Argument(help: "A Hugging Face folder.", completion: .directory)
  var folder: String

  @Option(help: "Continue this text, to see that weights and tokenizer work.")
  var prompt: String?

  @Option(help: "Most tokens to add to the prompt.")
  var tokens = 40

  func run() async throws {
    do {
      try inspect()
    } catch let error as CheckpointError {
      Terminal.complain("error: \(error)")
      throw ExitCode(2)
    } catch let error as TaskError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    }
  }

  private func inspect() throws {
    let url = URL(fileURLWithPath: folder, isDirectory: true)
    let summary = try ModelSummary(url, cache: nil)
    let description = summary.description
    let files = try ModelFolder(url)
    print("family       \(description.family.rawValue)")
    print("parameters   \(description.parameterCount)")
    print(
      "layers       \(description.layers) of width \(description.width), "
        + "\(description.heads) heads, \(description.keyValueHeads) for keys and values")
    print("vocabulary   \(description.vocabularySize)")
    print("context      \(description.maximumPositions) tokens")
    print("weights      \(PlanText.size(4 * description.parameterCount)) in float32")
    print("fingerprint  \(summary.fingerprint)")
    let ledger = MemoryLedger()
    let model = try Transformer<Float>(description, from: CheckpointWeights(files), in: ledger)
    let tokenizer = try TokenizerLoader.load(from: url)
    try files.check(tokenizer)
    print("tokenizer    \(tokenizer.vocabularySize) tokens")
    print("usable       yes: every weight was read and is finite")
    guard let prompt else { return }
    BLAS.setThreads(ProcessInfo.processInfo.activeProcessorCount)
    let ids = tokenizer.encode(prompt, addingSpecialTokens: true)
    guard !ids.isEmpty, ids.count < description.maximumPositions else {
      Terminal.complain(
        "error: the prompt has \(ids.count) tokens; give 1 to \(description.maximumPositions - 1)")
      throw ExitCode(2)
    }
    print("")
    print(
      prompt
        + tokenizer.decode(
          ids + model.greedyContinuation(of: ids, count: max(0, tokens)),
          skippingSpecialTokens: true
        ).dropFirst(tokenizer.decode(ids, skippingSpecialTokens: true).count))
  }
}
