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

  /// The folder that is meant when none is named.
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

/// Where the files of tasks are looked for.
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
