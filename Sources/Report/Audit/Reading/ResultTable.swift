package import Formats
package import Foundation

/// Anybody's table of results, read as runs with scores.
package struct ResultTable {
  /// The path as given.
  package let file: String
  let runs: [AuditedRun]
  /// Columns with unknown names.
  let unreadColumns: [String]
  /// Columns that distinguish the cells of equal methods.
  let settings: [String]
  /// Rows without a score, and of what status.
  let gaps: [String: Int]
  /// Lines of rows that repeat a cell, seed and metric that an earlier row has.
  let repeatedLines: [Int]
  /// Metrics that are written as percentages and read as shares.
  let percentMetrics: [String]
  /// Whether the table identifies runs.
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
        help: "scores are in columns such as accuracy or ood_f1, or in one named value")
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

/// A score as a table has it.
struct AuditedScore: Hashable {
  /// A share where the table has a percentage.
  let value: Double
  /// How exactly it is written: half a unit of its last digit.
  let tolerance: Double
}

/// One run of one method out of a table of results.
struct AuditedRun {
  /// Everything that runs of a cell share.
  struct Cell: Hashable {
    /// The task; with the experiment, where several experiments share a task.
    let task: String
    let model: String
    /// With the settings that vary: `lora (rank 8)`.
    let method: String
    /// As written; empty where the table has no such column.
    let shots: String

    /// Numbers of shots in their order, words after them.
    var shotsRank: (Double, String) { (Double(shots) ?? .infinity, shots) }
  }

  let cell: Cell
  /// As written, or the number of the row among those of its cell.
  let seed: String
  /// A run's key in our own tables: equal keys are one run; empty in other tables.
  let key: String
  var scores: [ResultColumn.Measure: AuditedScore]
  /// Where the run begins in the table.
  let line: Int
}

extension AuditedRun.Cell: Comparable {
  /// By task, model, method and shots; numbers in names count as numbers: rank 8 before rank 64.
  static func < (a: Self, b: Self) -> Bool {
    for (x, y) in [(a.task, b.task), (a.model, b.model), (a.method, b.method)] where x != y {
      let order = x.compare(y, options: .numeric)
      return order == .orderedSame ? x < y : order == .orderedAscending
    }
    return a.shotsRank < b.shotsRank
  }

  /// "cola, opt-125m, lora (rank 8) at 16 shots".
  var words: String {
    let place = [task, model].filter { !$0.isEmpty }.joined(separator: ", ")
    return (place.isEmpty ? "" : place + ", ") + methodWords
  }

  /// "lora (rank 8) at 16 shots".
  var methodWords: String { shots.isEmpty ? method : "\(method) at \(shots) shots" }
}

/// Distinguishes shares from percentages, and rejects what can be neither.
struct ScoreRanges {
  private struct Seen {
    var values: [(value: Double, position: SourcePosition)] = []
  }

  private var seen: [String: Seen] = [:]
  /// Metrics whose largest value is above 1 and at most 100.
  private(set) var percentMetrics: [String] = []

  /// Metrics that lie in [0, 1], and Matthews' correlation in [−1, 1].
  private static func lowest(of metric: String) -> Double? {
    if metric == "mcc" { return -1 }
    let known = ["accuracy", "f1", "precision", "recall", "auc", "exact-match"]
    return known.contains {
      metric == $0 || metric.ends(withBytes: "-\($0)") || metric.starts(withBytes: "\($0)-")
    }
      ? 0 : nil
  }

  mutating func note(_ value: Double, of metric: String, at position: SourcePosition) {
    guard Self.lowest(of: metric) != nil else { return }
    seen[metric, default: Seen()].values.append((value, position))
  }

  /// Decides for each metric whether it is written in percent.
  ///
  /// - Throws: ``Diagnostic`` FT062 at a value outside the metric's range, and where shares and
  ///   percentages are mixed.
  mutating func check() throws(Diagnostic) {
    for (metric, seen) in seen.sorted(by: { $0.key < $1.key }) {
      let above = seen.values.filter { $0.value > 1 }
      let isPercent = 2 * above.count > seen.values.count
      let lowest = (Self.lowest(of: metric) ?? 0) * (isPercent ? 100 : 1)
      for (value, position) in seen.values where value < lowest || value > 100 {
        throw Diagnostic(
          .invalidScore, at: position, "\(metric) cannot be \(value)",
          help: "it must be from \(lowest == 0 ? "0" : "−1") to 1, or to 100 in percent")
      }
      if let first = above.first, !isPercent {
        throw Diagnostic(
          .invalidScore, at: first.position,
          "this \(metric) is \(first.value), but most of the column are shares up to 1",
          help: "write all values as shares or all in percent")
      }
      if isPercent { percentMetrics.append(metric) }
    }
  }
}
