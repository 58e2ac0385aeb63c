import ArgumentParser
import Experiments
import Foundation
import Report

/// Downloads the files of tasks.
struct DataFetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download the files of tasks from their official places.",
    discussion: """
      What has arrived of an interrupted download is kept, and the same command goes on from there. \
      Checksums that are known are checked; all others are written down in SHA256SUMS in the data \
      folder, where 'data verify' finds them.
      """)

  @OptionGroup var arguments: TaskArguments

  @Option(help: ArgumentHelp("The data folder.", valueName: "dir"), completion: .directory)
  var to: String = DataCommand.defaultFolder

  @Flag(help: "Print only errors.")
  var quiet = false

  func validate() throws {
    guard !arguments.tasks.isEmpty else {
      let names = TaskCatalog.published.tasks.map(\.name).joined(separator: ", ")
      throw ValidationError("Name at least one task: \(names), or a task file.")
    }
  }

  func run() async throws {
    let sources = try arguments.sources()
    let (folder, quiet) = (URL(fileURLWithPath: to, isDirectory: true), quiet)
    let work = Task {
      let display = TransferDisplay(isQuiet: quiet)
      let fetcher = TaskFetcher(
        into: folder,
        using: Downloader { display.show(received: $0, total: $1) },
        report: { display.show($0) })
      var isComplete = true
      for source in sources {
        let task = source.definition
        guard !task.files.allSatisfy({ $0.generator != nil }) else {
          display.say("\(task.name): nothing to fetch, the program generates it")
          continue
        }
        guard !task.about.downloads.isEmpty else {
          isComplete = false
          display.say("\(task.name): the task does not say where to get its files")
          continue
        }
        isComplete = try fetcher.fetch(task) && isComplete
      }
      return isComplete
    }
    do {
      guard try await Interruption.cancelling(work) else { throw ExitCode(2) }
    } catch let error as FetchError {
      Terminal.complain("\(error)")
      throw ExitCode(error.reason == .interrupted ? 130 : 2)
    }
  }
}

extension TransferDisplay {
  func show(_ event: TaskFetcher.Event) {
    switch event {
    case .byHand(let words, let files):
      say("not fetched: \(files.joined(separator: ", "))\n  help: \(words)")
    case _ where isQuiet: break
    case .present(let files): say("already there: \(files.joined(separator: ", "))")
    case .begins(let address): say("fetching \(address)")
    case .fetched(let path, let isVerified):
      say("  \(path), " + (isVerified ? "checksum matches the published one" : "checksum recorded"))
    }
  }
}
