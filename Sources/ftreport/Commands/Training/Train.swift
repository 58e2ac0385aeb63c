import ArgumentParser
import Dispatch
import Engine
import Experiments
import Formats
import Foundation
import Report

/// Trains one method on files of labelled texts.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train one method on labelled texts and save the model.",
    discussion: """
      Files are TSV or CSV with a header, JSON Lines or a JSON array, by their endings. Their columns \
      are 'text', 'label' and perhaps 'pair', a second text; --text, --label and --pair name others. \
      With --task, the examples are those of a task instead: its whole training pool, or with --shots \
      and --seed the sample of a report's cell, which then comes out with the same bits. \
      A saved folder is read by 'ftreport predict' and, \
      for methods that Transformers or PEFT know, by them.
      """)

  @Option(
    help: "A Hugging Face folder, or 'builtin'; methods that read texts alone need none.",
    completion: .directory)
  var model: String?

  @Option(help: "A method, such as vanilla, pbft or lora.")
  var method: String

  @Option(
    name: .customLong("set"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Options: learning-rate, batch, epochs, schedule, warmup, clip, weight-decay, dropout, rank, "
        + "alpha and all others of the method.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "Examples to train on.", completion: .file())
  var train: String?

  @Option(
    help: "A task to train on instead: its name, or a task file (NAME.yml).",
    completion: .file(extensions: ["yml"]))
  var task: String?

  @OptionGroup var folder: DataFolderOption

  @Option(help: "How many of the task's examples to draw, as a cell does; all by default.")
  var shots: Shots?

  @Option(help: "What --shots counts: class (if not given), total or natural.")
  var shotsPer: ShotCounting?

  @Option(
    name: .customLong("eval"), parsing: .upToNextOption,
    help: "Examples to score the trained model on; with --task, sets of the task, all by default.",
    completion: .file())
  var evaluations: [String] = []

  @Option(help: "The column of the texts; 'text' by default.")
  var text: String?

  @Option(help: "The column of the second texts; 'pair' by default, if there is one.")
  var pair: String?

  @Option(help: "The column of the labels; 'label' by default.")
  var label: String?

  @Option(
    name: .customLong("init"), parsing: .upToNextOption,
    help: "Where to start from: a head's weights, an adapter in PEFT's layout, or both.",
    completion: .file())
  var start: [String] = []

  @Option(help: "The order in which an epoch takes the examples: shuffled or file.")
  var order = TrainingOrder.shuffled

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(help: "The text around an example, such as '{text} Is that right?'.")
  var pattern: String?

  @Option(help: "The label words: 'No,Yes' or 'bad=No,good=Yes'.")
  var words: String?

  @Option(help: "The folder to write the trained model to.", completion: .directory)
  var save: String?

  @Flag(help: "Print one JSON object, with every step's loss.")
  var json = false

  @Flag(help: "Print only errors and the result.")
  var quiet = false

  @Option(help: "Threads; one per core by default.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    guard (train == nil) != (task == nil) else {
      throw ValidationError("Name the examples: a file with --train, or a task with --task.")
    }
    let others: [(String, Bool)] =
      task == nil
      ? [
        ("--data", folder.data != nil), ("--shots", shots != nil),
        ("--shots-per", shotsPer != nil),
      ]
      : [
        ("--text", text != nil), ("--pair", pair != nil), ("--label", label != nil),
        ("--pattern", pattern != nil), ("--words", words != nil),
      ]
    if let option = others.first(where: \.1)?.0 {
      throw ValidationError(
        task == nil
          ? "\(option) is for examples of a task; name one with --task."
          : "The task decides what \(option) would; edit its file, or choose with --set pattern=NAME."
      )
    }
    if shotsPer != nil, shots?.count == nil {
      throw ValidationError("--shots-per needs a number of --shots.")
    }
  }

  /// A number of examples, or all of them.
  struct Shots: ExpressibleByArgument {
    /// Nil for all.
    let count: Int?

    init?(argument: String) {
      count = Int(argument)
      guard argument == "all" || count.map({ $0 > 0 }) ?? false else { return nil }
    }

    static var allValueStrings: [String] { ["all"] }
  }

  func run() async throws {
    Machine.adoptWorkerEnvironment()
    let destination = save.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let interruption = TrainingInterruption(
      removing: destination.map { SavedFolder.partial(of: $0) })
    let report = try Trained.explained {
      guard try MethodTraining.readsModel(method) else {
        let training = try TextTraining(request(destination))
        warn(of: training.files.oddities)
        return try training.run()
      }
      let training = try MethodTraining(request(destination))
      if training.ignoresWords, !quiet {
        Terminal.complain("warning: method '\(method)' trains a head, so --words is ignored")
      }
      warn(of: training.files.oddities + training.cutTexts)
      for warning in training.warnings { Terminal.complain("warning: \(model ?? ""): \(warning)") }
      let progress = TrainingProgress(isQuiet: quiet)
      defer { progress.finish() }
      return try training.run { progress.show($0) }
    }
    interruption.end()
    if json { try Model.printJSON(report) } else { try Output.print(TrainingSummary(report).text) }
    if let step = report.training.divergedAt {
      Terminal.complain(
        "error: the training diverged at step \(step)\(save == nil ? "" : "; nothing was saved")\n"
          + "  help: lower the learning rate, or clip gradients")
      throw ExitCode(3)
    }
  }

  private func warn(of oddities: [String]) {
    guard !quiet else { return }
    for oddity in oddities { Terminal.complain("warning: \(oddity)") }
  }

  private func request(_ destination: URL?) throws -> TrainingRequest {
    var request = TrainingRequest(
      model: try model.map { try BuiltinModel.folder(of: $0) }, modelName: model, method: method,
      training: train ?? task ?? "", version: FTReport.version)
    request.settings = settings
    request.evaluations = evaluations
    request.columns = ExampleColumns(
      text: text ?? request.columns.text, pair: pair, label: label ?? request.columns.label)
    if let task {
      let source = try TaskArguments.source(named: task)
      guard source.definition.fields.count <= 2 else {
        throw TaskError(.tooManyFields(source.definition.fields.count), task: task)
      }
      request.task = TaskSample(
        source.definition, in: folder.loader(of: source).folder, shots: shots?.count,
        per: shotsPer ?? .class)
    }
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
  /// Runs a command's body; prints errors with advice and exits with code 2.
  static func explained<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try Model.explained(body)
    } catch let error as TrainingError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    }
  }
}

/// Shows how far a training is: one live line on a terminal, a line now and then otherwise.
final class TrainingProgress {
  private let isQuiet: Bool
  private let line = LiveLine()
  private let began = ContinuousClock().now
  private var shown: ContinuousClock.Instant?

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  func show(_ progress: MethodTraining.Progress) {
    guard !isQuiet else { return }
    let now = ContinuousClock().now
    let pause: Duration = Terminal.isInteractive ? .milliseconds(100) : .seconds(10)
    let isLast = progress.step == progress.steps
    guard isLast || now - (shown ?? began) >= pause else { return }
    shown = now
    let text = text(progress, elapsed: now - began)
    if Terminal.isInteractive { line.show(text) } else { Terminal.complain(text) }
  }

  /// Clears the live line.
  func finish() { line.erase() }

  private func text(_ progress: MethodTraining.Progress, elapsed: Duration) -> String {
    let share = Double(progress.step) / Double(max(1, progress.steps))
    let seconds = Double(elapsed.components.seconds)
    let left = progress.step < progress.steps && seconds >= 1 ? seconds / share - seconds : nil
    let loss = String(format: "%.4f", progress.loss)
    return "epoch \(progress.epoch + 1)/\(progress.epochs)  step \(progress.step)/\(progress.steps)"
      + "  loss \(loss)"
      + (left.map { "  \(ProgressDisplay.duration($0)) left" } ?? "")
  }
}

/// A training's outcome in a few lines for people.
struct TrainingSummary {
  private let report: TrainingReport

  init(_ report: TrainingReport) {
    self.report = report
  }

  var text: String {
    let training = report.training
    var lines = [
      line("method", "\(report.method) (\(report.objective) × \(report.adaptation))"),
      line("labels", report.labels.joined(separator: ", ")),
    ]
    if training.steps > 0 {
      lines.append(
        line(
          "training",
          "\(Wording.count(training.count, "example")), \(Wording.count(training.epochs, "epoch")), "
            + "\(Wording.count(training.steps, "step")), \(seconds(training.seconds))"))
      lines.append(line("trained", "\(training.trainableParameters) numbers"))
    }
    if let first = training.losses.first, let last = training.losses.last {
      lines.append(line("loss", "\(decimals(first)) → \(decimals(last))"))
    }
    if let shown = training.demonstrations {
      lines.append(line("shown", "\(shown) of \(training.count) examples"))
    }
    if let accuracy = training.accuracy {
      lines.append(line("on training", "accuracy \(decimals(accuracy))"))
    }
    for evaluation in report.evaluations {
      let metrics = [Metrics.accuracy, Metrics.macroF1, Metrics.matthewsCorrelation].compactMap {
        name in evaluation.metrics[name].map { "\(name) \(decimals($0))" }
      }
      lines.append(
        line("on \(evaluation.file)", metrics.joined(separator: ", ") + " (\(evaluation.count))"))
    }
    lines.append(
      line(
        "memory",
        "\(PlanText.size(report.memory.peak)), predicted \(PlanText.size(report.memory.predictedPeak))"
      ))
    if let saved = report.saved { lines.append(line("saved", saved)) }
    return lines.joined(separator: "\n")
  }

  private func line(_ name: String, _ value: String) -> String {
    name.padding(toLength: max(13, name.count + 2), withPad: " ", startingAt: 0)
      + VisibleText.line(value)
  }

  private func decimals(_ value: Double) -> String { String(format: "%.4f", value) }

  private func seconds(_ value: Double) -> String { ProgressDisplay.duration(value) }
}

/// Ends a training on Ctrl-C with exit code 130 and nothing half-written.
///
/// Training computes on the calling thread, so another one handles signals.
final class TrainingInterruption {
  private let sources: [any DispatchSourceSignal]

  /// Begins to watch for signals.
  ///
  /// - Parameter partial: A folder that is being written when a signal comes, if there is one.
  init(removing partial: URL?) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if let partial { try? FileManager.default.removeItem(at: partial) }
        _exit(130)
      }
      source.resume()
      return source
    }
  }

  /// Leaves signals to the system again.
  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
