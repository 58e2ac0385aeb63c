import ArgumentParser
import Engine
import Experiments
import Foundation
import Report

/// Trains a model on the built-in world's text, from random weights to a Hugging Face folder.
struct ModelPretrain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train a decoder on the built-in world's text and write it as a Hugging Face folder.",
    discussion: """
      The same recipe gives the same bits on the same machine. A run that is stopped keeps its state \
      in FOLDER; with --resume it goes on and ends with the bits of one that was never stopped. \
      FOLDER also gets training.json and training.csv: recipe, loss curve, SHA-256 of the weights.
      """)

  @Option(help: "A recipe, in YAML; the built-in model's unless given.", completion: .file())
  var recipe: String?

  @Argument(help: "The folder to write.", completion: .directory)
  var folder: String

  @Flag(help: "Continue the stopped run in FOLDER.")
  var resume = false

  @Option(help: "Threads, instead of the recipe's; the last bits depend on them.")
  var threads: Int?

  @Flag(help: "Print only errors.")
  var quiet = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  func run() async throws {
    Machine.adoptWorkerEnvironment()
    let recipe = try openedRecipe()
    let url = URL(fileURLWithPath: folder, isDirectory: true)
    let (quiet, resume) = (quiet, resume)
    let work = Task {
      try Model.explained {
        let display = PretrainingDisplay(isQuiet: quiet)
        let kinds = WorldCorpus.kinds.map {
          ($0, WorldCorpus(heldOutFrom: recipe.text, kind: $0) as any PretrainingCorpus)
        }
        let pretraining = Pretraining(
          recipe, corpus: WorldCorpus(recipe.text),
          heldOut: WorldCorpus(heldOutFrom: recipe.text),
          kinds: Dictionary(uniqueKeysWithValues: kinds))
        return try pretraining.run(
          in: url, resumes: resume, isCancelled: { Task.isCancelled }, progress: display.show)
      }
    }
    switch try await Interruption.cancelling(work) {
    case .finished(let record):
      guard !quiet else { return }
      Terminal.complain(
        "\(record.parameters) parameters, \(record.tokens) tokens in "
          + "\(ProgressDisplay.duration(record.seconds)); SHA-256 of the weights \(record.weights)\n"
          + "wrote \(folder)")
    case .stopped(let step):
      Terminal.complain("stopped before step \(step + 1); continue with --resume")
      throw ExitCode(130)
    }
  }

  private func openedRecipe() throws -> PretrainingRecipe {
    let url = try Model.explained {
      try recipe.map { URL(fileURLWithPath: $0) } ?? BuiltinModel.small.recipe()
    }
    let reading = PretrainingRecipe.read(
      url, file: recipe ?? url.path, kinds: WorldCorpus.kinds)
    try Diagnostics.show(reading.diagnostics, json: false)
    guard var found = reading.recipe else { throw ExitCode(2) }
    found.threads = threads ?? found.threads
    return found
  }
}

/// Shows how far a pre-training is: a live line on a terminal, the curve's points otherwise.
private struct PretrainingDisplay {
  let isQuiet: Bool
  private let line = LiveLine()

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  func show(_ progress: Pretraining.Progress) {
    guard !isQuiet else { return }
    let left = ProgressDisplay.duration(progress.secondsLeft)
    let speed = "\(Int(progress.tokensPerSecond)) tokens/s"
    if let point = progress.point {
      let kinds = point.heldOutLosses.sorted { $0.key < $1.key }
        .map { "\($0.key) \(Self.nats($0.value))" }.joined(separator: ", ")
      line.say(
        "[\(progress.step)/\(progress.steps), \(left) left] loss \(Self.nats(point.loss)), "
          + "held out \(Self.nats(point.heldOutLoss)) (\(kinds)), \(speed)")
    } else {
      line.show(
        "[\(progress.step)/\(progress.steps), \(left) left] "
          + "loss \(Self.nats(progress.loss)), \(speed)")
    }
  }

  private static func nats(_ value: Double) -> String { String(format: "%.3f", value) }
}
