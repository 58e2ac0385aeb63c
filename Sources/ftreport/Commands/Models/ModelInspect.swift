import ArgumentParser
import Engine
import Experiments
import Foundation
import Report

/// Prints what a checkpoint is and whether it can be used.
struct ModelInspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Print what a checkpoint is, whether it can be used, and the memory of each method.")

  @Argument(help: "A Hugging Face folder, or 'builtin'.", completion: .directory)
  var folder: String

  @Option(help: "Continue this text, to check that weights and tokenizer work.")
  var prompt: String?

  @Option(help: "Most tokens to generate after the prompt.")
  var tokens = 40

  @Option(help: "Examples per step, for the memory of each method.")
  var batch = 32

  @Option(help: "Tokens per example, for the memory of each method.")
  var length = 32

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard batch > 0, length > 0 else {
      throw ValidationError("--batch and --length take positive numbers")
    }
  }

  func run() async throws {
    try Model.explained {
      let facts = try Facts(of: folder, shape: .init(batch: batch, length: length))
      if json {
        try Model.printJSON(facts)
      } else {
        try facts.printText(batch: batch, length: length)
      }
      if let prompt { try continued(prompt) }
    }
  }

  private func continued(_ prompt: String) throws {
    BLAS.setThreads(ProcessInfo.processInfo.activeProcessorCount)
    let loaded = try LoadedModel(folder, adapter: nil)
    if let reason = loaded.model.description.whyNoWords {
      Terminal.complain("error: \(reason), so it continues no texts; leave --prompt out")
      throw ExitCode(2)
    }
    let ids = loaded.tokenizer.encode(prompt, addingSpecialTokens: true)
    guard !ids.isEmpty, ids.count < loaded.model.description.maximumPositions else {
      Terminal.complain(
        "error: the prompt has \(ids.count) tokens; give 1 to "
          + "\(loaded.model.description.maximumPositions - 1)")
      throw ExitCode(2)
    }
    let all = ids + loaded.model.greedyContinuation(of: ids, count: max(0, tokens))
    let known = loaded.tokenizer.decode(ids, skippingSpecialTokens: true).count
    try Output.print("")
    try Output.print(
      prompt + loaded.tokenizer.decode(all, skippingSpecialTokens: true).dropFirst(known))
  }
}

extension ModelInspect {
  /// The facts about a checkpoint.
  fileprivate struct Facts: Encodable {
    let family: String
    let isEncoder: Bool
    let parameters: Int
    let layers: Int
    let width: Int
    let feedForwardWidth: Int
    let heads: Int
    let keyValueHeads: Int
    let vocabulary: Int
    let context: Int
    let weightBytes: Int
    let fingerprint: String
    let tokenizerTokens: Int?
    let memory: [MethodMemory]

    struct MethodMemory: Encodable {
      let method: String
      let peakBytes: Int
      let residentBytes: Int
    }

    init(of path: String, shape: MemoryPlan.Shape) throws {
      let url = try BuiltinModel.folder(of: path)
      let summary = try ModelSummary(url, cache: nil)
      let files = try ModelFolder(url)
      let description = summary.description
      try files.checkFinite()
      if ModelFolder.tokenizerFiles(in: url).isEmpty {
        tokenizerTokens = nil
      } else {
        let tokenizer = try files.tokenizer()
        Model.warn(files.warnings(with: tokenizer), of: files)
        tokenizerTokens = tokenizer.vocabularySize
      }
      family = description.family.rawValue
      isEncoder = description.isBidirectional
      parameters = description.parameterCount
      layers = description.layers
      width = description.width
      feedForwardWidth = description.feedForwardWidth
      heads = description.heads
      keyValueHeads = description.keyValueHeads
      vocabulary = description.vocabularySize
      context = description.maximumPositions
      weightBytes = 4 * description.parameterCount
      fingerprint = summary.fingerprint
      if let problem = shape.problem(for: description) {
        Terminal.complain("error: \(problem)")
        throw ExitCode(2)
      }
      memory = try Self.memory(of: files, shape)
    }

    /// The memory of every preset that the model can take.
    private static func memory(
      of folder: ModelFolder, _ shape: MemoryPlan.Shape
    ) throws -> [MethodMemory] {
      let catalog = MethodCatalog.builtin
      return try catalog.presets.compactMap { preset in
        let method = try MemoryPlan.method(preset.name)
        do {
          try catalog.check(method, against: folder.description)
        } catch {
          return nil
        }
        let plan = try MemoryPlan.predicted(
          method, weights: PlannedWeights(folder), folder.description, shape: shape)
        return MethodMemory(
          method: preset.name, peakBytes: plan.peak, residentBytes: plan.resident)
      }
    }

    func printText(batch: Int, length: Int) throws {
      try Output.print("family       \(family)\(isEncoder ? ", an encoder" : "")")
      try Output.print("parameters   \(parameters)")
      try Output.print(
        "layers       \(layers) of width \(width) and \(feedForwardWidth), \(heads) heads, "
          + "\(keyValueHeads) for keys and values")
      try Output.print("vocabulary   \(vocabulary)")
      try Output.print("context      \(context) tokens")
      try Output.print("weights      \(PlanText.size(weightBytes)) in float32")
      try Output.print("fingerprint  \(fingerprint)")
      try Output.print(
        "tokenizer    \(tokenizerTokens.map { "\($0) tokens" } ?? "none in the folder")")
      try Output.print(
        "usable       \(tokenizerTokens == nil ? "not for texts" : "yes"): "
          + "every weight was read and is finite")
      try Output.print("")
      try Output.print("memory of a step of \(batch) examples of \(length) tokens")
      let widest = memory.map(\.method.count).max() ?? 0
      for entry in memory {
        let name = entry.method.padding(toLength: widest + 2, withPad: " ", startingAt: 0)
        try Output.print("  \(name)\(PlanText.size(entry.peakBytes))")
      }
    }
  }
}
