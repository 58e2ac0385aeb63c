import ArgumentParser
import Engine
import Experiments
import Formats
import Foundation
import Report

/// Predicts what a method needs, and measures it on request.
struct Estimate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict the memory of a method on a model before it runs.",
    discussion: """
      The prediction is a training step of the method itself that claims its memory and computes \
      nothing. --measure runs the same steps for real and prints both.
      """)

  @Option(
    help: "'builtin', a Hugging Face folder, or the name of a published shape such as opt-6.7b.")
  var model: String

  @Option(help: "A method, such as lora.")
  var method: String

  @Option(
    name: .customLong("set"), parsing: .upToNextOption,
    help: ArgumentHelp("Options of the method.", valueName: "key=value"))
  var options: [String] = []

  @Option(help: "Examples per step.")
  var batch = 32

  @Option(help: "Tokens per example.")
  var length = 32

  @Option(help: "Demonstrations in a prompt, for methods that use them.")
  var demonstrations = 16

  @Option(help: "Threads; each needs its own workspace.")
  var threads = 1

  @Flag(help: "Run the steps as well, and print both.")
  var measure = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard batch > 0, length > 0, demonstrations > 0, threads > 0 else {
      throw ValidationError(
        "--batch, --length, --demonstrations and --threads take positive numbers")
    }
  }

  func run() async throws {
    try Model.explained {
      BLAS.setThreads(threads)
      let method = try MemoryPlan.method(method, options: options)
      let shape = MemoryPlan.Shape(batch: batch, length: length, demonstrations: demonstrations)
      let isFolder = !RandomModel.presets.contains(model)
      if isFolder, BuiltinModel(rawValue: model) == nil,
        HubModel(model)?.hasOrganisation != true, !FileManager.default.fileExists(atPath: model)
      {
        Terminal.complain(
          "error: \(model) is neither a folder nor a published shape\n"
            + "  help: "
            + Suggestion.help(for: model, among: RandomModel.presets, called: "shapes"))
        throw ExitCode(2)
      }
      let folder = isFolder ? try ModelFolder(BuiltinModel.folder(of: model)) : nil
      let description = try folder?.description ?? RandomModel.description(of: model)
      try MethodCatalog.builtin.check(method, against: description)
      if let problem = shape.problem(for: description) {
        Terminal.complain("error: \(problem)")
        throw ExitCode(2)
      }
      let predicted = try MemoryPlan.predicted(
        method, weights: folder.map { PlannedWeights($0) } ?? PlannedWeights(description),
        description, shape: shape)
      var measured: MemoryPlan?
      if measure {
        guard let folder else {
          Terminal.complain(
            "error: there is no folder to measure\n"
              + "  help: make one: ftreport model random --like \(model) FOLDER")
          throw ExitCode(2)
        }
        measured = try MemoryPlan.measured(method, in: folder, shape: shape)
      }
      let outcome = Outcome(predicted: Bytes(predicted), measured: measured.map(Bytes.init))
      if json { try Model.printJSON(outcome) } else { try outcome.printText() }
    }
  }

  private struct Outcome: Encodable {
    let predicted: Bytes
    let measured: Bytes?

    func printText() throws {
      func line(_ name: String, _ value: KeyPath<Bytes, Int>) throws {
        let label = name.padding(toLength: 13, withPad: " ", startingAt: 0)
        let real = measured.map { "   measured \(PlanText.size($0[keyPath: value]))" } ?? ""
        try Output.print("\(label)\(PlanText.size(predicted[keyPath: value]))\(real)")
      }
      try line("weights", \.weights)
      try line("gradients", \.gradients)
      try line("optimizer", \.optimizer)
      try line("activations", \.activations)
      try line("workspace", \.workspace)
      try line("key/value", \.keyValue)
      try line("peak", \.peak)
      try line("resident", \.resident)
    }
  }

  private struct Bytes: Encodable {
    let weights, gradients, optimizer, activations, workspace, keyValue, peak, resident: Int

    init(_ plan: MemoryPlan) {
      weights = plan.categories[.weights] ?? 0
      gradients = plan.categories[.gradients] ?? 0
      optimizer = plan.categories[.optimizer] ?? 0
      activations = plan.categories[.activations] ?? 0
      workspace = plan.categories[.workspace] ?? 0
      keyValue = plan.categories[.keyValue] ?? 0
      peak = plan.peak
      resident = plan.resident
    }
  }
}
