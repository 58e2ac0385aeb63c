import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Checks the files of tasks.
struct DataVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say what is missing, changed, or shared between sets.",
    discussion: "Ends with exit code 2 if something is missing or not as it should be.")

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
