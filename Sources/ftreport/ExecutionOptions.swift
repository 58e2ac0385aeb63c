import ArgumentParser
import Dispatch
import Experiments
import Formats
import Foundation
import Logging
import Report

/// How cells are run, shared by `build` and `run`.
struct ExecutionOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "Folder of the pages.")
  var output = "_site"

  @Option(help: "Worker processes; one a core unless given.")
  var jobs: Int?

  @Option(
    help: """
      Memory that the workers may take together, such as 512MB or 2 GiB; unless given what the \
      machine and its control groups leave free.
      """)
  var memory: MemorySize?

  @Flag(help: "Stop at the first cell that fails.")
  var failFast = false

  @Flag(help: "Print nothing but mistakes.")
  var quiet = false

  @Flag(help: "Log what workers do.")
  var verbose = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1.") }
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
    let end = outcome.wasCancelled ? "interrupted; the same command goes on from here. " : ""
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

/// The program's own file, for starting workers.
enum Executable {
  static var current: URL {
    if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      return URL(fileURLWithPath: path)
    }
    return URL(fileURLWithPath: CommandLine.arguments[0])
  }

  /// Starts the program anew with the environment of workers, if that would choose other kernels.
  ///
  /// OpenBLAS chooses when it is loaded. What is trained here then has the bits of a report's cell.
  static func restartForFasterKernels() {
    let name = "OPENBLAS_CORETYPE"
    guard ProcessInfo.processInfo.environment[name] == nil,
      let kernels = Machine.workerEnvironment[name]
    else { return }
    setenv(name, kernels, 1)
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    // Only returns where it fails; the kernels chosen first do as well.
    execv(current.path, &arguments)
    for argument in arguments { free(argument) }
  }
}

/// What the machine offers.
enum Machine {
  /// The environment of workers: ours, and the kernels OpenBLAS should use where it guesses badly.
  ///
  /// OpenBLAS 0.3.21 does not know processors newer than itself and falls back to AVX2 kernels on
  /// an AMD with AVX-512, where its Skylake-X kernels take a quarter less time. What was used is
  /// part of every result's provenance.
  static var workerEnvironment: [String: String] {
    // A trap's backtrace takes seconds and hides the message before it.
    let given = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    guard given["OPENBLAS_CORETYPE"] == nil, hasAVX512 else { return given }
    return given.merging(["OPENBLAS_CORETYPE": "SKYLAKEX"]) { $1 }
  }

  /// Starts the program anew in the environment of workers, where this process computes itself.
  ///
  /// OpenBLAS chooses its kernels when it is loaded, so setting a variable now would come too late.
  /// Where the system refuses, this process goes on as it is.
  static func adoptWorkerEnvironment() {
    let (wanted, given) = (workerEnvironment, ProcessInfo.processInfo.environment)
    guard wanted["OPENBLAS_CORETYPE"] != given["OPENBLAS_CORETYPE"] else { return }
    for (name, value) in wanted { setenv(name, value, 1) }
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv(Executable.current.path, &arguments)
    for argument in arguments { free(argument) }
  }

  private static var hasAVX512: Bool {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let flags = text.split(atByte: "\n").first(where: { $0.starts(withBytes: "flags") })
    else { return false }
    let known = Set(flags.split(atByte: " "))
    return ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"].allSatisfy {
      known.contains(Substring($0))
    }
  }
}

/// Turns Ctrl-C into cancellation, so that what is finished is kept and the page still written.
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
