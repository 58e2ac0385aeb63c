import GRDB

/// The tables of the results database, as the list of steps that led to them.
///
/// Steps are only ever appended: a database holds the number of steps it has been through in
/// `user_version`. They run in one immediate transaction, so two processes that open a new database
/// at once do not both create it, which `DatabaseMigrator` does not promise.
enum ResultSchema {
  /// Marks a file as ours, in SQLite's `application_id`: "ftrp".
  static let applicationID = 0x6674_7270

  static var version: Int { migrations.count }

  static let migrations = [
    """
    CREATE TABLE builds (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      source TEXT NOT NULL,
      started REAL NOT NULL,
      finished REAL,
      outcome TEXT,
      planned INTEGER NOT NULL CHECK (planned >= 0),
      cached INTEGER NOT NULL CHECK (cached BETWEEN 0 AND planned),
      CHECK ((finished IS NULL) = (outcome IS NULL))
    );
    CREATE TABLE recipes (
      key TEXT PRIMARY KEY NOT NULL CHECK (key <> ''),
      task TEXT NOT NULL,
      model TEXT NOT NULL,
      objective TEXT NOT NULL,
      adaptation TEXT NOT NULL,
      shots INTEGER NOT NULL,
      seed INTEGER NOT NULL,
      json TEXT NOT NULL CHECK (json_valid(json))
    ) WITHOUT ROWID;
    CREATE TABLE results (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL REFERENCES recipes (key),
      method TEXT NOT NULL,
      build INTEGER REFERENCES builds (id),
      recorded REAL NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('succeeded', 'diverged', 'failed')),
      seconds REAL NOT NULL,
      body BLOB NOT NULL
    );
    CREATE INDEX results_usable ON results (key, id) WHERE status <> 'failed';
    CREATE INDEX results_key ON results (key);
    CREATE INDEX recipes_place ON recipes (task, shots, seed);
    CREATE TABLE fingerprints (
      path TEXT PRIMARY KEY NOT NULL,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      digest TEXT NOT NULL CHECK (length(digest) = 64)
    ) WITHOUT ROWID;
    """
  ]

  /// Brings a database to the newest version.
  ///
  /// - Parameters:
  ///   - writer: The database.
  ///   - path: For messages.
  /// - Throws: ``StoreError`` if it is newer or not ours; a database error otherwise.
  static func migrate(_ writer: any DatabaseWriter, path: String) throws {
    let state = try writer.read(State.init)
    if state.version == version, state.application == applicationID { return }
    try writer.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        let state = try State(database)
        guard state.application == applicationID || (state.version == 0 && state.isEmpty) else {
          throw StoreError(.foreign, path: path)
        }
        guard state.version <= version else {
          throw StoreError(
            .newerVersion(found: state.version, supported: version), path: path)
        }
        for migration in migrations[state.version...] { try database.execute(sql: migration) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
        return .commit
      }
    }
  }

  private struct State {
    let version: Int
    let application: Int
    let isEmpty: Bool

    init(_ database: Database) throws {
      version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }
  }
}
