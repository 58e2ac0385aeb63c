import GRDB

/// What cells of one kind took before.
package struct Timing: Hashable, Sendable {
  /// Median wall-clock seconds.
  package let seconds: Double
  /// Results behind the median.
  package let count: Int
}

/// A kind of cell, as far as time is concerned.
package struct TimingKey: Hashable, Sendable {
  package let task: String
  package let objective: String
  package let adaptation: String
  package let shots: Int

  package init(task: String, objective: String, adaptation: String, shots: Int) {
    self.task = task
    self.objective = objective
    self.adaptation = adaptation
    self.shots = shots
  }

  package init(_ recipe: CellRecipe) {
    self.init(
      task: recipe.task, objective: recipe.objective, adaptation: recipe.adaptation,
      shots: recipe.shots)
  }
}

extension ResultStore {
  /// Median times of the cells that succeeded.
  ///
  /// - Parameter model: Only cells of the model with this fingerprint; nil means of any.
  /// - Returns: Times by kind of cell.
  /// - Throws: ``StoreError`` if the database is damaged.
  package func timings(model: String? = nil) throws(StoreError) -> [TimingKey: Timing] {
    let samples = try read { database in
      var samples: [TimingKey: [Double]] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT task, objective, adaptation, shots, seconds FROM results JOIN recipes USING (key)
          WHERE status = 'succeeded' AND (?1 IS NULL OR model = ?1) ORDER BY seconds
          """,
        arguments: [model])
      while let row = try rows.next() {
        let key = TimingKey(
          task: row[0], objective: row[1], adaptation: row[2], shots: row[3])
        samples[key, default: []].append(row[4])
      }
      return samples
    }
    return samples.mapValues { sorted in
      let middle = sorted.count / 2
      let median =
        sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      return Timing(seconds: median, count: sorted.count)
    }
  }
}
