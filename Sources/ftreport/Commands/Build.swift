import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Runs what is missing and writes the page.
struct Build: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run what is missing and write the page.")

  @OptionGroup var source: SourceOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var execution: ExecutionOptions

  @Option(help: ArgumentHelp("Run only this experiment; may be repeated.", valueName: "id"))
  var only: [String] = []

  @Option(help: ArgumentHelp("Run this experiment again; may be repeated.", valueName: "id"))
  var refresh: [String] = []

  @Flag(
    name: .customLong("no-exec"),
    help: "Run nothing; exit with 5 if results are missing or out of date.")
  var noExecution = false

  @Flag(help: "Print what would run; run nothing.")
  var dryRun = false

  @Flag(help: "Print why each cell runs.")
  var explain = false

  @Flag(inversion: .prefixedNo, help: "Exit with 4 if a claim is refuted or a check fails.")
  var strict = false

  func validate() throws {
    try Naming.checkPages(of: source.sources)
  }

  func run() async throws {
    var worst: Int32 = 0
    var linked: Set<String> = []
    for path in source.sources {
      do {
        let outcome = try await Diagnostics.guarding(json: source.parameters.json) {
          try await build(path)
        }
        if let outcome { worst = max(worst, outcome.exitCode(strict: strict)) }
        linked.formUnion(outcome?.linkedPages ?? [])
        if outcome?.wasCancelled ?? false { break }
      } catch let code as ExitCode {
        // A mistake in one source does not prevent building the others.
        worst = max(worst, code.rawValue)
      }
    }
    for page in linked.sorted() where !FileManager.default.fileExists(atPath: page) {
      Terminal.complain(
        "warning: a page links to \(Terminal.shown(path: page)), which is not built yet")
    }
    if worst != 0 { throw ExitCode(worst) }
  }

  private func build(_ path: String) async throws -> BuildOutcome? {
    let json = source.parameters.json
    let opened = try OpenSource(path, source.parameters, isTransient: dryRun)
    if let labels = opened.reading.report?.experiments.map(\.label), !opened.reading.hasErrors {
      for id in only { try Naming.check(id, in: labels, option: "--only") }
      for id in refresh { try Naming.check(id, in: labels, option: "--refresh") }
    }
    let plan = try opened.plan(json: json) { refresh.contains($1) }
    if explain || dryRun { try PlanText(plan).explain() }
    if dryRun { return nil }
    return try await execution.perform(
      plan, of: opened,
      options: BuildOptions(
        output: page.folder, only: Set(only), refresh: Set(refresh),
        executes: !noExecution, failsFast: execution.failFast,
        command: source.parameters.command(building: path)),
      json: json)
  }
}

/// Runs one embedded experiment, or part of it, and writes the page again.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one experiment or a part of it, then write the page.")

  @Argument(help: "Markdown source.", completion: .file(extensions: ["md"]))
  var source: String

  @Argument(help: "Label of the experiment.")
  var id: String

  @Option(help: "Only this method.")
  var method: String?

  @Option(help: "Only this number of examples.")
  var shots: Int?

  @Option(help: "Only this seed.")
  var seed: Int?

  @Flag(help: "Run the cells again even if their results are stored.")
  var fresh = false

  @OptionGroup var parameters: ParameterOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var execution: ExecutionOptions

  func run() async throws {
    let outcome = try await Diagnostics.guarding(json: parameters.json) {
      let opened = try OpenSource(source, parameters)
      if let experiments = opened.reading.report?.experiments, !opened.reading.hasErrors {
        try check(experiments)
      }
      let filter = CellFilter(
        experiment: id, method: method, shots: shots, seed: seed, isFresh: fresh)
      let plan = try opened.plan(json: parameters.json) { place, label in
        fresh && filter.matches(place, of: label)
      }
      // What 'shots: all' comes to is known only now.
      if let shots, let planned = plan.experiments.first(where: { $0.block.label == id }) {
        try Naming.check(shots, in: planned.block.shots.map(\.value), option: "--shots")
      }
      return try await execution.perform(
        plan, of: opened,
        options: BuildOptions(
          output: page.folder, filter: filter, failsFast: execution.failFast,
          command: parameters.command(building: source)),
        json: parameters.json)
    }
    let code = outcome.exitCode(strict: false)
    if code != 0 { throw ExitCode(code) }
  }

  private func check(_ experiments: [ExperimentBlock]) throws {
    try Naming.check(id, in: experiments.map(\.label), option: "ID")
    guard let block = experiments.first(where: { $0.label == id }) else { return }
    if let method {
      try Naming.check(method, in: block.methods.map(\.name.value), option: "--method")
    }
    if let seed {
      try Naming.check(seed, in: block.seeds.map(\.value), option: "--seed")
    }
  }
}

/// Looks up names and numbers given on the command line.
enum Naming {
  /// Rejects sources whose pages would have one name.
  static func checkPages(of sources: [String]) throws {
    let names = sources.map { ReportRenderer.name(ofSource: $0) }
    for (name, path) in zip(names, sources) where names.count(where: { $0 == name }) > 1 {
      throw ValidationError(
        "Several sources would write \(name).html; give \(path) in a command of its own.")
    }
  }

  static func check(_ number: Int, in known: [Int], option: String) throws {
    guard !known.contains(number) else { return }
    throw Diagnostic(
      .unknownExperiment, at: SourcePosition(file: option, line: 1),
      "the experiment does not run \(number)",
      help: "choose from \(known.map(String.init).joined(separator: ", "))")
  }

  static func check(_ name: String, in known: [String], option: String) throws {
    guard !known.contains(name) else { return }
    let guess = Suggestion.closest(to: name, in: known).map { "did you mean '\($0)'?" }
    throw Diagnostic(
      .unknownExperiment, at: SourcePosition(file: option, line: 1), "there is no '\(name)'",
      help: guess
        ?? (known.isEmpty
          ? "the source has no experiment" : "choose from \(known.joined(separator: ", "))"))
  }
}
