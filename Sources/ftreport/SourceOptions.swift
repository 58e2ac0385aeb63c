import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// The source and its parameters, shared by all commands that read one.
struct SourceOptions: ParsableArguments {
  @Argument(help: "Markdown sources.", completion: .file(extensions: ["md"]))
  var sources: [String]

  @OptionGroup var parameters: ParameterOptions

  func validate() throws {
    guard !sources.isEmpty else { throw ValidationError("Name at least one Markdown source.") }
  }
}

/// Parameters of a source.
struct ParameterOptions: ParsableArguments {
  @Option(
    name: [.customShort("P")], parsing: .singleValue,
    help: ArgumentHelp("Set a parameter of the source.", valueName: "key=value"))
  var parameters: [String] = []

  @Option(name: .customLong("params"), help: "A YAML file of parameters.")
  var parametersFile: String?

  @Option(
    name: .customLong("allow-files"), parsing: .singleValue,
    help: ArgumentHelp(
      "Allow pictures from this folder too; may be repeated.", valueName: "dir"),
    completion: .directory)
  var allowedFolders: [String] = []

  @Flag(help: "Print diagnostics and results as JSON on standard output.")
  var json = false

  /// The words that build a source again with these parameters.
  func command(building path: String) -> [String] {
    ["build", path] + (parametersFile.map { ["--params", $0] } ?? [])
      + parameters.flatMap { ["-P", $0] } + allowedFolders.flatMap { ["--allow-files", $0] }
  }

  /// The parameters as the reader takes them.
  func overrides() throws -> ParameterOverrides {
    var overrides = ParameterOverrides()
    if let parametersFile {
      guard let text = try? String(contentsOfFile: parametersFile, encoding: .utf8) else {
        throw Diagnostic(
          .unreadableFile, at: SourcePosition(file: parametersFile, line: 1),
          "the parameters file cannot be read", help: "check the path given to --params")
      }
      try overrides.add(text: text, of: parametersFile)
    }
    for assignment in parameters { try overrides.add(assignment: assignment) }
    return overrides
  }
}

/// One source on the way from its file to a plan.
struct OpenSource {
  let path: String
  let workspace: Workspace
  let store: ResultStore
  let reading: ReportReader.Reading

  /// Reads a source and opens its results.
  ///
  /// - Parameters:
  ///   - path: As given on the command line.
  ///   - parameters: Of the command line.
  ///   - isTransient: Whether nothing may be written, as when only checking.
  /// - Throws: ``StoreError`` when the results database cannot be opened, ``Diagnostic`` for a
  ///   parameter that cannot be read.
  init(_ path: String, _ parameters: ParameterOptions, isTransient: Bool = false) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    workspace = Workspace(
      source: url,
      currentFolder: URL(
        fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
      allowedFolders: parameters.allowedFolders.map {
        URL(fileURLWithPath: $0, isDirectory: true)
      })
    reading = ReportReader(overrides: try parameters.overrides()).read(url, file: path)
    let isNew = !FileManager.default.fileExists(atPath: workspace.database.path)
    if reading.report == nil || (isTransient && isNew) {
      store = try ResultStore.inMemory()
    } else {
      store = try ResultStore(at: workspace.database)
    }
  }

  /// Plans the source; mistakes are printed and end the command with exit code 2.
  func plan(
    json: Bool, refreshing: (PlannedExperiment.Place, String) -> Bool = { _, _ in false }
  ) throws -> ReportPlan {
    let planning = try ReportPlanner(workspace: workspace, store: store)
      .plan(reading, refreshing: refreshing)
    try Diagnostics.show(planning.diagnostics, json: json && planning.plan == nil)
    guard let plan = planning.plan else { throw ExitCode(2) }
    return plan
  }
}

/// Prints mistakes as text for people or as JSON for programs.
enum Diagnostics {
  static func show(_ diagnostics: [Diagnostic], json: Bool) throws {
    if json {
      try Output.print(JSONCoding.text(of: ["diagnostics": diagnostics], .indented))
    } else {
      for diagnostic in diagnostics { Terminal.complain("\(diagnostic)") }
    }
  }

  private static func show(_ refusal: PublicationRefused, json: Bool) throws {
    guard json else { return Terminal.complain("\(refusal)") }
    let problems = refusal.problems.map {
      ["place": $0.place, "message": $0.message, "help": $0.help]
    }
    try Output.print(JSONCoding.text(of: ["problems": problems], .indented))
  }

  /// Runs `body`; what a user can cause is printed and becomes exit code 2.
  static func guarding<Result>(
    json: Bool = false, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let diagnostic as Diagnostic {
      try show([diagnostic], json: json)
      throw ExitCode(2)
    } catch let error as StoreError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    } catch let error as OutputError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    } catch let error as PublicationRefused {
      try show(error, json: json)
      throw ExitCode(error.exitCode)
    } catch let error as RenderingError {
      Terminal.complain("error: \(error)")
      throw ExitCode(1)
    } catch let error as ExecutorError {
      Terminal.complain("\(error)")
      throw ExitCode(1)
    }
  }
}
