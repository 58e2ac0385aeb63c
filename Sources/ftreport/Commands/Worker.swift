import ArgumentParser
import Experiments
import Formats
import Foundation

/// Runs cells for a coordinator, one at a time, over standard input and output.
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run cells for a build.", shouldDisplay: false)

  @Option(help: "Where states of frozen models are kept.")
  var states: String?

  func run() throws {
    let runner = CellRunner(
      states: states.map { FrozenStateCache(URL(fileURLWithPath: $0, isDirectory: true)) })
    WorkerLoop.run { request, progress in
      try runner.run(request.cell, inputs: request.inputs) { progress($0, $1) }
    }
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

  /// Restarts the program in the environment of workers, if this process computes itself.
  ///
  /// OpenBLAS chooses its kernels when it is loaded, so setting a variable now would come too late.
  /// If the system refuses, this process continues unchanged.
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
