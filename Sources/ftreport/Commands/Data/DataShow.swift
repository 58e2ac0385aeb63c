import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Prints examples of a task as `train` and `predict` read them.
struct DataShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a task's training pool, an evaluation set or the sample of a cell.",
    discussion: """
      One JSON object a line, with 'text', perhaps 'pair', and 'label': saved as FILE.jsonl, it is what \
      'ftreport train --train FILE.jsonl' reads. --shots and --seed draw the same examples in the same \
      order as a report's cell with that seed.
      """)

  @Argument(
    help: "A task's name, or a task file (NAME.yml).", completion: .file(extensions: ["yml"]))
  var task: String

  @Option(help: "An evaluation set instead of the training pool.")
  var set: String?

  @Option(help: "Draw this many examples from the training pool, as a cell does.")
  var shots: Int?

  @Option(help: "What --shots counts: class (if not given), total or natural.")
  var shotsPer: ShotCounting?

  @Option(help: "The seed to draw --shots with; 0 if not given.")
  var seed: Int?

  @OptionGroup var folder: DataFolderOption

  func validate() throws {
    if set != nil, shots != nil {
      throw ValidationError("--shots draws from the training pool, so it cannot go with --set.")
    }
    if shots == nil, shotsPer != nil || seed != nil {
      throw ValidationError("--seed and --shots-per need --shots.")
    }
  }

  func run() async throws {
    let source = try TaskArguments.source(named: task)
    do {
      let loaded = try folder.loader(of: source).load(
        source.definition, sets: set.map { [$0] } ?? [])
      guard source.definition.fields.count <= 2 else {
        throw TaskError(.tooManyFields(source.definition.fields.count), task: task)
      }
      try Output.print(lines(of: chosen(from: loaded), labels: loaded.definition.labels))
    } catch let error as TaskError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    }
  }

  private func chosen(from task: LoadedTask) throws(TaskError) -> [Example] {
    if let set { return task.evaluation(named: set)?.examples ?? [] }
    guard let shots else { return task.training }
    return try task.sample(shots: shots, per: shotsPer ?? .class, seed: seed ?? 0).examples
  }

  private func lines(of examples: [Example], labels: [String]) throws -> String {
    try examples.map { example in
      let line = Line(
        label: labels[example.label], pair: example.fields.dropFirst().first,
        text: example.fields.first ?? "")
      return try JSONCoding.text(of: line)
    }.joined(separator: "\n")
  }

  private struct Line: Encodable {
    let label: String
    let pair: String?
    let text: String
  }
}

extension ShotCounting: ExpressibleByArgument {}
