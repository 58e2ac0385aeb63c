import ArgumentParser
import Dispatch
import Experiments
import Formats
import Foundation
import Logging
import Report

/// Where pages go, shared by `build` and `run`.
struct PageOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "Folder for the pages.")
  var output = "_site"

  var folder: URL { URL(fileURLWithPath: output, isDirectory: true) }
}

/// How cells are run, shared by `build`, `run` and `publish`.
struct ExecutionOptions: ParsableArguments {
  @Option(help: "Worker processes; one per core by default.")
  var jobs: Int?

  @Option(
    help: """
      Memory that the workers may take together, such as 512MB or 2 GiB; unless given what the \
      machine and its control groups leave free.
      """)
  var memory: MemorySize?

  @Flag(help: "Stop at the first cell that fails.")
  var failFast = false

  @Flag(help: "Print only errors.")
  var quiet = false

  @Flag(help: "Log what workers do.")
  var verbose = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
  }

  /// Executes a plan with a live display, and prints how it went.
  func perform(
    _ plan: ReportPlan, of source: OpenSource, options: BuildOptions, json: Bool
  ) async throws -> BuildOutcome {
    let workers = min(
      jobs ?? ProcessInfo.processInfo.activeProcessorCount, max(1, plan.pending.count))
    let free = MachineMemory().available
    let budget = memory?.bytes ?? free
    warn(of: plan.pending, beyond: budget, free: free)
    var logger = Logger(label: "ftreport") { StreamLogHandler(label: $0, stream: Terminal.Log()) }
    logger.logLevel = verbose ? .debug : .error
    let builder = ReportBuilder(
      workspace: source.workspace, store: source.store,
      executor: LocalExecutor(
        program: Executable.current,
        arguments: ["worker", "--states", source.workspace.frozenStates.path],
        workers: workers,
        memoryBudget: budget, environment: Machine.workerEnvironment,
        logger: logger),
      workers: workers, version: FTReport.version)
    let progress = ProgressDisplay(isQuiet: quiet)
    let build = Task {
      try await builder.build(plan, options: options) { progress.show($0) }
    }
    let outcome = try await Interruption.cancelling(build)
    progress.finish()
    if !quiet { try Diagnostics.show(outcome.warnings, json: false) }
    if json {
      try Output.print(Self.summary(outcome))
    } else {
      for line in Self.lines(outcome.comparisons) { try Output.print(VisibleText.line(line)) }
      if !quiet {
        for advice in outcome.advice { Terminal.complain(Self.words(of: advice, source.workspace)) }
        Terminal.complain(Self.sentence(outcome, command: options.command))
      }
    }
    return outcome
  }

  /// A recommendation, and the command that makes its model from here.
  private static func words(of advice: Advice, _ workspace: Workspace) -> String {
    let command = advice.command.line { workspace.shownName($0) }
    return "\(VisibleText.line(advice.statement))\n  train it: \(VisibleText.line(command))"
  }

  /// Warns of cells that are predicted to need more than all workers may take.
  private func warn(of cells: [PlannedCell], beyond budget: Int?, free: Int?) {
    let large = cells.filter { ($0.memory?.resident ?? 0) > budget ?? .max }
    guard !quiet, let budget, let largest = large.compactMap(\.memory?.resident).max() else {
      return
    }
    let allowed = memory == nil ? "that are free" : "of --memory"
    var message =
      "warning: \(Wording.count(large.count, "cell")) may need up to \(PlanText.size(largest)), "
      + "more than the \(PlanText.size(budget)) \(allowed); each of them runs alone"
    if let free, largest > free, memory != nil {
      message += ", and the machine has \(PlanText.size(free)) free"
    }
    Terminal.complain(message)
  }

  /// The numbers of the cells of a run, or how they compare if those are many.
  private static func lines(_ comparisons: [CellComparison]) -> [String] {
    let listed =
      comparisons.count <= 12 ? comparisons : comparisons.filter { !$0.differences.isEmpty }
    let names = ["equal", "different", "first", "known"]
    let counts = names.map { name in (name, comparisons.count { $0.agreementName == name }) }
      .filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return listed.map(\.sentence)
      + (comparisons.count > 12
        ? [
          "\(comparisons.count) cells against the stored results: \(counts.joined(separator: ", "))"
        ]
        : [])
  }

  private static func sentence(_ outcome: BuildOutcome, command: [String]) -> String {
    var parts = [
      "\(Wording.count(outcome.cells, "cell")): \(outcome.ran) run, \(outcome.cached) known"
    ]
    if outcome.failed > 0 { parts.append("\(outcome.failed) failed") }
    if outcome.diverged > 0 { parts.append("\(outcome.diverged) diverged") }
    if outcome.missing > 0 { parts.append("\(outcome.missing) missing") }
    if outcome.refutedClaims > 0 {
      parts.append("\(Wording.count(outcome.refutedClaims, "claim")) refuted")
    }
    if outcome.failedChecks > 0 {
      parts.append("\(Wording.count(outcome.failedChecks, "check")) failed")
    }
    let end = outcome.wasCancelled ? "interrupted; the same command continues from here. " : ""
    let page = Terminal.shown(path: outcome.page)
    let kept = Wording.count(outcome.keptResults, "result")
    let wrote =
      outcome.page.isEmpty
      ? ""
      : outcome.keptResults == 0
        ? "wrote \(page)"
        : "left \(page) alone: \(kept) on it would become gaps, since the study has changed"
    return ([parts.joined(separator: ", "), end + wrote, next(outcome, command: command)])
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// What a person will want to do next.
  private static func next(_ outcome: BuildOutcome, command: [String]) -> String {
    guard !outcome.page.isEmpty, !outcome.wasCancelled, command.count > 1 else { return "" }
    let build = ReproductionCommand.shellLine(["ftreport"] + command)
    let rest = command.dropFirst()
    if outcome.failed > 0 {
      return "next: the page says why cells failed; '\(build)' runs them again"
    }
    if outcome.missing > 0 || outcome.keptResults > 0 {
      return "next: '\(build)' runs what is missing and writes the page"
    }
    let publish = ReproductionCommand.shellLine(["ftreport", "publish"] + rest + ["--to", "DIR"])
    return
      "next: open \(Terminal.shown(path: outcome.page)) in a browser; '\(publish)' publishes it"
  }

  private static func summary(_ outcome: BuildOutcome) -> String {
    let counts = [
      "cells": outcome.cells, "cached": outcome.cached, "ran": outcome.ran,
      "failed": outcome.failed, "diverged": outcome.diverged, "missing": outcome.missing,
      "refutedClaims": outcome.refutedClaims, "failedChecks": outcome.failedChecks,
      "warnedChecks": outcome.warnedChecks, "stale": outcome.stale,
    ]
    var fields = counts.mapValues(JSONText.integer)
    fields["page"] = .text(outcome.page)
    if !outcome.comparisons.isEmpty {
      fields["runs"] = .list(outcome.comparisons.map(json))
      fields["keptResults"] = .integer(outcome.keptResults)
    }
    return JSONText.map(fields).text
  }

  private static func json(_ run: CellComparison) -> JSONText {
    let metrics = run.result.evaluations.map { evaluation in
      let finite = evaluation.metrics.filter(\.value.isFinite)
      return (evaluation.set, JSONText.map(finite.mapValues { JSONText($0) }))
    }
    return .map([
      "experiment": .text(run.experiment), "method": .text(run.method),
      "shots": .integer(run.shots), "seed": .integer(run.seed), "key": .text(run.result.key),
      "against": .text(run.agreementName), "differences": JSONText(run.differences),
      "metrics": .map(Dictionary(metrics, uniquingKeysWith: { first, _ in first })),
    ])
  }
}

/// An amount of memory on the command line.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    guard let bytes = Quantity.bytes(argument) else { return nil }
    self.bytes = bytes
  }
}

/// Words and numbers that agree.
enum Wording {
  /// "1 cell", "2 cells".
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

/// Turns Ctrl-C into cancellation, so that finished results are kept and the page is still written.
enum Interruption {
  static func cancelling<Value: Sendable>(_ task: Task<Value, any Error>) async throws -> Value {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { task.cancel() }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      signal(SIGINT, SIG_DFL)
      signal(SIGTERM, SIG_DFL)
    }
    return try await task.value
  }
}
