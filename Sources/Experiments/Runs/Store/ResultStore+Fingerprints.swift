import GRDB

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

  /// Stores a digest in place of what was known about the same path.
  package func remember(_ digest: String, of identity: FileIdentity) {
    let row = FingerprintRow(identity, contents: digest)
    try? write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO fingerprints \(FingerprintRow.insertion)",
        arguments: row.bindings)
    }
  }
}
