import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Lists tasks and their files.
struct DataList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List tasks and where their files are.")

  @OptionGroup var arguments: TaskArguments
  @OptionGroup var folder: DataFolderOption

  @Flag(help: "As JSON.")
  var json = false

  func run() async throws {
    let sources = try arguments.sources()
    let inventories = sources.map { source -> (TaskInventory, URL) in
      let loader = folder.loader(of: source)
      return (TaskInventory(of: source.definition, in: loader), loader.folder)
    }
    if json {
      try Model.printJSON(inventories.map { Listing($0, folder: $1) })
    } else {
      try Output.print(inventories.map { Self.text($0, folder: $1) }.joined(separator: "\n\n"))
    }
  }

  private static func text(_ inventory: TaskInventory, folder: URL) -> String {
    let about = inventory.task.about
    var lines = [inventory.task.name + (about.title.map { ": \($0)" } ?? "")]
    if let licence = about.licence { lines.append("  licence: \(licence)") }
    let width = inventory.files.map(\.role.count).max() ?? 0
    for file in inventory.files {
      let role = file.role.padding(toLength: width, withPad: " ", startingAt: 0)
      let rows = file.rows.map { "\($0) rows" } ?? (file.path == nil ? "missing" : "unreadable")
      let place =
        file.path.map { DataFile.Candidate($0).url(in: folder).relativePath }
        ?? (file.rows == nil ? nil : "generated")
      lines.append("  \(role)  \(rows)\(place.map { "  \($0)" } ?? "")")
    }
    if !inventory.isComplete, !about.downloads.isEmpty {
      lines.append("  fetch with: ftreport data fetch \(inventory.task.name)")
    }
    return lines.map(VisibleText.line).joined(separator: "\n")
  }

  /// A task as JSON.
  private struct Listing: Encodable {
    struct File: Encodable {
      let role: String
      let path: String?
      let rows: Int?
      let classes: [String: Int]?
      let note: String?
      let problem: String?
      /// Where a file that is missing would be found.
      let candidates: [String]
    }

    let name: String
    let title: String?
    let licence: String?
    let citation: String?
    let labels: [String]
    let sets: [String]
    let patterns: [String]
    let folder: String
    let files: [File]

    init(_ inventory: TaskInventory, folder: URL) {
      let task = inventory.task
      name = task.name
      (title, licence, citation) = (task.about.title, task.about.licence, task.about.citation)
      labels = task.labels
      sets = task.evaluations.flatMap { [$0.name] + $0.subsets.map(\.name) }
      patterns = task.patternNames
      self.folder = folder.path
      files = zip(inventory.files, task.files).map { file, definition in
        File(
          role: file.role, path: file.path, rows: file.rows,
          classes: file.rows == nil
            ? nil : Dictionary(uniqueKeysWithValues: zip(task.labels, file.classes)),
          note: file.note, problem: file.error?.message,
          candidates: definition.candidates.map(\.path))
      }
    }
  }
}
