import ArgumentParser
import Experiments
import Foundation
import Report

/// Downloads a model from the hub.
struct ModelFetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download a model from Hugging Face's hub, as Transformers does.",
    discussion: """
      The files go into the cache that Transformers reads too (HF_HUB_CACHE, HF_HOME or \
      ~/.cache/huggingface), and their digests are verified. Afterwards the model can be named wherever \
      one is: 'model: org/name'. An interrupted download goes on where it stopped. HF_ENDPOINT names \
      another hub; a private or gated model needs HF_TOKEN or 'hf auth login'.
      """)

  @Argument(help: "org/name or org/name@revision.")
  var model: String

  @Flag(help: "Print only errors, and the folder.")
  var quiet = false

  func run() async throws {
    guard let model = HubModel(model) else {
      Terminal.complain(
        "error: '\(model)' is not the name of a model\n"
          + "  help: names are like facebook/opt-125m or facebook/opt-125m@main")
      throw ExitCode(2)
    }
    let quiet = quiet
    let work = Task {
      let display = TransferDisplay(isQuiet: quiet)
      let fetcher = HubFetcher(
        into: HubCache(), as: HubFetcher.Account(),
        progress: { display.show(received: $0, total: $1) },
        report: { display.show($0) })
      return try fetcher.fetch(model)
    }
    do {
      try Output.print(await Interruption.cancelling(work).path)
    } catch let error as FetchError {
      Terminal.complain("\(error)")
      throw ExitCode(error.reason == .interrupted ? 130 : 2)
    }
  }
}

extension TransferDisplay {
  fileprivate func show(_ event: HubFetcher.Event) {
    guard !isQuiet else { return }
    switch event {
    case .present(let name): say("already there: \(name)")
    case .begins(let name, let bytes):
      say("fetching \(name)" + (bytes.map { ", \(PlanText.size($0))" } ?? ""))
    case .fetched(let name): say("  \(name), digest matches the hub's")
    }
  }
}
