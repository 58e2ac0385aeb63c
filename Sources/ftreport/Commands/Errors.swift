import ArgumentParser
import Experiments
import Formats
import Report

/// Prints what a method answers wrongly.
struct Errors: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the items that a method answers wrongly, or where two methods disagree.",
    discussion: """
      Reads stored results and runs nothing. The items that most runs have wrong come first; with \
      --against, those with the largest difference between the methods.
      """)

  @Argument(help: "Markdown source.", completion: .file(extensions: ["md"]))
  var source: String

  @Argument(help: "Label of the experiment.")
  var id: String

  @Option(help: "The method.")
  var method: String

  @Option(help: "A method to compare it with.")
  var against: String?

  @Option(help: "The number of examples; the most by default.")
  var shots: Int?

  @Option(help: "The evaluation set; the experiment's first by default.")
  var set: String?

  @Option(help: "How many items to print.")
  var most = 20

  @OptionGroup var parameters: ParameterOptions

  func validate() throws {
    if most < 1 { throw ValidationError("--most must be at least 1.") }
  }

  func run() async throws {
    try await Diagnostics.guarding(json: parameters.json) {
      let opened = try OpenSource(source, parameters, isTransient: true)
      if let experiments = opened.reading.report?.experiments, !opened.reading.hasErrors {
        try Naming.check(id, in: experiments.map(\.label), option: "ID")
      }
      let plan = try opened.plan(json: parameters.json)
      guard let shape = plan.experiments.first(where: { $0.block.label == id })?.shape else {
        return
      }
      for name in [method, against].compactMap(\.self) {
        try Naming.check(name, in: shape.methods, option: "--method")
      }
      if let shots { try Naming.check(shots, in: shape.shots, option: "--shots") }
      if let set { try Naming.check(set, in: shape.sets, option: "--set") }
      guard
        let list = ErrorList(
          of: method, against: against, shots: shots, set: set, experiment: id, in: plan,
          workspace: opened.workspace)
      else {
        Terminal.complain("error: the examples of '\(id)' cannot be read")
        throw ExitCode(1)
      }
      guard list.answered > 0 else {
        Terminal.complain(
          "error: no run of '\(method)' is stored\n  help: run 'ftreport build \(source)' first")
        throw ExitCode(5)
      }
      try show(list)
    }
  }

  private func show(_ list: ErrorList) throws {
    let items = list.items.prefix(most)
    if parameters.json {
      return try Output.print(items.map { list.json($0).line }.joined(separator: "\n"))
    }
    let what = list.other.map { "\(list.method) and \($0) disagree on" } ?? "\(list.method) has"
    let end = list.other == nil ? " wrong in some run" : ""
    var lines = [
      "\(what) \(Wording.count(list.items.count, "item")) of \(list.answered) on '\(list.set)'"
        + "\(end), at \(list.shots) shots"
    ]
    for item in items {
      lines.append("")
      lines += item.texts
      lines.append("  class: \(list.name(item.truth))")
      lines.append("  \(list.method): \(list.words(item.answers))")
      if let other = list.other { lines.append("  \(other): \(list.words(item.others))") }
    }
    try Output.print(lines.map(VisibleText.line).joined(separator: "\n"))
  }
}
