import Formats
import Foundation

/// A program of the system that does one thing for this one.
struct SystemProgram {
  let name: String

  struct Outcome {
    let status: Int32
    /// What it said on standard error, on one line.
    let complaint: String
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: Passed as they are; no shell reads them.
  ///   - output: Where standard output goes; nowhere if nil.
  ///   - address: What is being fetched, for errors.
  ///   - whileRunning: Called several times a second.
  /// - Returns: How it ended.
  /// - Throws: ``FetchError`` if the program is not installed, or the task was cancelled, in which case
  ///   the program has ended too.
  func run(
    _ arguments: [String], output: FileHandle? = nil, for address: String,
    whileRunning: () -> Void = {}
  ) throws(FetchError) -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw FetchError(.missingProgram(name), address: address)
    }
    while process.isRunning {
      guard !Task.isCancelled else {
        // A child inherits that this program ignores SIGINT and SIGTERM while it catches them.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw FetchError(.interrupted, address: address)
      }
      whileRunning()
      usleep(50_000)
    }
    let said = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    // `env` says 127 for a program it does not find.
    guard process.terminationStatus != 127 else {
      throw FetchError(.missingProgram(name), address: address)
    }
    let lines = String(decoding: said, as: UTF8.self).split(atByte: "\n")
    return Outcome(
      status: process.terminationStatus,
      complaint: lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "; "))
  }
}
