import Formats
import Foundation
import GRDB

/// A result to be stored, with its context.
package struct ResultRecord: Hashable, Sendable {
  package var result: CellResult
  package var cell: Cell
  /// What the source calls the method: `lora-r64`.
  package var method: String
  /// The build that made it, from ``ResultStore/beginBuild(of:planned:cached:at:)``.
  package var build: Int?
  /// Seconds since 1970.
  package var recorded: Double

  package init(
    _ result: CellResult, cell: Cell, method: String, build: Int? = nil, recorded: Double
  ) {
    self.result = result
    self.cell = cell
    self.method = method
    self.build = build
    self.recorded = recorded
  }
}

extension ResultStore {
  /// Stores results, all of them or none.
  ///
  /// - Precondition: Each result has its cell's key.
  /// - Throws: ``StoreError`` if the database cannot be written.
  package func append(_ records: [ResultRecord]) throws(StoreError) {
    try write { database in
      let recipe = try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO recipes \(RecipeRow.insertion)")
      let result = try database.cachedStatement(
        sql: "INSERT INTO results \(ResultRow.insertion)")
      for record in records {
        let (cell, key) = (record.cell, record.result.key)
        precondition(cell.key == key, "result \(key) for cell \(cell.key)")
        let row = ResultRow(record, id: try Self.nextID(database))
        let latest = row.status == .failed ? try Self.latestID(key, database) : row.id
        try recipe.execute(arguments: RecipeRow(cell, latest: latest).bindings)
        try result.execute(arguments: row.bindings)
      }
    }
  }

  /// The number that the next result gets: never one that a result had before.
  private static func nextID(_ database: Database) throws -> Int {
    let last = try Int.fetchOne(
      database,
      sql: """
        SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'results'), 0),
          coalesce((SELECT max(id) FROM results), 0))
        """)
    return (last ?? 0) + 1
  }

  /// The newest result of a key that did not fail.
  private static func latestID(_ key: String, _ database: Database) throws -> Int? {
    try Int.fetchOne(
      database, sql: "SELECT max(id) FROM results WHERE key = ? AND status <> 'failed'",
      arguments: [key])
  }

  /// Stores one result; see ``append(_:)``.
  ///
  /// - Throws: ``StoreError`` if the database cannot be written.
  package func append(
    _ result: CellResult, cell: Cell, method: String, build: Int? = nil, recorded: Double
  ) throws(StoreError) {
    try append([
      ResultRecord(result, cell: cell, method: method, build: build, recorded: recorded)
    ])
  }

  /// The newest result of each key that did not fail; keys without one are absent.
  ///
  /// A damaged result, and one that only a later program can read, is noted and counts as missing.
  ///
  /// - Throws: ``StoreError`` if the database itself is damaged.
  /// - Complexity: A few microseconds a key.
  package func latest(for keys: [String]) throws(StoreError) -> [String: CellResult] {
    let wanted = Set(keys)
    return try read { database in
      // Not by the largest number under a key in an index: a damaged index hides the newest result
      // and shows an older one.
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT \(RecipeRow.selection), \(ResultRow.selection)
          FROM recipes LEFT JOIN results ON results.id = recipes.latest
          WHERE recipes.key IN (SELECT value FROM json_each(?))
          """,
        arguments: [try JSONCoding.text(of: keys)])
      var results: [String: CellResult] = [:]
      while let row = try rows.next() {
        guard let recipe = RecipeRow.read(row), wanted.contains(recipe.key) else {
          self.note(.result(key: RecipeRow.name(row)))
          continue
        }
        guard let latest = recipe.latest else { continue }
        if let result = ResultRow.read(row, at: RecipeRow.width), result.id == latest,
          result.key == recipe.key
        {
          results[recipe.key] = self.decode(result)
        } else {
          self.note(.result(key: recipe.key))
        }
      }
      return results
    }
  }

  /// Every result of one key, oldest first, failed ones included; damaged ones are left out and
  /// noted.
  ///
  /// - Throws: ``StoreError`` if the database itself is damaged.
  package func history(of key: String) throws(StoreError) -> [CellResult] {
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT \(ResultRow.selection) FROM results WHERE key = ? ORDER BY id",
        arguments: [key])
    }
    return rows.compactMap { row in
      guard let result = ResultRow.read(row), result.key == key else {
        note(.result(key: key))
        return nil
      }
      return decode(result)
    }
  }

  /// The result in a row that is as it was written; nil if it cannot be read all the same.
  private func decode(_ row: ResultRow) -> CellResult? {
    let bytes = Array(row.body)
    do { return try CellResult(key: row.key, encoded: bytes) } catch {
      note(
        CellResult.isOfNewerLayout(bytes) ? .newerResult(key: row.key) : .result(key: row.key))
      return nil
    }
  }
}

/// How a stored result ended.
package enum StoredStatus: String, Hashable, Sendable, CaseIterable {
  case succeeded
  case diverged
  case failed

  init(_ status: CellResult.Status) {
    switch status {
    case .succeeded: self = .succeeded
    case .diverged: self = .diverged
    case .failed: self = .failed
    }
  }
}
