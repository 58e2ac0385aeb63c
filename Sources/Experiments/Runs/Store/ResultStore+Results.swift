import Foundation
import GRDB

/// A result about to be stored, with what is known about it besides.
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
        sql: """
          INSERT INTO recipes (key, task, model, objective, adaptation, shots, seed, json)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
          """)
      let row = try database.cachedStatement(
        sql: """
          INSERT INTO results (key, method, build, recorded, status, seconds, body)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """)
      for record in records {
        let (cell, result) = (record.cell, record.result)
        precondition(cell.key == result.key, "result \(result.key) for cell \(cell.key)")
        try recipe.execute(arguments: [
          cell.key, cell.recipe.task, cell.recipe.modelFingerprint, cell.recipe.objective,
          cell.recipe.adaptation, cell.recipe.shots, cell.recipe.seed,
          try cell.recipe.canonicalJSON(),
        ])
        try row.execute(arguments: [
          cell.key, record.method, record.build, record.recorded,
          StoredStatus(result.status).rawValue, result.seconds, Data(result.encoded()),
        ])
      }
    }
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
  /// - Throws: ``StoreError`` if the database is damaged.
  /// - Complexity: A few microseconds a key.
  package func latest(for keys: [String]) throws(StoreError) -> [String: CellResult] {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT key, body FROM results WHERE id IN (
            SELECT max(id) FROM results
            WHERE status <> 'failed' AND key IN (SELECT value FROM json_each(?)) GROUP BY key)
          """,
        arguments: [try JSON.text(of: keys)])
      var results: [String: CellResult] = [:]
      while let row = try rows.next() {
        let key: String = row[0]
        results[key] = try self.decode(row[1], key: key)
      }
      return results
    }
  }

  /// Every result of one key, oldest first, failed ones included.
  ///
  /// - Throws: ``StoreError`` if the database is damaged.
  package func history(of key: String) throws(StoreError) -> [CellResult] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT body FROM results WHERE key = ? ORDER BY id", arguments: [key]
      ).map { try self.decode($0[0], key: key) }
    }
  }

  func decode(_ body: Data, key: String) throws(StoreError) -> CellResult {
    do { return try CellResult(key: key, encoded: Array(body)) } catch {
      throw StoreError(.corrupt("the result of \(key) cannot be decoded"), path: path)
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

/// JSON in the form in which it is stored and compared.
enum JSON {
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension CellRecipe {
  /// JSON with sorted keys.
  func canonicalJSON() throws -> String { try JSON.text(of: self) }
}
