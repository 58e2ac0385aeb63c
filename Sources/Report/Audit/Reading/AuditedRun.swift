import Foundation

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

    /// Numbers of shots in their order, words behind them.
    var shotsRank: (Double, String) { (Double(shots) ?? .infinity, shots) }
  }

  let cell: Cell
  /// As written, or the number of the row among those of its cell.
  let seed: String
  /// What our own tables call a run: equal keys are one run; empty in other tables.
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
