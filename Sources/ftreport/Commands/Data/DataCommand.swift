import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// The tasks' files; not called `Data`, which is Foundation's.
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, fetch, verify and show the data of tasks.",
    subcommands: [DataList.self, DataFetch.self, DataVerify.self, DataShow.self])

  /// The default folder.
  static let defaultFolder = "data"
}

/// The tasks a command is about, and where their files are.
struct TaskArguments: ParsableArguments {
  @Argument(
    help: "Names of tasks, or task files (NAME.yml).", completion: .file(extensions: ["yml"]))
  var tasks: [String] = []

  /// The tasks that were named, or every published one; each with the folder of its own file.
  ///
  /// Mistakes are printed and end the command with exit code 2.
  func sources() throws -> [TaskSource] {
    let names = tasks.isEmpty ? TaskCatalog.published.tasks.map(\.name) : tasks
    return try Self.explained { try names.map(TaskSource.init(named:)) }
  }

  /// One task by its name or file; mistakes are printed and end the command with exit code 2.
  static func source(named name: String) throws -> TaskSource {
    try explained { try TaskSource(named: name) }
  }

  private static func explained<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let mistakes as Mistakes {
      try Diagnostics.show(mistakes.diagnostics, json: false)
    } catch let error as TaskError {
      Terminal.complain("\(error)")
    }
    throw ExitCode(2)
  }
}

/// The folder of the tasks' files.
struct DataFolderOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data folder: 'data' if not given, or the folder of a task file.", valueName: "dir"),
    completion: .directory)
  var data: String?

  func loader(of source: TaskSource) -> TaskLoader {
    TaskLoader(
      folder: data.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? source.folder
        ?? URL(fileURLWithPath: DataCommand.defaultFolder, isDirectory: true))
  }
}

/// Lists tasks and their files.
struct DataList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List tasks and where their files are.")

  @OptionGroup var arguments: TaskArguments
  @OptionGroup var folder: DataFolderOption

  @Flag(help: "Print JSON.")
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
      /// Where a missing file is expected.
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

/// Checks the files of tasks.
struct DataVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Report files that are missing or changed, and examples shared between sets.",
    discussion: "The exit code is 2 if something is missing or wrong.")

  @OptionGroup var arguments: TaskArguments
  @OptionGroup var folder: DataFolderOption

  func run() async throws {
    let verifications = try arguments.sources().map {
      TaskVerification(of: $0.definition, in: folder.loader(of: $0))
    }
    try Output.print(verifications.map(Self.text).joined(separator: "\n\n"))
    if verifications.contains(where: \.hasProblem) { throw ExitCode(2) }
  }

  private static func text(_ verification: TaskVerification) -> String {
    let lines = verification.findings.map { finding in
      let mark =
        switch finding.level {
        case .fine: "ok   "
        case .note: "note "
        case .problem: "WRONG"
        }
      return "  \(mark) \(VisibleText.line(finding.message))"
        + (finding.help.map { "\n        help: \(VisibleText.line($0))" } ?? "")
    }
    return ([VisibleText.line(verification.task)] + lines).joined(separator: "\n")
  }
}
