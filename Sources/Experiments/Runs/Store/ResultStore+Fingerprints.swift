import GRDB

extension ResultStore: FingerprintCache {
  /// The stored digest of a file with exactly this size, time and inode.
  ///
  /// A database that cannot be read counts as one that knows nothing; the file is hashed again.
  package func digest(of identity: FileIdentity) -> String? {
    try? read { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT digest FROM fingerprints
          WHERE path = ? AND size = ? AND modified = ? AND inode = ?
          """,
        arguments: [identity.path, identity.size, identity.modified, identity.inode])
    }
  }

  /// Stores a digest in place of what was known about the same path.
  package func remember(_ digest: String, of identity: FileIdentity) {
    try? write { database in
      try database.execute(
        sql: """
          INSERT INTO fingerprints (path, size, modified, inode, digest) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified = excluded.modified,
            inode = excluded.inode, digest = excluded.digest
          """,
        arguments: [
          identity.path, identity.size, identity.modified, identity.inode, digest,
        ])
    }
  }
}
