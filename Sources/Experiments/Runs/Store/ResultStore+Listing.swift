import Foundation
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
  package let status: StoredStatus
  /// Wall-clock seconds of the cell.
  package let seconds: Double
  /// Size in the database.
  package let bytes: Int
  /// Seconds since 1970.
  package let recorded: Double
}

/// What a verification found.
package struct StoreReport: Hashable, Sendable {
  package let results: Int
  /// Empty when everything is in order.
  package let problems: [String]
}

extension ResultStore {
  /// Stored results, newest first.
  ///
  /// - Parameters:
  ///   - keyPrefix: Only keys that begin like this.
  ///   - task: Only this task; nil means all.
  ///   - limit: At most so many; nil means all.
  /// - Returns: One value a stored result.
  /// - Throws: ``StoreError`` if the database is damaged.
  package func list(
    keyPrefix: String = "", task: String? = nil, limit: Int? = nil
  ) throws(StoreError) -> [StoredResult] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT results.*, task, model, shots, seed, length(body) AS bytes
          FROM results JOIN recipes USING (key)
          WHERE substr(key, 1, length(?1)) = ?1 AND (?2 IS NULL OR task = ?2)
          ORDER BY id DESC LIMIT ?3
          """,
        arguments: [keyPrefix, task, limit ?? -1]
      ).map { row in
        StoredResult(
          id: row["id"], key: row["key"], task: row["task"], model: row["model"],
          method: row["method"], shots: row["shots"], seed: row["seed"],
          status: StoredStatus(rawValue: row["status"]) ?? .failed, seconds: row["seconds"],
          bytes: row["bytes"], recorded: row["recorded"])
      }
    }
  }

  /// Checks the database's structure and decodes every result.
  ///
  /// - Throws: ``StoreError`` if it is too damaged to be read at all.
  package func verify() throws(StoreError) -> StoreReport {
    try read { database in
      var problems = try String.fetchAll(database, sql: "PRAGMA integrity_check")
        .filter { $0 != "ok" }
      problems += try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
        .map { "a row of \($0["table"] as String) refers to nothing" }
      let rows = try Row.fetchCursor(database, sql: "SELECT key, body FROM results ORDER BY id")
      var count = 0
      while let row = try rows.next() {
        count += 1
        do throws(StoreError) {
          _ = try self.decode(row[1], key: row[0])
        } catch { problems.append(error.message) }
      }
      return StoreReport(results: count, problems: problems)
    }
  }

  /// Deletes every result but the newest usable one of each key to keep, and recipes left over.
  ///
  /// - Parameter keys: Keys whose newest result stays.
  /// - Returns: How many results were deleted.
  /// - Throws: ``StoreError`` if the database cannot be written.
  package func removeResults(exceptLatestOf keys: [String]) throws(StoreError) -> Int {
    let removed = try write { database in
      try database.execute(
        sql: """
          DELETE FROM results WHERE id NOT IN (
            SELECT max(id) FROM results
            WHERE status <> 'failed' AND key IN (SELECT value FROM json_each(?)) GROUP BY key)
          """,
        arguments: [try JSON.text(of: keys)])
      let removed = database.changesCount
      try database.execute(
        sql: "DELETE FROM recipes WHERE key NOT IN (SELECT key FROM results)")
      return removed
    }
    try vacuum()
    return removed
  }
}
