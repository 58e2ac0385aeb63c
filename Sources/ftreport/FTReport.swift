import ArgumentParser
import Foundation

@main
struct FTReport: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ftreport",
    abstract: "Turn a Markdown study into an HTML report whose every number was run and checked.",
    version: version,
    subcommands: [
      Init.self, Build.self, Run.self, Publish.self, Check.self, Plan.self, Errors.self,
      Export.self, Audit.self,
      Cache.self, DataCommand.self, Model.self, Estimate.self, Train.self, Predict.self,
      Doctor.self,
      Worker.self,
    ])

  static func main() async {
    StandardStreams.prepare()
    Foundation.exit(await status())
  }

  /// Runs the command that the arguments name.
  ///
  /// - Returns: The exit code.
  private static func status() async -> Int32 {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      return status(of: error)
    }
  }

  /// Prints what went wrong.
  ///
  /// ArgumentParser's own errors are about the command line or ask for help.
  private static func status(of error: any Error) -> Int32 {
    let message = fullMessage(for: error)
    switch exitCode(for: error) {
    case .success:
      do {
        try Output.print(message)
        return 0
      } catch {
        Terminal.complain("\(error)")
        return 1
      }
    case .validationFailure:
      Terminal.complain(message)
      return 2
    default:
      Terminal.complain(
        error is LostOutput
          ? "\(error)" : "internal error: \(error)\n  help: please report it with the source")
      return 1
    }
  }
}
