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
      Build.self, Run.self, Check.self, Plan.self, Audit.self, Cache.self, DataCommand.self,
      Model.self, Estimate.self, Doctor.self,
      Worker.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let message = fullMessage(for: error)
      // ArgumentParser's own errors are about the command line (2) or ask for help (0).
      let status = exitCode(for: error)
      guard status != .success else {
        print(message)
        Foundation.exit(0)
      }
      guard status != .validationFailure else {
        Terminal.complain(message)
        Foundation.exit(2)
      }
      Terminal.complain("internal error: \(error)\n  help: please report it with the source")
      Foundation.exit(1)
    }
  }
}
