import GRDB

/// The tables of the results database, as the list of steps that led to them.
///
/// Steps are only appended: a database stores the number of steps that it has taken in
/// `user_version`. They run in one immediate transaction, so two processes that open a new database
/// at once do not both create it, which `DatabaseMigrator` does not promise.
enum ResultSchema {
  /// Marks a file as ours, in SQLite's `application_id`: "ftrp".
  static let applicationID = 0x6674_7270

  static var version: Int { migrations.count }

  static let migrations: [@Sendable (Database) throws -> Void] = [
    { try $0.execute(sql: firstTables) },
    addDigests,
  ]

  private static let firstTables = """
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

  /// Gives every row a digest, and recipes the result that counts.
  ///
  /// Rows from before are taken as they are. What was known of files lacked two times and is
  /// forgotten.
  @Sendable private static func addDigests(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE recipes ADD COLUMN latest INTEGER;
        ALTER TABLE recipes ADD COLUMN sha256 BLOB NOT NULL DEFAULT x'';
        ALTER TABLE results ADD COLUMN sha256 BLOB NOT NULL DEFAULT x'';
        UPDATE recipes SET latest = (
          SELECT max(id) FROM results WHERE results.key = recipes.key AND status <> 'failed');
        DROP INDEX results_usable;
        DROP TABLE fingerprints;
        CREATE TABLE fingerprints (
          path TEXT PRIMARY KEY NOT NULL,
          size INTEGER NOT NULL,
          modified INTEGER NOT NULL,
          changed INTEGER NOT NULL,
          inode INTEGER NOT NULL,
          device INTEGER NOT NULL,
          digest TEXT NOT NULL CHECK (length(digest) = 64),
          sha256 BLOB NOT NULL
        ) WITHOUT ROWID;
        """)
    try digest(
      "results", columns: "id, key, method, build, recorded, status, seconds, body", database)
    try digest(
      "recipes", columns: "key, task, model, objective, adaptation, shots, seed, json, latest",
      database)
  }

  /// Writes the digest of every row of a table whose first column names the row.
  private static func digest(_ table: String, columns: String, _ database: Database) throws {
    let name = columns.prefix { $0 != "," }
    let update = try database.makeStatement(
      sql: "UPDATE \(table) SET sha256 = ? WHERE \(name) = ?")
    for row in try Row.fetchAll(database, sql: "SELECT \(columns) FROM \(table)") {
      let values = Array(row.databaseValues)
      try update.execute(arguments: [RowDigest.of(values), values[0]])
    }
  }

  /// Migrates a database to the newest version.
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
        for migration in migrations[state.version...] { try migration(database) }
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
