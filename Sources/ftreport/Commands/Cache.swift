import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// The stored results.
struct Cache: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Inspect stored results.", subcommands: [CacheList.self])
}

/// Lists stored results, newest first.
struct CacheList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List stored results, newest first.")

  @Option(help: "Only results of this task.")
  var task: String?

  @Option(help: "Only keys with this prefix.")
  var key = ""

  @Option(help: "At most this many.")
  var limit: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Diagnostics.guarding {
      let here = URL(
        fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
      let database = Workspace(source: here.appendingPathComponent("x.md"), currentFolder: here)
        .database
      guard FileManager.default.fileExists(atPath: database.path) else {
        Terminal.complain("no results are stored for this folder yet")
        if json { try Output.print("[]") }
        return
      }
      let store = try ResultStore(at: database)
      let results = try store.list(keyPrefix: key, task: task, limit: limit)
      for line in StoreDamage.lines(store.takeDamage()) { Terminal.complain("warning: \(line)") }
      if json { try Output.print(Self.json(results)) } else { try Self.table(results) }
    }
  }

  private static func table(_ results: [StoredResult]) throws {
    // A column only where something is in it.
    let hasInits = results.contains { $0.initSeed != nil }
    let header: [String] =
      ["key", "task", "method", "n", "seed"] + (hasInits ? ["init"] : [])
      + ["status", "seconds", "stored", "age"]
    let rows: [[String]] =
      [header]
      + results.map { result -> [String] in
        let cell = [
          String(result.key.prefix(8)), result.task, result.method, "\(result.shots)",
          "\(result.seed)",
        ]
        let end = [
          result.status.rawValue, String(format: "%.2f", result.seconds),
          PlanText.size(result.bytes),
          ProgressDisplay.duration(Date().timeIntervalSince1970 - result.recorded),
        ]
        let initSeed = hasInits ? [result.initSeed.map(String.init) ?? ""] : []
        return (cell + initSeed + end).map(VisibleText.line)
      }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      try Output.print(
        zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
          .joined(separator: "  ").trimmingCharacters(in: .whitespaces))
    }
  }

  private static func json(_ results: [StoredResult]) -> String {
    let values = results.map { result -> JSONText in
      var fields: [String: JSONText] = [
        "key": .text(result.key), "task": .text(result.task), "model": .text(result.model),
        "method": .text(result.method), "shots": .integer(result.shots),
        "seed": .integer(result.seed), "status": .text(result.status.rawValue),
        "seconds": JSONText(result.seconds), "bytes": .integer(result.bytes),
        "recorded": JSONText(result.recorded),
      ]
      fields["initSeed"] = result.initSeed.map(JSONText.integer)
      return .map(fields)
    }
    return JSONText.list(values).text
  }
}
