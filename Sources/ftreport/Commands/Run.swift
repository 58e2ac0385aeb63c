import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Runs one embedded experiment, or part of it, and writes the page again.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one embedded experiment, then write the page again.")

  @Argument(help: "Markdown source.", completion: .file(extensions: ["md"]))
  var source: String

  @Argument(help: "Label of the experiment.")
  var id: String

  @Option(help: "Only this method.")
  var method: String?

  @Option(help: "Only this number of examples.")
  var shots: Int?

  @Option(help: "Only this seed.")
  var seed: Int?

  @Flag(help: "Run the cells although they are known.")
  var fresh = false

  @OptionGroup var parameters: ParameterOptions
  @OptionGroup var execution: ExecutionOptions

  func run() async throws {
    let outcome = try await Diagnostics.guarding(json: parameters.json) {
      let opened = try OpenSource(source, overrides: try parameters.overrides())
      if let experiments = opened.reading.report?.experiments, !opened.reading.hasErrors {
        try check(experiments)
      }
      let filter = CellFilter(
        experiment: id, method: method, shots: shots, seed: seed, isFresh: fresh)
      let plan = try opened.plan(json: parameters.json) { place, label in
        fresh && filter.matches(place, of: label)
      }
      return try await execution.perform(
        plan, of: opened,
        options: BuildOptions(
          output: execution.outputFolder, filter: filter, failsFast: execution.failFast,
          command: parameters.command(building: source)),
        json: parameters.json)
    }
    let code = outcome.exitCode(strict: false)
    if code != 0 { throw ExitCode(code) }
  }

  private func check(_ experiments: [ExperimentBlock]) throws {
    try Naming.check(id, in: experiments.map(\.label), option: "ID")
    guard let block = experiments.first(where: { $0.label == id }) else { return }
    if let method {
      try Naming.check(method, in: block.methods.map(\.name.value), option: "--method")
    }
    if let shots {
      try Naming.check(shots, in: block.shots.map(\.value), option: "--shots")
    }
    if let seed {
      try Naming.check(seed, in: block.seeds.map(\.value), option: "--seed")
    }
  }
}
