import ArgumentParser
import Engine
import Experiments
import Foundation

/// Trains one method on files of labelled texts.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train one method on labelled texts and save the model.",
    discussion: """
      Files are TSV or CSV with a header, or JSON Lines, by their endings. Their columns are 'text', \
      'label' and perhaps 'pair', a second text. A saved folder is read by 'ftreport predict' and, \
      for methods that Transformers or PEFT know, by them.
      """)

  @Option(help: "A Hugging Face folder, or 'builtin'.", completion: .directory)
  var model: String

  @Option(help: "A method, such as vanilla, pbft or lora.")
  var method: String

  @Option(
    name: .customLong("set"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Options: learning-rate, batch, epochs, schedule, warmup, clip, weight-decay, dropout, rank, "
        + "alpha and all others of the method.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "Examples to train on.", completion: .file())
  var train: String

  @Option(
    name: .customLong("eval"), parsing: .upToNextOption,
    help: "Examples to score the trained model on.", completion: .file())
  var evaluations: [String] = []

  @Option(
    name: .customLong("init"), parsing: .upToNextOption,
    help: "What to start from: a head's weights and an adapter in PEFT's layout, or either.",
    completion: .file())
  var start: [String] = []

  @Option(help: "The order in which an epoch takes the examples: shuffled or file.")
  var order = TrainingOrder.shuffled

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(help: "What surrounds the texts, such as '{text} Is that right?'.")
  var pattern: String?

  @Option(help: "The words the model says for the labels: 'No,Yes' or 'bad=No,good=Yes'.")
  var words: String?

  @Option(help: "The folder to write the trained model to.", completion: .directory)
  var save: String?

  @Flag(help: "Print one JSON object, with every step's loss.")
  var json = false

  @Flag(help: "Print nothing but mistakes and the result.")
  var quiet = false

  @Option(help: "Threads that compute; one a core unless given.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1.") }
  }

  func run() async throws {
    Executable.restartForFasterKernels()
    let destination = save.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let interruption = TrainingInterruption(
      removing: destination.map { SavedFolder.partial(of: $0) })
    let report = try Trained.explained {
      let training = try MethodTraining(request(destination))
      if training.ignoresWords, !quiet {
        Terminal.complain("warning: method '\(method)' trains a head, so --words is not read")
      }
      let progress = TrainingProgress(isQuiet: quiet)
      defer { progress.finish() }
      return try training.run { progress.show($0) }
    }
    interruption.end()
    if json { try Model.printJSON(report) } else { print(TrainingSummary(report).text) }
    if let step = report.training.divergedAt {
      Terminal.complain(
        "error: the training diverged at step \(step)\(save == nil ? "" : "; nothing was saved")\n"
          + "  help: lower the learning rate, or clip gradients")
      throw ExitCode(3)
    }
  }

  private func request(_ destination: URL?) throws -> TrainingRequest {
    var request = TrainingRequest(
      model: try BuiltinModel.folder(of: model), modelName: model, method: method,
      training: train, version: FTReport.version)
    request.settings = settings
    request.evaluations = evaluations
    request.start = start
    request.order = order
    request.seed = seed
    request.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    request.pattern = pattern
    request.words = words
    request.destination = destination
    return request
  }
}

extension TrainingOrder: ExpressibleByArgument {}

/// Errors of training and predicting, as the user reads them.
enum Trained {
  /// Runs a command's body and says what the user can do about an error, with exit code 2.
  static func explained<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try Model.explained(body)
    } catch let error as TrainingError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    }
  }
}
