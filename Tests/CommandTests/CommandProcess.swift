import Foundation
import Testing

/// The program as a user runs it: a process with its streams kept in files.
final class CommandProcess {
  private let process = Process()
  private let output: URL
  private let errors: URL

  /// Starts `ftreport` in a folder, with a file as standard input or nothing.
  ///
  /// - Parameters:
  ///   - arguments: Of the program.
  ///   - folder: Where it starts.
  ///   - input: What it reads.
  ///   - script: A line of shell that starts the program as `"$@"`, to redirect its streams.
  ///   - environment: Variables beside those of the tests.
  /// - Throws: What keeps a process from being started.
  init(
    _ arguments: [String], in folder: URL, input: URL? = nil, script: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    let streams = FileManager.default.temporaryDirectory
    let name = "ftreport-command-\(UUID().uuidString)"
    output = streams.appendingPathComponent("\(name).out")
    errors = streams.appendingPathComponent("\(name).err")
    for file in [output, errors] { try Data().write(to: file) }
    process.executableURL = script == nil ? Self.program : URL(fileURLWithPath: "/bin/sh")
    process.arguments = script.map { ["-c", $0, "sh", Self.program.path] + arguments } ?? arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  deinit {
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
  }

  /// The executable that scripts/test names, else the one built beside these tests.
  private static let program: URL = {
    if let path = ProcessInfo.processInfo.environment["FTREPORT"] {
      return URL(fileURLWithPath: path)
    }
    return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("ftreport")
  }()

  func send(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

  /// Waits for the end, but no longer than `seconds`.
  func finish(within seconds: Double = 60) throws -> CommandResult {
    try #require(
      eventually(within: seconds) { !process.isRunning }, "the command takes too long")
    return CommandResult(
      status: process.terminationStatus,
      isSignalled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// The number of a worker that has been computing for a while and is none of `others`.
  func busyWorker(except others: Set<Int32> = []) throws -> Int32 {
    var found: Int32?
    _ = eventually(within: 30) {
      found = ProcessTable.children(of: process.processIdentifier).first {
        !others.contains($0) && ProcessTable.processorSeconds(of: $0) >= 0.15
      }
      return found != nil || !process.isRunning
    }
    return try #require(found, "no worker is busy")
  }
}

/// What a command left.
struct CommandResult {
  let status: Int32
  let isSignalled: Bool
  let output: String
  let errors: String

  /// A number out of the JSON object on standard output.
  func count(_ name: String) throws -> Int {
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require((object as? [String: Any])?[name] as? Int, "no '\(name)' in \(output)")
  }
}

/// Looks every few milliseconds whether something has come true.
func eventually(within seconds: Double, _ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while !condition() {
    guard ContinuousClock.now < end else { return false }
    usleep(5000)
  }
  return true
}

/// The processes of this machine.
enum ProcessTable {
  static func children(of parent: Int32) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { fields(of: $0)?[1] == "\(parent)" }.sorted()
  }

  /// Whether a process is there and has not ended.
  static func isAlive(_ process: Int32) -> Bool {
    fields(of: process).map { $0[0] != "Z" } ?? false
  }

  /// Seconds of processor time used so far.
  static func processorSeconds(of process: Int32) -> Double {
    guard let fields = fields(of: process) else { return 0 }
    return fields[11...12].compactMap { Double($0) }.reduce(0, +)
      / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The fields of `/proc/N/stat` from the state on, which stands behind the program's name.
  private static func fields(of process: Int32) -> [Substring]? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 12 ? fields : nil
  }
}
