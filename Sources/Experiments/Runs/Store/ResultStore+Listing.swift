import GRDB

/// One stored result as a line of a list.
package struct StoredResult: Hashable, Sendable {
  package let id: Int
  package let key: String
  package let task: String
  package let model: String
  package let method: String
  package let shots: Int
  package let seed: Int
  /// Which of the sample's initializations; nil where the seed decides them as well.
  package let initSeed: Int?
  package let status: StoredStatus
  /// Wall-clock seconds of the cell.
  package let seconds: Double
  /// Size in the database.
  package let bytes: Int
  /// Seconds since 1970.
  package let recorded: Double
}

extension ResultStore {
  /// Stored results, newest first; damaged ones are left out and noted.
  ///
  /// - Parameters:
  ///   - keyPrefix: Only keys with this prefix.
  ///   - task: Only this task; nil means all.
  ///   - limit: At most this many; nil means all.
  /// - Returns: One value a stored result.
  /// - Throws: ``StoreError`` if the database itself is damaged.
  package func list(
    keyPrefix: String = "", task: String? = nil, limit: Int? = nil
  ) throws(StoreError) -> [StoredResult] {
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(ResultRow.selection), \(RecipeRow.selection)
          FROM results LEFT JOIN recipes USING (key)
          WHERE substr(results.key, 1, length(?1)) = ?1 AND (?2 IS NULL OR task = ?2)
          ORDER BY id DESC LIMIT ?3
          """,
        arguments: [keyPrefix, task, limit ?? -1])
    }
    return rows.compactMap { row in
      guard let result = ResultRow.read(row), let recipe = RecipeRow.read(row, at: ResultRow.width)
      else {
        note(.result(key: ResultRow.name(row, at: 1)))
        return nil
      }
      return StoredResult(
        id: result.id, key: result.key, task: recipe.task, model: recipe.model,
        method: result.method, shots: recipe.shots, seed: recipe.seed,
        initSeed: recipe.initSeed, status: result.status,
        seconds: result.seconds, bytes: result.body.count, recorded: result.recorded)
    }
  }
}

/// What cells of one kind took before.
package struct Timing: Hashable, Sendable {
  /// Median wall-clock seconds.
  package let seconds: Double
  /// Results that the median is of.
  package let count: Int
}

/// Cells that take about the same time.
package struct TimingKey: Hashable, Sendable {
  package let task: String
  package let objective: String
  package let adaptation: String
  package let shots: Int
  /// The rung of a search that a trial belongs to; nil for a training on the whole sample.
  package let rung: Int?

  package init(
    task: String, objective: String, adaptation: String, shots: Int, rung: Int? = nil
  ) {
    self.task = task
    self.objective = objective
    self.adaptation = adaptation
    self.shots = shots
    self.rung = rung
  }

  package init(_ recipe: CellRecipe) {
    self.init(
      task: recipe.task, objective: recipe.objective, adaptation: recipe.adaptation,
      shots: recipe.shots, rung: recipe.search?.trial?.rung)
  }
}

extension ResultStore {
  /// Median times of the cells that succeeded, without those of damaged rows.
  ///
  /// - Parameter model: Only cells of the model with this fingerprint; nil means of any.
  /// - Returns: Times by kind of cell.
  /// - Throws: ``StoreError`` if the database itself is damaged.
  package func timings(model: String? = nil) throws(StoreError) -> [TimingKey: Timing] {
    let samples = try read { database in
      var samples: [TimingKey: [Double]] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT \(ResultRow.selection), \(RecipeRow.selection)
          FROM results JOIN recipes USING (key)
          WHERE status = 'succeeded' AND (?1 IS NULL OR model = ?1) ORDER BY seconds
          """,
        arguments: [model])
      while let row = try rows.next() {
        guard let result = ResultRow.read(row),
          let recipe = RecipeRow.read(row, at: ResultRow.width)
        else { continue }
        let key = TimingKey(
          task: recipe.task, objective: recipe.objective, adaptation: recipe.adaptation,
          shots: recipe.shots, rung: recipe.rung)
        samples[key, default: []].append(result.seconds)
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
