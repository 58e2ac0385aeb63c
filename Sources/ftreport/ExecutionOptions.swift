import ArgumentParser
import Dispatch
import Experiments
import Formats
import Foundation
import Logging
import Report

/// How cells are run, shared by `build` and `run`.
struct ExecutionOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "Folder for the pages.")
  var output = "_site"

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

  var outputFolder: URL { URL(fileURLWithPath: output, isDirectory: true) }

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
        program: Executable.current, arguments: ["worker"], workers: workers,
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
    } else if !quiet {
      Terminal.complain(Self.sentence(outcome))
    }
    return outcome
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

  private static func sentence(_ outcome: BuildOutcome) -> String {
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
    let here = FileManager.default.currentDirectoryPath + "/"
    let page =
      outcome.page.starts(withBytes: here)
      ? String(outcome.page.dropping(firstBytes: here.utf8.count)) : outcome.page
    let end = outcome.wasCancelled ? "interrupted; the same command continues from here. " : ""
    return parts.joined(separator: ", ") + "\n" + end + "wrote \(page)"
  }

  private static func summary(_ outcome: BuildOutcome) throws -> String {
    let values: [String: Any] = [
      "cells": outcome.cells, "cached": outcome.cached, "ran": outcome.ran,
      "failed": outcome.failed, "diverged": outcome.diverged, "missing": outcome.missing,
      "refutedClaims": outcome.refutedClaims, "failedChecks": outcome.failedChecks,
      "warnedChecks": outcome.warnedChecks,
      "page": outcome.page, "stale": outcome.stale,
    ]
    let data = try JSONSerialization.data(
      withJSONObject: values, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
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
