package import Foundation
import GRDB

/// Every result ever made here, in an SQLite database.
///
/// Results are only appended: running a cell again adds a row, and the newest row that did not fail
/// is the cell's result. Several processes may use one database at once; writers wait for each
/// other. Times are seconds since 1970, given by the caller.
package final class ResultStore: Sendable {
  /// Where the database is, for messages.
  package let path: String
  private let database: any DatabaseWriter

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

  /// Gives the space of deleted rows back to the file system.
  func vacuum() throws(StoreError) {
    do { try database.vacuum() } catch { throw StoreError(error, path: path) }
  }
}

extension StoreError {
  fileprivate init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError:
      let detail = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: self.init(.corrupt(detail), path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, path: path)
      default: self.init(.unusable(detail), path: path)
      }
    default: self.init(.unusable(error.localizedDescription), path: path)
    }
  }
}
