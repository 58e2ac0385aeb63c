import Foundation

/// A git repository, asked through its own program.
struct GitRepository: Sendable {
  /// How a command ended.
  struct Outcome {
    let status: Int32
    let output: Data
    /// Standard error, without the ends of lines that hints take.
    let complaint: String

    var text: String {
      String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// A folder of the repository.
  let folder: URL
  /// Added to every command's environment.
  var environment: [String: String] = [:]

  /// Runs git.
  ///
  /// - Parameters:
  ///   - arguments: Passed as they are; no shell reads them.
  ///   - input: Standard input.
  /// - Returns: How it ended, whatever its status.
  /// - Throws: ``PublicationRefused`` where git is not installed.
  func run(
    _ arguments: [String], input: Data = Data()
  ) throws(PublicationRefused) -> Outcome {
    // Files instead of pipes: neither side can wait for the other.
    let files = (0..<3).map { _ in
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "ftreport-git-\(UUID().uuidString)")
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Nothing may start work in the background that outlives the command.
    process.arguments =
      ["git", "-C", folder.path, "-c", "gc.auto=0", "-c", "maintenance.auto=false"] + arguments
    var variables = ProcessInfo.processInfo.environment.filter {
      !Self.placeVariables.contains($0.key)
    }
    variables["LC_ALL"] = "C"
    // Looking at the repository must not refresh its index.
    variables["GIT_OPTIONAL_LOCKS"] = "0"
    variables.merge(environment) { $1 }
    process.environment = variables
    do {
      try input.write(to: files[0])
      try Data().write(to: files[1])
      try Data().write(to: files[2])
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
    } catch {
      throw Self.unusable("\(error.localizedDescription)")
    }
    process.waitUntilExit()
    // `env` exits with 127 for a program that it does not find.
    guard process.terminationStatus != 127 else { throw Self.unusable("it is not installed") }
    let said = (try? String(contentsOf: files[2], encoding: .utf8)) ?? ""
    return Outcome(
      status: process.terminationStatus,
      output: (try? Data(contentsOf: files[1])) ?? Data(),
      complaint: said.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// The text that a command prints; nil where it fails.
  func text(_ arguments: String...) throws(PublicationRefused) -> String? {
    let outcome = try run(arguments)
    return outcome.status == 0 ? outcome.text : nil
  }

  /// Set by git for its hooks, and about another repository than the source's.
  private static let placeVariables: Set<String> = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX",
  ]

  private static func unusable(_ why: String) -> PublicationRefused {
    PublicationRefused(
      at: "git", "the program cannot be used: \(why)", help: "install git, or publish to a folder")
  }
}

extension GitRepository {
  /// The commit that last changed a source; nil outside a repository and for a source that is in no
  /// commit.
  func commit(ofSource source: URL) -> ReportRecord.Commit? {
    let path = source.path
    guard let id = try? text("log", "-1", "--format=%H", "--", path), !id.isEmpty else {
      return nil
    }
    let changes = try? text("status", "--porcelain", "--untracked-files=no", "--", path)
    return ReportRecord.Commit(id: id, isModified: changes.map { !$0.isEmpty } ?? true)
  }
}
