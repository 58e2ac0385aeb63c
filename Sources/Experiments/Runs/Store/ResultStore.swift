package import Foundation
import GRDB
import Synchronization

/// Every result ever made here, in an SQLite database.
///
/// Results are only appended: running a cell again adds a row, and the newest row that did not fail
/// is the cell's result. Several processes may use one database at once; writers wait for each
/// other. Times are seconds since 1970, given by the caller.
///
/// Every row that is read has a digest, so that a bit that changed on the disk does not change a
/// number: what is damaged counts as missing and is noted, see ``takeDamage()``.
package final class ResultStore: Sendable {
  /// Where the database is, for messages.
  package let path: String
  private let database: any DatabaseWriter
  private let damage = Mutex<Set<StoreDamage>>([])

  /// How long a writer waits for another process, in seconds.
  private static let patience = 60.0
  /// Seconds between two attempts to open.
  private static let openingPause = 0.05

  /// Opens the database at `url`, creating it and its folder if need be.
  ///
  /// - Throws: ``StoreError`` if it is damaged, of a newer version or cannot be used.
  package convenience init(at url: URL) throws(StoreError) {
    try self.init(path: url.path) {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      return try DatabasePool(path: url.path, configuration: Self.configuration)
    }
  }

  /// A database that lives as long as this value, for tests and for runs that leave no trace.
  ///
  /// - Throws: ``StoreError`` if SQLite itself is unusable.
  package static func inMemory() throws(StoreError) -> ResultStore {
    try ResultStore(path: ":memory:") { try DatabaseQueue(configuration: configuration) }
  }

  private init(path: String, open: () throws -> any DatabaseWriter) throws(StoreError) {
    self.path = path
    database = try Self.retryingWhileBusy(path: path) {
      let database = try open()
      try ResultSchema.migrate(database, path: path)
      return database
    }
  }

  /// Opens once more while another process is creating the same database.
  ///
  /// SQLite answers "busy" at once, whatever the patience, when two processes switch a new database
  /// to its log or upgrade a read lock to create the same tables.
  private static func retryingWhileBusy(
    path: String, _ open: () throws -> any DatabaseWriter
  ) throws(StoreError) -> any DatabaseWriter {
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      do {
        return try open()
      } catch {
        let problem = StoreError(error, path: path)
        guard problem.reason == .busy, .now < deadline else { throw problem }
        Thread.sleep(forTimeInterval: openingPause)
      }
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.label = "results"
    return configuration
  }

  /// Runs `body` on a snapshot of the database.
  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try database.read(body) } catch { throw StoreError(error, path: path) }
  }

  /// Runs `body` in one transaction, which is undone if it throws.
  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try database.writeWithoutTransaction { database in
        var result: T?
        // Taking the write lock at once waits for other processes; upgrading a read lock would fail.
        try database.inTransaction(.immediate) {
          result = try body(database)
          return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return result
      }
    } catch { throw StoreError(error, path: path) }
  }

  /// What was found damaged since the last call, in no order.
  package func takeDamage() -> Set<StoreDamage> {
    damage.withLock { found in
      defer { found = [] }
      return found
    }
  }

  /// The keys of results found damaged, or of a later program, since ``takeDamage()``.
  package var damagedKeys: Set<String> {
    damage.withLock { found in
      Set(
        found.compactMap {
          switch $0 {
          case .result(let key), .newerResult(let key): key
          case .fingerprint: nil
          }
        })
    }
  }

  func note(_ found: StoreDamage) {
    damage.withLock { _ = $0.insert(found) }
  }
}

extension ResultStore {
  /// Records that a build begins.
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
}

extension StoreError {
  fileprivate init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError:
      let detail = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      // Our statements are right, so one that SQLite cannot make sense of means a damaged schema.
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR:
        self.init(.corrupt(detail), path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, path: path)
      default: self.init(.unusable(detail), path: path)
      }
    default: self.init(.unusable(error.localizedDescription), path: path)
    }
  }
}

extension ResultStore: FingerprintCache {
  /// The stored digest of a file with exactly this identity.
  ///
  /// A database that cannot be read counts as one that knows nothing; the file is read again.
  package func digest(of identity: FileIdentity) -> String? {
    let row = try? read { database in
      try Row.fetchOne(
        database, sql: "SELECT \(FingerprintRow.selection) FROM fingerprints WHERE path = ?",
        arguments: [identity.path])
    }
    guard let row else { return nil }
    guard let known = FingerprintRow.read(row) else {
      note(.fingerprint(path: identity.path))
      return nil
    }
    return known.file == identity ? known.contents : nil
  }

  /// Stores a digest, replacing an older one of the same path.
  package func remember(_ digest: String, of identity: FileIdentity) {
    let row = FingerprintRow(identity, contents: digest)
    try? write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO fingerprints \(FingerprintRow.insertion)",
        arguments: row.bindings)
    }
  }
}
