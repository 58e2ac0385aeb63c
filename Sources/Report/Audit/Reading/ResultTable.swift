package import Formats
package import Foundation

/// A table of results of anybody's, read as runs with scores.
package struct ResultTable {
  /// The path as given.
  package let file: String
  let runs: [AuditedRun]
  /// Columns whose names say nothing to this program.
  let unreadColumns: [String]
  /// Columns that tell the cells of equal methods apart.
  let settings: [String]
  /// Rows without a score, and of what status.
  let gaps: [String: Int]
  /// Lines of rows that repeat a cell, seed and metric that an earlier row has.
  let repeatedLines: [Int]
  /// Metrics that are written as percentages and read as shares.
  let percentMetrics: [String]
  /// Whether the table says which run is which.
  let hasSeeds: Bool

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - url: A CSV file; see ``DelimitedText``.
  ///   - file: The path that diagnostics print.
  ///   - columns: Roles given on the command line, as in `seed=trial_number`.
  /// - Throws: ``Diagnostic`` FT001 and FT060 to FT062.
  package init(
    contentsOf url: URL, file: String, columns: [String] = []
  ) throws(Diagnostic) {
    let text = try DelimitedText(TextFile(contentsOf: url, file: file, kind: .table))
    try self.init(text, file: file, columns: columns)
  }

  init(_ text: DelimitedText, file: String, columns: [String] = []) throws(Diagnostic) {
    let layout = try ResultLayout(text, file: file, columns: columns)
    guard !text.rows.isEmpty else {
      throw Diagnostic(
        .malformedResults, at: SourcePosition(file: file, line: 1),
        "the table has a header and no rows", help: "was the file cut off?")
    }
    var reader = RunReader(text, layout: layout)
    try reader.read()
    guard !reader.runs.isEmpty else {
      throw Diagnostic(
        .malformedResults, at: text.rows[0][0].position, "no row has a score",
        help: "scores stand in columns such as accuracy or ood_f1, or in one called value")
    }
    self.file = file
    runs = reader.runs
    unreadColumns = layout.unread
    settings = reader.varyingSettings
    gaps = reader.gaps
    repeatedLines = reader.repeatedLines
    percentMetrics = reader.percentMetrics
    hasSeeds = layout.index(of: .seed) != nil
  }
}
