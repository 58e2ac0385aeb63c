import GRDB

/// One build of a source.
package struct BuildRecord: Hashable, Sendable {
  package let id: Int
  package let source: String
  /// Seconds since 1970.
  package let started: Double
  /// Seconds since 1970; nil while it runs, or if it was killed.
  package let finished: Double?
  /// How it ended, in the words of ``ResultStore/finishBuild(_:outcome:at:)``.
  package let outcome: String?
  /// Cells in the plan.
  package let planned: Int
  /// Cells of the plan that already had a result.
  package let cached: Int
}

extension ResultStore {
  /// Notes that a build begins.
  ///
  /// - Parameters:
  ///   - source: What is built.
  ///   - planned: Cells in the plan.
  ///   - cached: Cells of the plan that already have a result.
  ///   - time: Seconds since 1970.
  /// - Returns: The build's number, which its results refer to.
  /// - Throws: ``StoreError`` if the database cannot be written.
  package func beginBuild(
    of source: String, planned: Int, cached: Int, at time: Double
  ) throws(StoreError) -> Int {
    try write { database in
      try database.execute(
        sql: "INSERT INTO builds (source, started, planned, cached) VALUES (?, ?, ?, ?)",
        arguments: [source, time, planned, cached])
      return Int(database.lastInsertedRowID)
    }
  }

  /// Notes how a build ended.
  ///
  /// - Throws: ``StoreError`` if the database cannot be written.
  package func finishBuild(
    _ build: Int, outcome: String, at time: Double
  ) throws(StoreError) {
    try write { database in
      try database.execute(
        sql: "UPDATE builds SET finished = ?, outcome = ? WHERE id = ?",
        arguments: [time, outcome, build])
    }
  }

  /// The last builds, newest first.
  ///
  /// - Throws: ``StoreError`` if the database is damaged.
  package func builds(limit: Int) throws(StoreError) -> [BuildRecord] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM builds ORDER BY id DESC LIMIT ?", arguments: [limit]
      ).map { row in
        BuildRecord(
          id: row["id"], source: row["source"], started: row["started"],
          finished: row["finished"], outcome: row["outcome"], planned: row["planned"],
          cached: row["cached"])
      }
    }
  }
}
