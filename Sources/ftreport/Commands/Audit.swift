import ArgumentParser
import Foundation
import Report

/// Checks a table of results, ours or anybody's, for problems that make numbers misleading.
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a CSV file of results for problems that make numbers misleading.",
    discussion: """
      The table has one row for each run with a column for each score (accuracy, ood_f1), or one row \
      for each score with columns 'metric' and 'value', as this program's own NAME.csv. Columns are \
      known by many names: method; model; task or dataset; set or split; shots, n or k; seed or run. \
      Others are named with --column.
      """)

  @Argument(help: "CSV files.", completion: .file(extensions: ["csv", "tsv"]))
  var files: [String]

  @Option(
    name: .customLong("column"), parsing: .singleValue,
    help: ArgumentHelp(
      "Read a column as method, model, task, set, shots, seed, metric, value, status or setting; "
        + "may be repeated.", valueName: "role=name"))
  var columns: [String] = []

  @Option(
    name: .customLong("majority"), parsing: .singleValue,
    help: ArgumentHelp(
      "The share of a set's commonest class; may be repeated.", valueName: "task/set=share"))
  var majorities: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Exit with 4 if a check fails.")
  var strict = false

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("Name at least one CSV file.") }
  }

  func run() async throws {
    var hasFailed = false
    for (index, file) in files.enumerated() {
      try await Diagnostics.guarding(json: json) {
        let table = try ResultTable(
          contentsOf: URL(fileURLWithPath: file), file: file, columns: columns)
        let audit = try Report.Audit(table, majorities: majorities)
        if index > 0, !json { try Output.print("") }
        try Output.print(
          json
            ? AuditJSON(audit).text
            : AuditText(
              audit, width: min(Output.width ?? 100, 110),
              isColored: Output.isColored
            ).text)
        hasFailed = hasFailed || audit.status == .fail
      }
    }
    if strict, hasFailed { throw ExitCode(4) }
  }
}
